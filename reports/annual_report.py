"""The annual progress report as one document, from which every format is rendered.

An `AnnualReport` is made of plain values (text, integers, Decimal, dates,
None, tuples): it can be kept as JSON and needs no database to be read. It
holds figures, not their looks; renderers write them with
`kpis.achievement.display` and `display_value` and compute nothing.

Rates are percentages with 12 decimals, None where not computable.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReportBand:
    """A rating band; `lower` is its lowest rate in percent, None for the lowest band."""

    symbol: str
    label: str
    lower: Decimal | None


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """Both means with the count of KPIs behind each, the rating, and counts by rating.

    `by_band` holds (symbol, label, count) for every band and, last, for KPIs
    without a rating (symbol 「－」).
    """

    kpi_count: int
    achievement_mean: Decimal | None
    achievement_count: int
    progress_mean: Decimal | None
    progress_count: int
    rating_symbol: str
    rating_label: str
    by_band: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class ReportYear:
    """One fiscal year of one KPI.

    `actual` is the year's own figure; `total` the sum since the first year
    (cumulative KPIs only); `expected` the value due by the end of the year.
    `state` is final, provisional, pending, unmeasured or missing. The
    `absence_*` fields say why a rate is missing (code 1–5, 0 for none).
    `remarks` are ready sentences for the notes column.
    """

    fiscal_year: int
    state: str
    state_label: str
    actual: Decimal | None
    total: Decimal | None
    expected: Decimal | None
    final_target: Decimal | None
    achievement: Decimal | None
    progress: Decimal | None
    rating_symbol: str
    rating_label: str
    absence_code: int
    absence_label: str
    remarks: tuple[str, ...]
    analysis: str
    next_steps: str
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class ReportKpi:
    """A KPI with its years from the plan's first to the report's."""

    code: str
    name: str
    unit: str
    decimal_places: int
    is_cumulative: bool
    aggregation_label: str
    direction_label: str
    formula_label: str
    baseline: Decimal | None
    baseline_year: int | None
    final_target: Decimal | None
    department: str
    definition: str
    data_source: str
    note: str
    years: tuple[ReportYear, ...]

    @property
    def latest(self) -> ReportYear:
        """The year the report is about."""
        return self.years[-1]


@dataclass(frozen=True, slots=True)
class ReportInitiative:
    """A listing in a project: the printed name and, for a 再掲, where its home is."""

    number: int
    name: str
    is_relisted: bool
    home_code: str
    home_name: str
    home_number: int | None
    department: str
    relisted_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportProject:
    """One section of the report."""

    code: str
    name: str
    kind_label: str
    pillar: str
    purpose: str
    directions: tuple[str, ...]
    standing: ReportStanding
    kpis: tuple[ReportKpi, ...]
    initiatives: tuple[ReportInitiative, ...]


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The report of one strategy for one fiscal year. Counts of initiatives leave out 再掲."""

    schema: int
    municipality: str
    municipality_code: str
    strategy_name: str
    first_year: int
    last_year: int
    fiscal_year: int
    is_draft: bool
    is_sample: bool
    made_at: datetime
    rating_basis: str
    average_cap: Decimal | None
    bands: tuple[ReportBand, ...]
    standing: ReportStanding
    previous: ReportStanding | None
    initiative_count: int
    relisted_count: int
    projects: tuple[ReportProject, ...]

    @property
    def kpis(self) -> tuple[ReportKpi, ...]:
        """All KPIs in printed order."""
        return tuple(kpi for project in self.projects for kpi in project.kpis)

    @property
    def bounds(self) -> tuple[Decimal, ...]:
        """The bounds that a displayed rate must not be rounded up to."""
        return tuple(band.lower for band in self.bands if band.lower is not None)
