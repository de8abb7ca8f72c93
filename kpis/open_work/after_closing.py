"""締めたあとに確定するもの: what closed years were closed with and is not final yet.

It is no open work: nobody is asked for it, and it is settled by correcting the year.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from kpis.models import ActualState, Kpi
from projects.models import FiscalYearClosing, Strategy

_UNSETTLED = (ActualState.PROVISIONAL, ActualState.PENDING)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A KPI's figure of a closed year that is 速報 or 集計中; `value` is None for the latter.

    `at_code` is the code of the plan in which its year is corrected: the source's of a shared
    figure, if that has closed the year too.
    """

    fiscal_year: int
    code: str
    name: str
    unit: str
    decimal_places: int
    state: ActualState
    value: Decimal | None
    expected_on: date | None
    department: str
    at_code: str


def unsettled_in(plans: Iterable[Strategy]) -> dict[int, list[Unsettled]]:
    """Some plans' figures that are still to be settled, by the plan's id, in the order of years.

    Two queries: the plans' own figures, and those that they have from another plan.
    """
    kpis = Kpi.objects.filter(project__strategy__in=list(plans))
    found: defaultdict[int, list[Unsettled]] = defaultdict(list)
    for way in ("", "source__"):
        for plan_id, one in _unsettled(kpis, way):
            found[plan_id].append(one)
    for listed in found.values():
        listed.sort(key=lambda one: one.fiscal_year)
    return found


def _unsettled(kpis: QuerySet[Kpi], way: str) -> Iterator[tuple[int, Unsettled]]:
    """Figures of the KPIs themselves, or of their sources (`source__`), with the plan's id."""
    year = OuterRef(f"{way}actuals__fiscal_year")
    closed = FiscalYearClosing.objects.filter(fiscal_year=year)
    rows = kpis.filter(
        Exists(closed.filter(strategy=OuterRef("project__strategy"))),
        **{f"{way}actuals__state__in": _UNSETTLED},
    ).annotate(is_closed=Exists(closed.filter(strategy=OuterRef(f"{way}project__strategy"))))
    columns = rows.order_by("project__position", "project__code", "number").values_list(
        "project__strategy", "project__strategy__code", f"{way}project__strategy__code",
        "is_closed", "project__code", "number", "name", "unit", "decimal_places",
        "department__name", f"{way}actuals__fiscal_year", f"{way}actuals__state",
        f"{way}actuals__value", f"{way}actuals__expected_on",
    )  # fmt: skip
    for (
        plan_id, own_code, source_code, is_closed, project, number, name, unit, decimal_places,
        department, fiscal_year, state, value, expected_on,
    ) in columns:  # fmt: skip
        yield (
            plan_id,
            Unsettled(
                fiscal_year,
                f"{project}-{number}",
                name,
                unit,
                decimal_places,
                ActualState(state),
                value,
                expected_on,
                department or "",
                source_code if is_closed else own_code,
            ),
        )
