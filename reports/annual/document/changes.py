"""What differs: since the year before, in the plan itself, and from an earlier report."""

from dataclasses import dataclass
from decimal import Decimal

from reports.annual.document.kpis import ReportKpi

_OTHER_YEAR = "年度が違うので、両方に載る年度の数値と、目標や名称などだけを比べています。"


def scope_of_comparison(before_year: int, after_year: int) -> str:
    """What is compared of the reports of two fiscal years; empty where all of them is."""
    return "" if before_year == after_year else _OTHER_YEAR


@dataclass(frozen=True, slots=True)
class ReportMovement:
    """A KPI whose rating moved since the year before; `direction` is up or down.

    Rates are those of `AnnualReport.rating_basis`, by which the others' ratings are read.
    Ratings are a symbol and a label.
    """

    code: str
    name: str
    direction: str
    before_rate: Decimal | None
    before_rating: tuple[str, str]
    after_rate: Decimal | None
    after_rating: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReportMovements:
    """How many KPIs' ratings rose, fell or stayed since the year before, and which moved.

    `incomparable` counts KPIs that can't be compared; `reasons` (`この年度に始まったため`, count)
    are those of them which might have a rating in both years.
    """

    up: int
    down: int
    same: int
    incomparable: int
    moved: tuple[ReportMovement, ...]
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRevision:
    """A final target that was revised; values in the KPI's unit.

    `before_text` and `after_text` say both with condition, year and baseline where a figure
    alone would not (`80件以上、目標年度 令和9年度`); else they are empty.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    effective_from: int
    before: Decimal | None
    after: Decimal | None
    reason: str
    before_text: str = ""
    after_text: str = ""


@dataclass(frozen=True, slots=True)
class ReportEndedKpi:
    """A KPI that ended before the report's year, with the project in which it stood last."""

    code: str
    name: str
    kpi: ReportKpi


@dataclass(frozen=True, slots=True)
class ReportLife:
    """Something that is in the plan otherwise than in the year before.

    `what` is kpi, goal, initiative or relisting, `kind` is began, ended, replaced or moved.
    `before` is the KPI that was replaced (`P1-1 起業件数`), or the code from which one moved.
    """

    what: str
    kind: str
    code: str
    name: str
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportChange:
    """One thing that differs from an earlier report.

    `code` and `name` say where (a KPI, a project, an initiative; both empty:
    the whole plan), `fiscal_year` is None where no year is meant. `before`
    and `after` are as printed, empty where there was or is nothing.
    """

    code: str
    name: str
    fiscal_year: int | None
    item: str
    before: str
    after: str

    @property
    def place(self) -> tuple[str, str]:
        """Where it is: two KPIs of one number, in a year that replaces one, are two places."""
        return self.code, self.name
