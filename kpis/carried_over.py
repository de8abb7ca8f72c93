"""What a carried-over KPI was in the plans before, and which KPIs carry one on.

All of it is one query, however many plans follow each other, and two more where one of them
takes its figures from another plan's; a KPI that neither carries one over nor is carried on
takes none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
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
    WITH RECURSIVE back(id) AS (
        SELECT carried_from_id FROM kpis_kpi WHERE id = %s
        UNION
        SELECT older.carried_from_id FROM kpis_kpi AS older JOIN back ON older.id = back.id
    )
    SELECT id FROM back WHERE id IS NOT NULL
"""
_COLUMNS = (
    "id", "project__strategy", "project__code", "number", "name", "unit", "decimal_places",
    "aggregation", "carried_from", "source_id", "actuals__fiscal_year", "actuals__state",
    "actuals__value", "actuals__value_year", "actuals__value_words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelatedKpi:
    """The KPI of another plan, as that plan has it."""

    plan: Strategy
    code: str
    name: str
    unit: str
    decimal_places: int
    aggregation: str
    measurements: dict[int, Measurement]
    provisional: frozenset[int]

    @property
    def is_cumulative(self) -> bool:
        """Whether its yearly actuals added up over its plan."""
        return self.aggregation == Aggregation.CUMULATIVE

    @property
    def years(self) -> list["EarlierYear"]:
        """All years of its plan, in order."""
        return [self._year(year) for year in self.plan.years]

    def _year(self, fiscal_year: int) -> "EarlierYear":
        own = self.measurements.get(fiscal_year)
        progressed = progress_value(
            self.measurements,
            fiscal_year,
            first_year=self.plan.first_year,
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
    """A KPI's place among plans: those it comes from, nearest first, and those that carry it on."""

    earlier: Sequence[RelatedKpi] = field(default=())
    later: Sequence[RelatedKpi] = field(default=())


def with_carried_on(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """Each with the KPI that it carries on, and annotated with `is_carried_on`: whether one does.

    It takes no query more.
    """
    later = Kpi.objects.filter(carried_from=OuterRef("pk"))
    return kpis.select_related("carried_from__project__strategy").annotate(
        is_carried_on=Exists(later)
    )


def lineage_of(kpi: Kpi, plans: Sequence[Strategy]) -> Lineage:
    """Where a KPI from `with_carried_on` comes from and goes, as far as somebody sees `plans`."""
    if kpi.carried_from_id is None and not getattr(kpi, "is_carried_on"):  # noqa: B009 - annotated
        return Lineage()
    earlier = Q(pk__in=RawSQL(_BACK, [kpi.pk]))  # noqa: S611 - its one value is a parameter
    rows = list(
        Kpi.objects.filter(earlier | Q(carried_from=kpi))
        .exclude(pk=kpi.pk)
        .order_by("-project__strategy__first_year", "pk", "actuals__fiscal_year")
        .values(*_COLUMNS)
    )
    sources = load_sources(row["source_id"] for row in rows)
    lent = load_actuals(Q(kpi__in=list(sources)), (), with_texts=False) if sources else {}
    seen = {plan.pk: plan for plan in plans}
    found: dict[bool, list[RelatedKpi]] = {True: [], False: []}
    for _pk, own in groupby(rows, lambda row: row["id"]):
        years = list(own)
        plan = seen.get(years[0]["project__strategy"])
        if plan is not None:
            is_later = years[0]["carried_from"] == kpi.pk
            source = sources.get(years[0]["source_id"])
            own_and_lent = counted_actuals(
                plan.years, source, lent[source.kpi_id] if source else {}, _records(years)
            )
            found[is_later].append(_related(plan, years[0], own_and_lent))
    return Lineage(earlier=found[False], later=found[True][::-1])


def _records(rows: list[dict[str, Any]]) -> dict[int, ActualRecord]:
    """What is recorded for a KPI itself, by year."""
    return {
        row["actuals__fiscal_year"]: ActualRecord(
            *(row[f"actuals__{column}"] for column in FIGURE_COLUMNS)
        )
        for row in rows
        if row["actuals__state"] is not None
    }


def _related(plan: Strategy, row: dict[str, Any], actuals: dict[int, ActualRecord]) -> RelatedKpi:
    return RelatedKpi(
        plan=plan,
        code=f"{row['project__code']}-{row['number']}",
        name=row["name"],
        unit=row["unit"],
        decimal_places=row["decimal_places"],
        aggregation=row["aggregation"],
        measurements=measurements_of(actuals),
        provisional=frozenset(
            year for year, one in actuals.items() if one.state == ActualState.PROVISIONAL
        ),
    )
