from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The numbers: KPIs, targets, actuals and their rates."""

    name = "kpis"
    verbose_name = "指標と実績"

    def ready(self) -> None:
        """Judge periods and projects by the figures too, of which `projects` knows nothing."""
        from kpis import rules, sharing  # noqa: PLC0415 - needs the models
        from projects.models import Project, Strategy  # noqa: PLC0415

        Strategy.period_checks.append(rules.check_period)
        Strategy.period_checks.append(sharing.check_period)
        Project.deletion_checks.append(rules.check_project_deletable)
