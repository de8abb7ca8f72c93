from django.apps import AppConfig
from django.conf import settings


class ReportsConfig(AppConfig):
    """What people read: dashboard, project pages and the annual report."""

    name = "reports"
    verbose_name = "報告"

    def ready(self) -> None:
        """Seal what is recorded whenever a year is closed or reopened.

        Stop the start, as the settings do, if an office's Word template lacks something.
        """
        from kpis.recording.closing import when_closed  # noqa: PLC0415 - needs the models
        from reports.seals import seal_closing  # noqa: PLC0415

        when_closed.append(seal_closing)
        if settings.REPORT_TEMPLATE:
            from reports.renderers.docx.template import open_template  # noqa: PLC0415 (heavy)

            open_template()
