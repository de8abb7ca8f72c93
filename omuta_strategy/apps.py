from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from omuta_strategy import libraries

# While Django loads the apps' packages, of which this is before those libraries'.
libraries.load()


class RootConfig(AppConfig):
    """The root, which may know all rooms: the roles' permissions lie across them."""

    name = "omuta_strategy"
    verbose_name = "設定"

    def ready(self) -> None:
        from omuta_strategy import login_log  # noqa: PLC0415 - needs the models
        from omuta_strategy.roles import refresh_roles  # noqa: PLC0415 - needs the models

        # This room has no tables, so Django sends no signal for it: the Groups' own room has.
        post_migrate.connect(refresh_roles, sender=apps.get_app_config("auth"))
        login_log.listen()
