from django.apps import AppConfig


class EntryConfig(AppConfig):
    """The way in: entry pages, files in and out, reminders, closing, who owns what."""

    name = "entry"
    verbose_name = "入力"

    def ready(self) -> None:
        """Register the checks."""
        from entry import checks  # noqa: F401, PLC0415 - needs the models
