"""The report's figures as cells: the number that is displayed, and the format that shows it so.

Where there is no figure the cell holds the word for why: 「－」, 未入力 and so on.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from common.fiscal_year import wareki_short
from kpis.achievement import (
    MINUS_IN_DATA,
    MINUS_IN_PRINT,
    NOTHING,
    Absence,
    display_value,
)
from reports.annual.document import AnnualReport, ReportKpi, ReportYear
from reports.renderers.clean_text import clean_line
from reports.renderers.wording import NOT_YET, REFERENCE_MARK, actual_marks, words_text
from reports.renderers.xlsx.measures import width_of

_LEAST_WIDTH, _EDGES = 9.0, 3.0


class Figure(NamedTuple):
    """A number as displayed, Excel's number format for it, and the room it takes with that."""

    number: Decimal | int
    number_format: str
    width: float


Content = Figure | str


def rate(number: Decimal | None, report: AnnualReport, bounds: Sequence[Decimal] = ()) -> Content:
    """A rate in percent, for a column whose head says so; by more bounds than the report's."""
    if number is None:
        return NOTHING
    known = (*report.bounds, *bounds)
    return _figure(report.rate_number(number, known, minus=MINUS_IN_DATA, separator=""))


def value(number: Decimal | None, decimals: int, mark: str = "") -> Content:
    """A value with its KPI's decimals; `mark` is shown before it."""
    if number is None:
        return NOTHING
    return _figure(display_value(number, decimals, minus=MINUS_IN_DATA, separator=""), mark)


def count(number: int) -> Figure:
    """A count, or an amount in whole units."""
    return Figure(number, number_format(0, ""), len(f"{number:,}"))


def _actuals(kpi: ReportKpi, report: AnnualReport) -> list[Content]:
    """A KPI's own figure of every year of the plan; 「…」 for years to come."""
    known = {year.fiscal_year: _actual(year, kpi.decimal_places) for year in kpi.years}
    return [
        known.get(year, NOT_YET if year > report.fiscal_year else NOTHING)
        for year in range(report.first_year, report.last_year + 1)
    ]


def _actual(year: ReportYear, decimals: int) -> Content:
    """A year's own figure with its marks, or the word for why there is none."""
    if year.actual is None:
        return words_text(year) or year.state_label
    return value(year.actual, decimals, actual_marks(year))


def _total(year: ReportYear, decimals: int) -> Content:
    """The sum so far, marked where it is for reference only; 「－」 for an annual KPI."""
    is_reference = year.absence_code == Absence.REFERENCE.code
    return value(year.total, decimals, REFERENCE_MARK if is_reference else "")


@lru_cache(maxsize=64)
def number_format(decimals: int, mark: str) -> str:
    """Separators, fixed decimals, △ for minus and a space behind: `#,##0.0_ ;"△"#,##0.0_ `."""
    digits = f"#,##0.{'0' * decimals}_ " if decimals else "#,##0_ "
    before = f'"{mark} "' if mark else ""
    return f'{before}{digits};{before}"{MINUS_IN_PRINT}"{digits}'


def content_width(content: Content) -> float:
    """The room that a cell's content takes on one line."""
    return content.width if isinstance(content, Figure) else width_of(content)


def _figure(shown: str, mark: str = "") -> Figure:
    whole, _, decimals = shown.partition(".")
    # Separators as for three digits each; △ and a mark are wider than digits.
    width = len(shown) + len(whole) // 3 + 3 * (whole.startswith(MINUS_IN_DATA) + len(mark))
    return Figure(Decimal(shown), number_format(len(decimals), mark), width)


def kpi_heads(report: AnnualReport) -> list[str]:
    """The labels of `kpi_figures`."""
    return [
        "基準値",
        f"最終目標\n{wareki_short(report.last_year)}",
        f"年度目安\n{wareki_short(report.fiscal_year)}",
        *(f"{wareki_short(one)}\n実績" for one in range(report.first_year, report.last_year + 1)),
        "累計",
        "達成率\n（%）",
        "進捗率\n（%）",
    ]


def kpi_figures(kpi: ReportKpi, report: AnnualReport) -> list[Content]:
    """Baseline, targets, every year of the plan, total and both rates."""
    now, decimals = kpi.latest, kpi.decimal_places
    bounds = kpi.bounds_in(report.fiscal_year, report)
    return [
        value(kpi.baseline, decimals),
        clean_line(kpi.target_text) or value(kpi.final_target, decimals),
        value(now.expected, decimals),
        *_actuals(kpi, report),
        _total(now, decimals),
        rate(now.achievement, report, bounds),
        rate(now.progress, report, bounds),
    ]


def figure_widths(rows: Iterable[Sequence[Content]], columns: int) -> list[float]:
    """What each column of figures takes so that no number turns into ####."""
    needed = [_LEAST_WIDTH] * columns
    for row in rows:
        needed = [
            max(least, content_width(content) + _EDGES)
            for least, content in zip(needed, row, strict=True)
        ]
    return needed
