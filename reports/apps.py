from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What people read: dashboard, project pages and the annual report."""

    name = "reports"
    verbose_name = "報告"
