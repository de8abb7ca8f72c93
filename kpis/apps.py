from django.apps import AppConfig


class KpisConfig(AppConfig):
    """The numbers: KPIs, targets, actuals and their rates."""

    name = "kpis"
    verbose_name = "指標と実績"

    def ready(self) -> None:
        """Say what `projects` can't know: what figures forbid, and who sees which plan."""
        from kpis import plan_pages, project_rules, rules, sharing  # noqa: PLC0415 - needs the models
        from kpis.reorganisation import check_owns_nothing  # noqa: PLC0415
        from projects.models import Department, Project, Strategy  # noqa: PLC0415
        from projects.plans import PlansOf  # noqa: PLC0415

        Strategy.period_checks.append(rules.check_period)
        Strategy.period_checks.append(sharing.check_period)
        Department.ending_checks.append(check_owns_nothing)
        Project.change_checks.append(project_rules.check_project_place)
        Project.deletion_checks.append(project_rules.check_project_deletable)
        PlansOf.seen, PlansOf.home = plan_pages.plans_of, plan_pages.home_plan
