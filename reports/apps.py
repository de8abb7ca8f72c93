from django.apps import AppConfig
from django.conf import settings


class ReportsConfig(AppConfig):
    """What people read: dashboard, project pages and the annual report."""

    name = "reports"
    verbose_name = "報告"

    def ready(self) -> None:
        """Stop the start, as the settings do, if an office's Word template lacks something."""
        if settings.REPORT_TEMPLATE:
            from reports.renderers.docx.template import open_template  # noqa: PLC0415 (heavy)

            open_template()
