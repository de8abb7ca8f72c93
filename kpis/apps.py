from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The numbers: KPIs, targets, actuals and their rates."""

    name = "kpis"
    verbose_name = "指標と実績"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Judge a plan's period and its projects by the KPIs, of which `projects` knows nothing."""
        from kpis.rules import check_period, check_project_deletable  # noqa: PLC0415 - models
        from projects.models import Project, Strategy  # noqa: PLC0415

        Strategy.period_checks.append(check_period)
        Project.deletion_checks.append(check_project_deletable)
