"""What of a plan's KPIs the database can't guarantee: their rules, asked of all that stands.

Every problem is a Japanese sentence that names the place. The plan's own side is in
`projects.plan_check`; what is only not set yet, in `kpis.plan_notices`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db.models import F, prefetch_related_objects

from kpis import rules, sharing
from kpis.life_rules import own_rules_faults, same_place_faults, successor_faults
from kpis.models import FinalTarget, Kpi, KpiRatingRules, YearlyActual, YearlyTarget
from kpis.recording.outside_life import outside_life
from kpis.target_rules import (
    Aims,
    final_target_faults,
    last_year_in,
    together_faults,
    yearly_target_faults,
)
from projects.goals import GOALS
from projects.models import InitiativeListing, Strategy
from projects.plan_check import check_plan, field_problems, told
from projects.rules import Fault, life_faults, terms_faults


def check_everything(strategy: Strategy) -> list[str]:
    """All problems of a strategy, the plan's and the KPIs'; empty when there are none."""
    return [*check_plan(strategy), *check_kpis(strategy)]


def check_kpis(strategy: Strategy) -> list[str]:
    """Everything that is wrong with a strategy's KPIs, targets and actuals."""
    kpis = list(
        Kpi.objects.filter(project__strategy=strategy).select_related(
            "project__strategy",
            "carried_from__project__strategy",
            "successor_of__project",
            "source__project__strategy",
            "source__source__project__strategy",
        )
    )
    prefetch_related_objects(kpis, "former_places")
    in_plan = {"kpi__project__strategy": strategy}
    related = "kpi__project__strategy"
    final_targets = list(FinalTarget.objects.filter(**in_plan).select_related(related))
    yearly_targets = list(YearlyTarget.objects.filter(**in_plan).select_related(related))
    own_rules = list(KpiRatingRules.objects.filter(**in_plan).select_related(related))
    actuals = list(YearlyActual.objects.filter(**in_plan).select_related(related))
    all_aims = _aims(kpis, final_targets, yearly_targets, last_year_in(strategy))
    found = [
        *((kpi, [*rules.baseline_faults(kpi), *rules.carried_from_faults(kpi)]) for kpi in kpis),
        *((kpi, [*life_faults(kpi, strategy), *successor_faults(kpi)]) for kpi in kpis),
        *same_place_faults(kpis),
        *((kpi, sharing.source_faults(kpi)) for kpi in kpis),
        *((one, final_target_faults(one, all_aims[one.kpi_id])) for one in final_targets),
        *((one, yearly_target_faults(one, all_aims[one.kpi_id])) for one in yearly_targets),
        *((one, [*own_rules_faults(one), *terms_faults(one)]) for one in own_rules),
        *((aims.kpi, together_faults(aims)) for aims in all_aims.values()),
        *((actual, [*rules.actual_faults(actual), *_outside(actual)]) for actual in actuals),
    ]
    words = strategy.words
    return [
        *field_problems([*kpis, *final_targets, *yearly_targets, *own_rules, *actuals], words),
        *told(found, words),
    ]


def _aims(
    kpis: Iterable[Kpi],
    finals: Iterable[FinalTarget],
    yearly: Iterable[YearlyTarget],
    last_in: Callable[[int], int],
) -> dict[int, Aims]:
    """The targets of each KPI, by its id."""
    of_kpi: defaultdict[int, tuple[list[FinalTarget], list[YearlyTarget]]] = defaultdict(
        lambda: ([], [])
    )
    for final in finals:
        of_kpi[final.kpi_id][0].append(final)
    for one in yearly:
        of_kpi[one.kpi_id][1].append(one)
    return {
        kpi.pk: Aims(kpi, tuple(of_kpi[kpi.pk][0]), tuple(of_kpi[kpi.pk][1]), last_in)
        for kpi in kpis
    }


def _outside(actual: YearlyActual) -> Iterator[Fault]:
    """A year in which the KPI is not in the plan."""
    problem = outside_life(actual.kpi, actual.fiscal_year)
    if problem:
        yield Fault("fiscal_year", problem)


def counts_text(strategy: Strategy) -> str:
    """`柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16`."""
    listings = InitiativeListing.objects.filter(project__strategy=strategy)
    relisted = listings.exclude(project=F("initiative__home_project"))
    kpis = Kpi.objects.filter(project__strategy=strategy)
    goals = kpis.filter(project__holds_goals=True).count()
    projects = strategy.projects.filter(holds_goals=False)
    words = strategy.words
    return (
        f"{words.put('柱')}{strategy.pillars.count()}、{words.project}{projects.count()}、"
        f"{words.initiative}{strategy.initiatives.count()}、"
        f"掲載{listings.count()}（うち再掲{relisted.count()}）、{words.kpi}{kpis.count() - goals}"
        + (f"、{GOALS}{goals}" if goals else "")
    )
