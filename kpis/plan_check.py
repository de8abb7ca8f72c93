"""What of a plan's KPIs the database can't guarantee: `kpis.rules`, asked of all that stands.

Every problem is a Japanese sentence that names the place. The plan's own side is in
`projects.plan_check`; what is only not set yet, in `kpis.plan_notices`.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F

from kpis import rules, sharing
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from projects.models import InitiativeListing, Strategy
from projects.plan_check import check_plan, field_problems, told
from projects.rules import Fault


def check_everything(strategy: Strategy) -> list[str]:
    """All problems of a strategy, the plan's and the KPIs'; empty when there are none."""
    return [*check_plan(strategy), *check_kpis(strategy)]


def check_kpis(strategy: Strategy) -> list[str]:
    """Everything that is wrong with a strategy's KPIs, targets and actuals."""
    kpis = list(
        Kpi.objects.filter(project__strategy=strategy).select_related(
            "project__strategy",
            "carried_from__project__strategy",
            "source__project__strategy",
            "source__source__project__strategy",
        )
    )
    in_plan = {"kpi__project__strategy": strategy}
    related = "kpi__project__strategy"
    final_targets = list(FinalTarget.objects.filter(**in_plan).select_related(related))
    yearly_targets = list(YearlyTarget.objects.filter(**in_plan).select_related(related))
    actuals = list(YearlyActual.objects.filter(**in_plan).select_related(related))
    finals: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    years: defaultdict[int, list[int]] = defaultdict(list)
    for target in final_targets:
        years[target.kpi_id].append(target.effective_from)
        if target.value is not None:
            finals[target.kpi_id].append((target.effective_from, target.value))
    found = [
        *((kpi, [*rules.baseline_faults(kpi), *rules.carried_from_faults(kpi)]) for kpi in kpis),
        *((kpi, sharing.source_faults(kpi)) for kpi in kpis),
        *((one, rules.final_target_faults(one, years[one.kpi_id])) for one in final_targets),
        *(
            (one, [*rules.yearly_target_faults(one), *_passing(one, finals[one.kpi_id])])
            for one in yearly_targets
        ),
        *((actual, rules.actual_faults(actual)) for actual in actuals),
    ]
    words = strategy.words
    return [
        *field_problems([*kpis, *final_targets, *yearly_targets, *actuals], words),
        *told(found, words),
    ]


def _passing(target: YearlyTarget, final_targets: list[tuple[int, Decimal]]) -> Iterator[Fault]:
    return rules.passing_faults(target.kpi, final_targets, [(target.fiscal_year, target.value)])


def counts_text(strategy: Strategy) -> str:
    """`柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16`."""
    listings = InitiativeListing.objects.filter(project__strategy=strategy)
    relisted = listings.exclude(project=F("initiative__home_project"))
    kpis = Kpi.objects.filter(project__strategy=strategy)
    words = strategy.words
    return (
        f"{words.put('柱')}{strategy.pillars.count()}、{words.project}{strategy.projects.count()}、"
        f"{words.initiative}{strategy.initiatives.count()}、"
        f"掲載{listings.count()}（うち再掲{relisted.count()}）、{words.kpi}{kpis.count()}"
    )
