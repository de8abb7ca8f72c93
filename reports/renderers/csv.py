"""The report's figures as a CSV file for machines: one row a KPI and fiscal year.

The header and the codes are fixed in docs/interface.md, Data files. Numbers
are bare, one record is one line, and what is not known stays blank.
"""

from collections.abc import Iterator
from decimal import Decimal

from common.fiscal_year import wareki
from common.spreadsheets.writing import Value, csv_file
from kpis.achievement import MINUS_IN_DATA, display_value
from projects.goals import GOALS
from reports.annual.document import (
    AnnualReport,
    Mark,
    ReportEndedKpi,
    ReportGoals,
    ReportKpi,
    ReportProject,
    ReportYear,
)
from reports.renderers.clean_text import clean_line
from reports.renderers.wording import short_mark

HEADER = (
    "団体コード",
    "団体名",
    "指標コード",
    "指標名",
    "プロジェクトコード",
    "プロジェクト名",
    "所管課",
    "会計年度（年）",
    "和暦表記",
    "単位",
    "集計方法",
    "指標基準値",
    "最終目標値",
    "年度目安値",
    "指標実績値",
    "指標累計値",
    "達成率（%）",
    "進捗率（%）",
    "評価区分",
    "値区分",
    "欠測区分",
    "注記",
    "更新日",
    "値の年度",
    "実績の記述",
)
RATING = "評価区分"
# Behind them where people rate.
JUDGED = ("算定評価", "評価の案", "評価の案の理由", "評価の理由")
# The last column of a report that has 数値目標, and what stands in it.
KIND = "種別"
KINDS = {False: "指標", True: GOALS}
# Where a KPI stands: its project, the one in which it stood last, or what holds 数値目標.
Home = ReportProject | ReportEndedKpi | ReportGoals
# The words in the columns 値区分, by a year's state, and 集計方法, by whether it adds up.
VALUE_KINDS = {"final": "確定", "provisional": "速報"}
AGGREGATIONS = {True: "累計", False: "単年度"}


def render_csv(report: AnnualReport) -> bytes:
    """The figures as a CSV file."""
    return csv_file(csv_header(report), csv_rows(report))


def csv_header(report: AnnualReport) -> tuple[str, ...]:
    """The header: what is rated has its column where anything is, what people say where they do.

    The kind stands last, where there are 数値目標.
    """
    rated = HEADER if report.has_rated_kpis else _without(RATING)
    judged = JUDGED if report.has_judged_kpis else ()
    return (*rated, *judged, *((KIND,) if report.has_goals else ()))


def _without(name: str) -> tuple[str, ...]:
    return tuple(one for one in HEADER if one != name)


def kpis_of_all_kinds(report: AnnualReport) -> Iterator[tuple[Home, ReportKpi, bool]]:
    """KPIs in printed order, 数値目標 (True), then what had ended of both; each with its home."""
    for project in report.projects:
        yield from ((project, kpi, False) for kpi in project.kpis)
    for group in report.goals:
        yield from ((group, kpi, True) for kpi in group.kpis)
    yield from ((ended, ended.kpi, False) for ended in report.ended_kpis)
    yield from ((ended, ended.kpi, True) for ended in report.ended_goals)


def csv_rows(report: AnnualReport) -> Iterator[tuple[Value, ...]]:
    """The rows below the header: the report's KPIs in printed order, then those that had ended.

    Figures are numbers, None where unknown.
    """
    for home, kpi, is_goal in kpis_of_all_kinds(report):
        kind = (KINDS[is_goal],) if report.has_goals else ()
        for cells in _rows(report, home, kpi):
            yield (*cells, *kind)


def _rows(report: AnnualReport, project: Home, kpi: ReportKpi) -> Iterator[tuple[Value, ...]]:
    first_cells = whose(report, project, kpi)
    for year in kpi.years:
        judged = _judged_cells(year) if report.has_judged_kpis else ()
        yield (*first_cells, *_year_cells(kpi, year, report), *judged)


def _judged_cells(year: ReportYear) -> tuple[Value, ...]:
    return (
        code_of(year.computed_rating),
        code_of(year.proposed_rating),
        clean_line(year.proposal_reason),
        clean_line(year.decision_reason),
    )


def code_of(rating: Mark) -> str:
    """A rating's code: its symbol, else its label; empty for none."""
    return clean_line(short_mark(*rating))


def _year_cells(kpi: ReportKpi, year: ReportYear, report: AnnualReport) -> tuple[Value, ...]:
    rules = report.in_year(year.fiscal_year)
    bounds = kpi.bounds_in(year.fiscal_year, report)
    return (
        year.fiscal_year,
        wareki(year.fiscal_year),
        clean_line(kpi.unit),
        AGGREGATIONS[kpi.is_cumulative],
        shown_value(kpi.baseline, kpi),
        shown_value(year.final_target, kpi),
        shown_value(year.expected, kpi),
        shown_value(year.actual, kpi),
        shown_value(year.total, kpi) if kpi.is_cumulative else None,
        rate_cell(year.achievement, rules, bounds),
        rate_cell(year.progress, rules, bounds),
        *((code_of(year.rating),) if report.has_rated_kpis else ()),
        VALUE_KINDS.get(year.state, ""),
        year.absence_code or None,
        clean_line(" ".join(year.remarks)),
        "" if year.updated_on is None else year.updated_on.isoformat(),
        year.value_year,
        clean_line(year.value_words),
    )


def whose(report: AnnualReport, project: Home, kpi: ReportKpi) -> tuple[str, ...]:
    """The first cells of every row about a KPI: municipality, KPI, project, department."""
    texts = (
        *(report.municipality_code, report.municipality, kpi.code, kpi.name),
        *(project.code, project.name, kpi.department),
    )
    return tuple(map(clean_line, texts))


def shown_value(value: Decimal | None, kpi: ReportKpi) -> Decimal | None:
    """A value with the decimals that the report displays."""
    if value is None:
        return None
    return Decimal(display_value(value, kpi.decimal_places, minus=MINUS_IN_DATA, separator=""))


def rate_cell(
    rate: Decimal | None, rules: AnnualReport, bounds: tuple[Decimal, ...]
) -> Decimal | None:
    """A rate in percent as a report with these rules displays it."""
    if rate is None:
        return None
    return Decimal(rules.rate_number(rate, bounds, minus=MINUS_IN_DATA, separator=""))
