"""The demo of changing a plan: one that is made up, beside the real one, which nothing touches."""

from decimal import Decimal

from django.contrib.auth.models import User

from entry.plan_file.fixture import find_fixture, read_rows
from entry.plan_file.loading import save_plan
from kpis.models import ActualState, FinalTarget, Kpi
from kpis.plan_changes.lives import add_kpi, replace_kpi
from kpis.recording import ActualEntry, record_actual

PLAN = "mihon-changes"
_FIXTURE = "demo_changes"
_MEASURED = {1: {2024: "12", 2025: "19"}, 2: {2024: "61.5", 2025: "63.0"}}


def show_changes(planner: User, reason: str) -> None:
    """Make the plan, in preparation: a revised target, a KPI replaced, and one added later."""
    plan = save_plan(PLAN, read_rows(find_fixture(_FIXTURE)), user=planner, reason=reason)
    kpis = {kpi.number: kpi for kpi in Kpi.objects.filter(project__strategy=plan)}
    for number, years in _MEASURED.items():
        for year, value in years.items():
            entry = ActualEntry(ActualState.FINAL, Decimal(value))
            record_actual(kpis[number], year, entry, user=planner, version=0, reason=reason)
    project = plan.projects.get()
    by_survey = Kpi(
        project=project,
        number=2,
        name="市民意識調査での満足度（架空）",
        unit="%",
        decimal_places=1,
        department=kpis[2].department,
    )
    replace_kpi(
        kpis[2],
        2025,
        by_survey,
        user=planner,
        reason="窓口での調査をやめ、市民意識調査に改めたため（架空）",
        target=FinalTarget(value=Decimal(70)),
    )
    added = Kpi(
        project=project,
        number=3,
        name="移住相談の件数（架空）",
        unit="件",
        aggregation="cumulative",
        department=kpis[2].department,
        first_year=2026,
    )
    add_kpi(
        added,
        user=planner,
        reason="移住の窓口を設けたため（架空）",
        target=FinalTarget(value=Decimal(30)),
    )
