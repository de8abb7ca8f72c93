"""What a KPI was before: in the plans before, and in the KPIs of its own plan that it replaced.

All of it is one query, however many plans follow each other, and two more where one of them
takes its figures from another plan's; a KPI that neither carries one over nor is carried on,
neither replaced one nor was replaced, takes none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kpis.achievement import Measurement, ProgressValue, progress_value
from kpis.models import ActualState, Aggregation, Kpi
from kpis.series import (
    FIGURE_COLUMNS,
    ActualRecord,
    counted_actuals,
    load_actuals,
    load_sources,
    measurements_of,
)
from kpis.value_years import mark_of
from projects.models import Strategy

# From a KPI back to the first; UNION ends even where the data went in a circle.
_BACK = """
    WITH RECURSIVE link(young, old) AS (
        SELECT id, carried_from_id FROM kpis_kpi WHERE carried_from_id IS NOT NULL
        UNION ALL
        SELECT id, successor_of_id FROM kpis_kpi WHERE successor_of_id IS NOT NULL
    ), back(id) AS (
        SELECT old FROM link WHERE young = %s
        UNION
        SELECT link.old FROM link JOIN back ON link.young = back.id
    )
    SELECT id FROM back
"""
_COLUMNS = (
    "id", "project__strategy", "project__code", "number", "name", "unit", "decimal_places",
    "aggregation", "carried_from", "successor_of", "first_year", "last_year", "source_id",
    *(f"actuals__{column}" for column in FIGURE_COLUMNS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelatedKpi:
    """A KPI of another plan, or one of the same plan before or after, as its plan has it.

    `first_year` and `last_year` are those of its life.
    """

    plan: Strategy
    code: str
    name: str
    unit: str
    decimal_places: int
    aggregation: str
    first_year: int
    last_year: int
    measurements: dict[int, Measurement]
    provisional: frozenset[int]
    is_same_plan: bool = False

    @property
    def is_cumulative(self) -> bool:
        """Whether its yearly actuals added up over its plan."""
        return self.aggregation == Aggregation.CUMULATIVE

    @property
    def years(self) -> list["EarlierYear"]:
        """All years of its life in its plan, in order."""
        return [self._year(year) for year in range(self.first_year, self.last_year + 1)]

    @property
    def page_year(self) -> int | None:
        """The year to ask its page for; None for one that goes on, whose address is its own."""
        return self.last_year if self.last_year < self.plan.last_year else None

    def _year(self, fiscal_year: int) -> "EarlierYear":
        own = self.measurements.get(fiscal_year)
        progressed = progress_value(
            self.measurements,
            fiscal_year,
            first_year=self.first_year,
            aggregation=self.aggregation,
        )
        word = progressed.absence.label if progressed.absence else ""
        if not word and own is not None:
            provisional = "速報" if fiscal_year in self.provisional else ""
            word = "、".join(filter(None, (provisional, mark_of(own.year), own.words)))
        return EarlierYear(fiscal_year, own.value if own else None, progressed, word)


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """A fiscal year of a KPI in its own plan: without a rate, which only that plan gives it.

    `actual` is the year's own figure, `word` why there is none, how it is meant (`速報`,
    `令和4年度の値`), or what it is in words.
    """

    fiscal_year: int
    actual: Decimal | None
    progressed: ProgressValue
    word: str

    @property
    def value(self) -> Decimal | None:
        """What that plan's goals were held against: for a cumulative KPI the sum so far."""
        return self.progressed.value


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a KPI comes from, nearest first, what carries it on in later plans, what replaced it."""

    earlier: Sequence[RelatedKpi] = field(default=())
    later: Sequence[RelatedKpi] = field(default=())
    successor: RelatedKpi | None = None


def with_carried_on(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """Each with the KPI that it carries on, and annotated with whether others follow it.

    `is_carried_on` in a later plan, `was_replaced` in its own.

    It takes no query more.
    """
    later = Kpi.objects.filter(carried_from=OuterRef("pk"))
    return kpis.select_related(
        "carried_from__project__strategy", "successor_of__project__strategy"
    ).annotate(
        is_carried_on=Exists(later),
        was_replaced=Exists(Kpi.objects.filter(successor_of=OuterRef("pk"))),
    )


def lineage_of(kpi: Kpi, plans: Sequence[Strategy]) -> Lineage:
    """Where a KPI from `with_carried_on` comes from and goes, as far as somebody sees `plans`."""
    follows = kpi.carried_from_id is not None or kpi.successor_of_id is not None
    is_followed = getattr(kpi, "is_carried_on") or getattr(kpi, "was_replaced")  # noqa: B009 - annotated
    if not (follows or is_followed):
        return Lineage()
    earlier = Q(pk__in=RawSQL(_BACK, [kpi.pk]))  # noqa: S611 - its one value is a parameter
    rows = list(
        Kpi.objects.filter(earlier | Q(carried_from=kpi) | Q(successor_of=kpi))
        .exclude(pk=kpi.pk)
        .order_by(
            "-project__strategy__first_year",
            F("last_year").desc(nulls_first=True),
            "pk",
            "actuals__fiscal_year",
        )
        .values(*_COLUMNS)
    )
    sources = load_sources(row["source_id"] for row in rows)
    lent = load_actuals(Q(kpi__in=list(sources)), (), with_texts=False) if sources else {}
    seen = {plan.pk: plan for plan in plans}
    earlier_ones, later_ones, successor = [], [], None
    for _pk, own in groupby(rows, lambda row: row["id"]):
        years = list(own)
        plan = seen.get(years[0]["project__strategy"])
        if plan is not None:
            source = sources.get(years[0]["source_id"])
            own_and_lent = counted_actuals(
                plan.years, source, lent[source.kpi_id] if source else {}, _records(years)
            )
            one = _related(plan, years[0], own_and_lent, kpi)
            if years[0]["successor_of"] == kpi.pk:
                successor = one
            elif years[0]["carried_from"] == kpi.pk:
                later_ones.append(one)
            else:
                earlier_ones.append(one)
    return Lineage(earlier_ones, later_ones[::-1], successor)


def _records(rows: list[dict[str, Any]]) -> dict[int, ActualRecord]:
    """What is recorded for a KPI itself, by year."""
    return {
        row["actuals__fiscal_year"]: ActualRecord(
            *(row[f"actuals__{column}"] for column in FIGURE_COLUMNS)
        )
        for row in rows
        if row["actuals__state"] is not None
    }


def _related(
    plan: Strategy, row: dict[str, Any], actuals: dict[int, ActualRecord], beside: Kpi
) -> RelatedKpi:
    last = row["last_year"]
    return RelatedKpi(
        plan=plan,
        code=f"{row['project__code']}-{row['number']}",
        name=row["name"],
        unit=row["unit"],
        decimal_places=row["decimal_places"],
        aggregation=row["aggregation"],
        first_year=row["first_year"] or plan.first_year,
        last_year=plan.last_year if last is None else last,
        is_same_plan=plan.pk == beside.project.strategy_id,
        measurements=measurements_of(actuals),
        provisional=frozenset(
            year for year, one in actuals.items() if one.state == ActualState.PROVISIONAL
        ),
    )
