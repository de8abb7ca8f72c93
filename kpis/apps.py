from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The numbers: KPIs, targets, actuals and their rates."""

    name = "kpis"
    verbose_name = "指標と実績"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Judge a plan's period by the actuals too, of which `projects` knows nothing."""
        from kpis.rules import check_period  # noqa: PLC0415 - needs the models
        from projects.models import Strategy  # noqa: PLC0415

        Strategy.period_checks.append(check_period)
