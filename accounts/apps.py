from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    """Who uses it: logging in, passwords, people and their roles, and who did what."""

    name = "accounts"
    verbose_name = "利用者"

    def ready(self) -> None:
        """Watch logins and accounts; before axes does, which says then who is locked out."""
        from accounts import checks  # noqa: F401, PLC0415 - registers them
        from accounts.audit.watching import note_lock_out, watch_accounts  # noqa: PLC0415
        from accounts.login import remember_login  # noqa: PLC0415

        watch_accounts()
        user_logged_in.connect(remember_login, dispatch_uid="the session's 12 hours")

        from axes.signals import user_locked_out  # noqa: PLC0415 - connects axes's own receivers

        user_locked_out.connect(note_lock_out, dispatch_uid="audit lock-out")
