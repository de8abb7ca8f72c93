"""The report's figures as cells: the number that is displayed, and the format that shows it so.

Where there is no figure the cell holds the word for why: 「－」, 未入力 and so on.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kpis.achievement import (
    MINUS_IN_DATA,
    MINUS_IN_PRINT,
    NOTHING,
    Absence,
    display_number,
    display_value,
)
from reports.annual_report import AnnualReport, ReportKpi, ReportYear
from reports.renderers.content.project import NOT_YET, PROVISIONAL_MARK, REFERENCE_MARK
from reports.renderers.xlsx.measures import width_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as displayed, and Excel's number format for it."""

    number: Decimal | int
    number_format: str

    @property
    def width(self) -> float:
        """The room it takes with separators, sign and mark."""
        mark = self.number_format.count('"') > 2
        return len(f"{self.number:,}") + (3 if self.number < 0 else 0) + (3 if mark else 0)


Content = Figure | str


class Figures:
    """Writes one report's figures; rates keep clear of its bounds."""

    def __init__(self, report: AnnualReport) -> None:
        self._bounds = report.bounds
        self.years = range(report.first_year, report.last_year + 1)

    def rate(self, rate: Decimal | None) -> Content:
        """A rate in percent, for a column whose head says so."""
        if rate is None:
            return NOTHING
        return _figure(
            display_number(rate, bounds=self._bounds, minus=MINUS_IN_DATA, separator="")
        )

    def actuals(self, kpi: ReportKpi) -> list[Content]:
        """A KPI's own figure of every year of the plan; 「…」 for years to come."""
        known = [actual(year, kpi.decimal_places) for year in kpi.years]
        return [*known, *[NOT_YET] * (len(self.years) - len(known))]


def value(number: Decimal | None, decimals: int, mark: str = "") -> Content:
    """A value with its KPI's decimals; `mark` is shown before it."""
    if number is None:
        return NOTHING
    return _figure(display_value(number, decimals, minus=MINUS_IN_DATA, separator=""), mark)


def count(number: int) -> Figure:
    """A count, or an amount in whole units."""
    return Figure(number, number_format(0, ""))


def actual(year: ReportYear, decimals: int) -> Content:
    """A year's own figure, marked while provisional, or the word for why there is none."""
    if year.actual is None:
        return year.state_label
    return value(year.actual, decimals, PROVISIONAL_MARK if year.state == "provisional" else "")


def total(year: ReportYear, decimals: int) -> Content:
    """The sum so far, marked where it is for reference only; 「－」 for an annual KPI."""
    is_reference = year.absence_code == Absence.REFERENCE.code
    return value(year.total, decimals, REFERENCE_MARK if is_reference else "")


@lru_cache(maxsize=64)
def number_format(decimals: int, mark: str) -> str:
    """Separators, fixed decimals and △ for minus, as `#,##0.0;"△"#,##0.0`."""
    digits = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    before = f'"{mark} "' if mark else ""
    return f'{before}{digits};{before}"{MINUS_IN_PRINT}"{digits}'


def content_width(content: Content) -> float:
    """The room that a cell's content takes on one line."""
    return content.width if isinstance(content, Figure) else width_of(content)


def _figure(shown: str, mark: str = "") -> Figure:
    return Figure(Decimal(shown), number_format(len(shown.partition(".")[2]), mark))
