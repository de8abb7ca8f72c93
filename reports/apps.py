from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    """What people read: dashboard, project pages and the annual report."""

    name = "reports"
    verbose_name = "報告"

    def ready(self) -> None:
        """Keep what is reported of years that are closed, and seal closing and reopening.

        Stop the start, as the settings do, if an office's Word template lacks something.
        """
        from kpis.recording.closing import when_closed  # noqa: PLC0415 - needs the models
        from reports.annual.kept import keep_contents, keep_missing  # noqa: PLC0415
        from reports.annual.law import refuse_other_contents  # noqa: PLC0415
        from reports.seals import seal_closing  # noqa: PLC0415

        when_closed.extend([keep_contents, refuse_other_contents, seal_closing])
        post_migrate.connect(keep_missing, sender=self)
        if settings.REPORT_TEMPLATE:
            from reports.renderers.docx.template import open_template  # noqa: PLC0415 (heavy)

            open_template()
