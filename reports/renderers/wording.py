"""Figures and words as documents for people print them: △ for minus, 「－」 where there is none."""

from collections.abc import Sequence
from decimal import Decimal

from common.fiscal_year import wareki_with_western
from kpis.achievement import MINUS_IN_PRINT, NOTHING, Absence, Number, display_value
from projects.scales import BASES
from projects.words import PlanWords
from reports.annual.document import (
    AnnualReport,
    Mark,
    ReportInitiative,
    ReportKpi,
    ReportStanding,
    ReportYear,
)
from reports.charts.text import width
from reports.renderers.clean_text import clean_line
from reports.scale_text import COMPUTED, has_mark

PROVISIONAL_MARK = "速"
CARRIED_MARK = "前"
REFERENCE_MARK = "参"
# How long, in type sizes, a value in words may be to stand among figures.
_LONGEST_IN_COLUMN = 6.0
_IN_NOTE = "注に示す"
# In the column of a year that the report's has not reached.
NOT_YET = "…"


def basis_text(report: AnnualReport) -> str:
    """The rate that ratings are read from."""
    return BASES[report.rating_basis]


def period_text(report: AnnualReport) -> str:
    """The years of the plan: `令和6年度（2024年度）から令和10年度（2028年度）まで`."""
    first, last = wareki_with_western(report.first_year), wareki_with_western(report.last_year)
    return f"{first}から{last}まで"


def rate_text(rate: Number | None, report: AnnualReport, bounds: Sequence[Decimal] = ()) -> str:
    """`92.3%`, never rounded up to a bound of the report's ratings, or of `bounds`."""
    return report.rate_text(rate, bounds, minus=MINUS_IN_PRINT)


def kpi_rate_text(rate: Number | None, kpi: ReportKpi, report: AnnualReport) -> str:
    """A KPI's rate of the report's year, by the bounds of its own scale too."""
    return rate_text(rate, report, kpi.bounds_in(report.fiscal_year, report))


def value_text(value: Decimal | None, kpi: ReportKpi) -> str:
    """A value with its KPI's decimals, without the unit."""
    return display_value(value, kpi.decimal_places, minus=MINUS_IN_PRINT)


def target_text(kpi: ReportKpi) -> str:
    """The final target without the unit, with its condition where that is another than usual."""
    text = clean_line(kpi.target_text)
    if kpi.target_words and width(text) > _LONGEST_IN_COLUMN:
        return _IN_NOTE
    return text or value_text(kpi.final_target, kpi)


def actual_text(year: ReportYear, kpi: ReportKpi) -> str:
    """A year's own figure with its marks, or the word for why there is none."""
    if year.actual is None:
        return words_text(year) or year.state_label
    return f"{actual_marks(year)}{value_text(year.actual, kpi)}"


def words_text(year: ReportYear) -> str:
    """A year's actual in words, or that a note has it where a column of figures can't."""
    words = clean_line(year.value_words)
    return words if width(words) <= _LONGEST_IN_COLUMN else _IN_NOTE


def actual_marks(year: ReportYear) -> str:
    """The marks of a year's figure: provisional, and measured in a year before."""
    provisional = PROVISIONAL_MARK if year.state == "provisional" else ""
    return f"{provisional}{'' if year.value_year is None else CARRIED_MARK}"


def total_text(year: ReportYear, kpi: ReportKpi) -> str:
    """The sum so far, marked where it is for reference only; 「－」 for an annual KPI."""
    mark = REFERENCE_MARK if year.absence_code == Absence.REFERENCE.code else ""
    return NOTHING if year.total is None else f"{mark}{value_text(year.total, kpi)}"


def rating_text(symbol: str, label: str) -> str:
    """`A 順調`, with 「－」 where there is neither."""
    return f"{symbol} {label}".strip() or NOTHING


def year_rating_text(year: ReportYear) -> str:
    """A year's rating, or 「－」 with the reason: `－ 未入力`."""
    return _rating_or(year.rating, year.absence_label)


def both_ratings_text(year: ReportYear) -> str:
    """The same with the computed rating, where people gave another one: `B 不足（計算ではA）`."""
    return _beside_computed(year_rating_text(year), year.rating, year.computed_rating)


def standing_text(standing: ReportStanding) -> str:
    """A project's rating, or the plan's, with the computed one where people gave another."""
    rating = standing.rating
    return _beside_computed(rating_text(*rating), rating, standing.computed_rating)


def _rating_or(rating: Mark, reason: str) -> str:
    return rating_text(*rating) if any(rating) else f"{NOTHING} {reason}".strip()


def _beside_computed(text: str, rating: Mark, computed: Mark) -> str:
    if not has_mark(rating) or not any(computed) or computed == rating:
        return text
    return f"{text}（{COMPUTED}{short_mark(*computed)}）"


def short_mark(symbol: str, label: str) -> str:
    """A rating where there is little room, and its code in data: the symbol, else the label."""
    return symbol or label


def home_text(one: ReportInitiative) -> str:
    """Where a 再掲 is at home: `P1(2)`."""
    sign = clean_line(one.home_sign)
    return sign if one.home_number is None else f"{sign}({one.home_number})"


def of_all_text(count: int, standing: ReportStanding, words: PlanWords) -> str:
    """`16指標中12指標`, `16件中12件`: it stands beside every mean, in narrow columns too."""
    return f"{words.of_kpis(standing.kpi_count)}中{words.of_kpis(count)}"


def paragraphs(text: str) -> list[str]:
    """A text's lines, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
