"""Which KPIs' ratings people have still to propose, or to decide."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from kpis.definition import scale_of
from kpis.models import KpiRatingRules
from kpis.open_work.lines import RatingWork
from kpis.plan_rules import own_scales, rules_of
from projects.models import RatingRules, Strategy
from projects.scales import Method

# Of a KPI, whether people rate it in some year: all but few plans are done with that.
EVER_BY_PEOPLE: Any = ExpressionWrapper(
    Q(project__strategy__rating_method=Method.PEOPLE)
    | Q(
        Exists(
            RatingRules.objects.filter(
                strategy=OuterRef("project__strategy"), rating_method=Method.PEOPLE
            )
        )
    )
    | Q(Exists(KpiRatingRules.objects.filter(kpi=OuterRef("pk"), rating_method=Method.PEOPLE))),
    output_field=BooleanField(),
)

# The places proposed and decided, of a KPI (by id) in a year.
Judged = Mapping[tuple[int, int], tuple[int | None, int | None]]


def rating_work(
    years: Mapping[Strategy, int], kpis: Mapping[int, int], judged: Judged
) -> dict[int, RatingWork]:
    """What is still to do for some KPIs (their plan's id by their own), each in its plan's year.

    Two queries, none without KPIs. The periods of the plans don't matter here.
    """
    if not kpis:
        return {}
    plans = {plan.pk: plan for plan in years if plan.pk in set(kpis.values())}
    changes: defaultdict[int, list[RatingRules]] = defaultdict(list)
    for row in RatingRules.objects.filter(strategy__in=plans).order_by("effective_from"):
        changes[row.strategy_id].append(row)
    rules = {pk: rules_of(plan, changes[pk], ()).in_year(years[plan]) for pk, plan in plans.items()}
    own = own_scales(list(kpis))
    found = {}
    for kpi, plan in kpis.items():
        year = years[plans[plan]]
        scale = scale_of(own.get(kpi, ()), year, rules[plan])
        proposed, decided = judged.get((kpi, year), (None, None))
        if not scale.is_by_people:
            found[kpi] = RatingWork.NONE
        elif scale.at(decided) is not None:
            found[kpi] = RatingWork.DECIDED
        else:
            is_proposed = scale.at(proposed) is not None
            found[kpi] = RatingWork.PROPOSED if is_proposed else RatingWork.UNPROPOSED
    return found
