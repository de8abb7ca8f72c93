"""Where groups of KPIs stand, and each KPI with its years."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kpis.definition import OwnScale
from kpis.targets import row_in_force
from projects.bands import lower_bounds
from projects.scales import Scale

if TYPE_CHECKING:
    from reports.annual.document.report import AnnualReport

# A rating's symbol and its label, of which one may be empty; both are where there is no rating.
Mark = tuple[str, str]
NO_MARK: Mark = ("", "")


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """Both means with the count of KPIs behind each, the rating, and counts by rating.

    `by_band` holds (symbol, label, count) for every band and, last, for KPIs
    without a rating (symbol 「－」); it is empty where no KPI is rated. The rating is 「－」 with a
    word where there is none, and empty where none is given to what stands so. `computed_rating`
    is what the mean says where people decide, `external_rating` the outside experts'; both are
    empty where there is none.
    """

    kpi_count: int
    achievement_mean: Decimal | None
    achievement_count: int
    progress_mean: Decimal | None
    progress_count: int
    rating_symbol: str
    rating_label: str
    by_band: tuple[tuple[str, str, int], ...]
    computed_rating: Mark = NO_MARK
    external_rating: Mark = NO_MARK

    @property
    def rating(self) -> Mark:
        """Symbol and label."""
        return self.rating_symbol, self.rating_label


@dataclass(frozen=True, slots=True)
class ReportYear:
    """One fiscal year of one KPI.

    `actual` is the year's own figure, `value_words` one in words in its place, and `value_year`
    the year in which it was measured where that is an earlier one; `total` is the sum since the
    first year (cumulative KPIs only); `expected` the value due by the end of the year.
    `state` is final, provisional, pending, unmeasured or missing. The
    `absence_*` fields say why a rating or a rate is missing (code 1–7, 0 for none).
    `remarks` are ready sentences for the notes column.

    Where people decide, `proposed_rating` is the department's proposal with its reason,
    `decision_reason` why the planner gave the rating, and `computed_rating` what rates or
    positions say, as far as anything does; elsewhere they are empty.
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
    value_year: int | None = None
    value_words: str = ""
    computed_rating: Mark = NO_MARK
    proposed_rating: Mark = NO_MARK
    proposal_reason: str = ""
    decision_reason: str = ""

    @property
    def rating(self) -> Mark:
        """Symbol and label; both empty without a rating."""
        return self.rating_symbol, self.rating_label


@dataclass(frozen=True, slots=True)
class ReportKpi:
    """A KPI with its years, from its first to the report's or its last.

    `key` is its number in the database, by which it is known again where it was moved; 0 in a
    document from before. `first_year` and `last_year` are None where they are the plan's, as far
    as the report's year knows; `predecessor` (`P1-1 起業件数`) is the KPI that it replaced.

    `source` names the KPI of another plan whose figures it has, with the years of which they are
    (`見本市総合計画のP1-2「観光客数」（令和6年度から令和8年度まで）`); empty where all are its own.
    `related_departments` are the names of its 関係課.

    Of the final target in force, `target_text` is what is printed for it where the figure alone
    doesn't say it (`80超`, `増加`), `target_condition` 以上, 以下, 超, 未満 or 維持, of
    `target_words` how they are met, and `target_year` the year by which it is to be reached (None:
    the plan's last, in documents from before targets had years of their own). `own_scales` are
    those by which this KPI is rated otherwise than the others, up to the report's year.
    """

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
    source: str = ""
    key: int = 0
    first_year: int | None = None
    last_year: int | None = None
    predecessor: str = ""
    related_departments: tuple[str, ...] = ()
    target_text: str = ""
    target_condition: str = ""
    target_words: str = ""
    target_tolerance: Decimal | None = None
    target_year: int | None = None
    own_scales: tuple[OwnScale, ...] = ()

    def scale_in(self, fiscal_year: int, report: "AnnualReport") -> Scale:
        """By what the KPI is rated in a year of the report: its own scale, else the plan's."""
        own = self.own_scale_in(fiscal_year)
        return report.in_year(fiscal_year).scale if own is None else own

    def own_scale_in(self, fiscal_year: int) -> Scale | None:
        """The scale of its own by which it is rated in a year; None where it is the plan's."""
        own = row_in_force(self.own_scales, fiscal_year)
        return None if own is None else own.scale

    def bounds_in(self, fiscal_year: int, report: "AnnualReport") -> tuple[Decimal, ...]:
        """The bounds that a year's displayed rates must not be rounded up to."""
        bounds = report.in_year(fiscal_year).bounds
        own = self.own_scale_in(fiscal_year)
        return bounds if own is None else (*bounds, *lower_bounds(own.bands))

    @property
    def departments(self) -> str:
        """`商工課（関係課：農林課、観光課）`; empty where nobody owns it."""
        if not self.related_departments:
            return self.department
        return f"{self.department}（関係課：{'、'.join(self.related_departments)}）"

    @property
    def latest(self) -> ReportYear:
        """The year the report is about."""
        return self.years[-1]
