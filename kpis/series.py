"""Loads a strategy's KPIs with their targets and actuals, in four queries whatever their number."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from kpis.achievement import Absence, Measurement
from kpis.assessment import KpiAssessment, KpiDefinition, PlanRules, assess, default_year
from kpis.models import ActualState, FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.outlook import NeededPace, Outlook, needed_pace_of, outlook_of, outlook_problem
from projects.bands import bands_from_data
from projects.models import FiscalYearClosing, Strategy

# What a KPI's own row, today's or a past one, says of its definition.
OWN_COLUMNS = (
    "id", "name", "unit", "decimal_places", "aggregation", "direction", "formula", "baseline",
    "baseline_year", "department_id",
)  # fmt: skip
_ABSENCES = {"pending": Absence.PENDING, "unmeasured": Absence.UNMEASURED}


@dataclass(frozen=True, slots=True)
class ActualRecord:
    """One recorded year of one KPI, as it stands in the database."""

    fiscal_year: int
    state: str
    value: Decimal | None
    unmeasured_reason: str = ""
    expected_on: date | None = None
    version: int = 0
    updated_at: datetime | None = None
    confirmation: str = ""
    analysis: str = ""
    next_steps: str = ""

    @property
    def is_stated(self) -> bool:
        """Whether the year is more than 未入力: explanations may come before the figure."""
        return self.state != ActualState.MISSING


ACTUAL_COLUMNS = tuple(column.name for column in fields(ActualRecord))


@dataclass(frozen=True, slots=True)
class KpiSeries:
    """A KPI with everything its rates need, for all years of the plan.

    What a year comes to is worked out when it is first asked for and kept as long
    as the series.
    """

    definition: KpiDefinition
    rules: PlanRules
    final_targets: tuple[tuple[int, Decimal], ...]
    yearly_targets: dict[int, Decimal]
    actuals: dict[int, ActualRecord]
    measurements: dict[int, Measurement]
    _assessed: dict[int, KpiAssessment] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def has_value(self, fiscal_year: int) -> bool:
        """Whether the year was measured, finally or provisionally."""
        measured = self.measurements.get(fiscal_year)
        return measured is not None and measured.value is not None

    def assess(self, fiscal_year: int) -> KpiAssessment:
        """Where the KPI stands in one fiscal year."""
        if fiscal_year not in self._assessed:
            self._assessed[fiscal_year] = self._assess(fiscal_year, self.measurements)
        return self._assessed[fiscal_year]

    def assess_with(self, fiscal_year: int, measurement: Measurement | None) -> KpiAssessment:
        """Where it would stand if a year's measurement were another one (None: not entered)."""
        supposed = {year: own for year, own in self.measurements.items() if year != fiscal_year}
        if measurement is not None:
            supposed[fiscal_year] = measurement
        return self._assess(fiscal_year, supposed)

    def _assess(self, fiscal_year: int, measurements: Mapping[int, Measurement]) -> KpiAssessment:
        return assess(
            self.definition,
            self.rules,
            fiscal_year,
            measurements=measurements,
            final_targets=self.final_targets,
            yearly_targets=self.yearly_targets,
        )

    def outlook(self, fiscal_year: int) -> Outlook | None:
        """The estimate for the plan's last year as seen from one year; None where there is none."""
        return outlook_of(self.assess(fiscal_year), self.rules, self.measurements)

    def outlook_problem(self, fiscal_year: int) -> str:
        """Why a year has no outlook, as a Japanese sentence; empty when it has one."""
        return outlook_problem(self.assess(fiscal_year), self.rules)

    def needed_pace(self, fiscal_year: int) -> NeededPace | None:
        """What each year after one has to bring to reach the final target; None where not asked."""
        return needed_pace_of(self.assess(fiscal_year), self.rules)


def plan_rules(strategy: Strategy) -> PlanRules:
    """A strategy's years, cap, rating basis, bands and words as plain values."""
    return PlanRules(
        first_year=strategy.first_year,
        last_year=strategy.last_year,
        average_cap=strategy.average_cap,
        rating_basis=strategy.rating_basis,
        bands=bands_from_data(strategy.bands),
        words=strategy.words,
    )


def load_series(
    strategy: Strategy, kpis: QuerySet[Kpi] | None = None, *, with_texts: bool = False
) -> list[KpiSeries]:
    """The strategy's KPIs (or those of `kpis`) in printed order.

    Without `with_texts` an actual is its state and value alone, which is all that rates need.
    """
    rules = plan_rules(strategy)
    if kpis is None:
        kpis = Kpi.objects.filter(project__strategy=strategy)
    chosen = kpis.order_by("project__position", "project__code", "number").values(
        *OWN_COLUMNS,
        code=Concat("project__code", Value("-"), "number", output_field=CharField()),
        project_code=F("project__code"),
        project_name=F("project__name"),
        department_name=Coalesce("department__name", Value("")),
    )
    definitions = [KpiDefinition(**row) for row in chosen]
    wanted = kpis.order_by().values("id")
    final_targets = _by_kpi(FinalTarget.objects.filter(kpi__in=wanted), "effective_from")
    yearly_targets = _by_kpi(YearlyTarget.objects.filter(kpi__in=wanted), "fiscal_year")
    actuals = _load_actuals(wanted, with_texts=with_texts)
    return [
        KpiSeries(
            definition,
            rules,
            tuple(final_targets[definition.id]),
            dict(yearly_targets[definition.id]),
            actuals[definition.id],
            measurements_of(actuals[definition.id]),
        )
        for definition in definitions
    ]


def _by_kpi(targets: QuerySet[Any], year_field: str) -> defaultdict[int, list[tuple[int, Decimal]]]:
    """The year and value of each target, by its KPI's id."""
    grouped: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for kpi_id, year, value in targets.order_by().values_list("kpi_id", year_field, "value"):
        grouped[kpi_id].append((year, value))
    return grouped


def measurements_of(actuals: Mapping[int, ActualRecord]) -> dict[int, Measurement]:
    """The years of which more is known than 未入力."""
    return {
        year: measurement_of(record.state, record.value)
        for year, record in actuals.items()
        if record.is_stated
    }


def measurement_of(state: str, value: Decimal | None) -> Measurement:
    """A recorded state and value as the rules of rates take them."""
    return Measurement(value, _ABSENCES.get(state))


def closed_years(strategy: Strategy) -> frozenset[int]:
    """The strategy's closed fiscal years."""
    return frozenset(
        FiscalYearClosing.objects.filter(strategy=strategy).values_list("fiscal_year", flat=True)
    )


def opening_year(
    strategy: Strategy, series: Sequence[KpiSeries] | None, closed: frozenset[int]
) -> int:
    """The fiscal year a page opens on when none is asked for.

    `series` are all KPIs of the plan, None where they aren't loaded (one query).
    """
    if series is None:
        rows = Kpi.objects.filter(project__strategy=strategy).order_by()
        values = list(rows.values_list("id", "actuals__fiscal_year", "actuals__value"))
        kpis = len({kpi_id for kpi_id, _year, _value in values})
        measured = Counter(year for _id, year, value in values if value is not None)
    else:
        kpis = len(series)
        measured = Counter(
            year for one in series for year in one.measurements if one.has_value(year)
        )
    return default_year(plan_rules(strategy), closed, measured, kpis)


def _load_actuals(
    wanted: QuerySet[Kpi, Any], *, with_texts: bool
) -> dict[int, dict[int, ActualRecord]]:
    columns = ACTUAL_COLUMNS if with_texts else ACTUAL_COLUMNS[:3]
    actuals: dict[int, dict[int, ActualRecord]] = defaultdict(dict)
    # Nothing here needs the model's order, for which the database would join and sort.
    rows = YearlyActual.objects.filter(kpi__in=wanted).order_by()
    for kpi_id, *known in rows.values_list("kpi_id", *columns):
        record = ActualRecord(*known)
        actuals[kpi_id][record.fiscal_year] = record
    return actuals
