"""The sheets behind the projects: all KPIs, what was changed, and what each KPI means."""

from collections.abc import Sequence

from common.fiscal_year import wareki
from kpis.achievement import NOTHING
from projects.words import PlanWords
from reports.annual.document import ReportKpi, ReportProject
from reports.renderers.clean_text import clean_line, clean_lines
from reports.renderers.content.annex import changes_count
from reports.renderers.content.lives import HEADS, lives_rows, lives_text, lives_title
from reports.renderers.content.ratings import own_scales_text
from reports.renderers.csv import AGGREGATIONS
from reports.renderers.wording import both_ratings_text
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.figures import Content, figure_widths, kpi_heads, value
from reports.renderers.xlsx.sheet import ReportSheet

# Each KPI with its project and its figures (`kpi_figures`).
KpiRows = Sequence[tuple[ReportProject, ReportKpi, list[Content]]]

_LISTED = ("番号", "プロジェクト", "指標名", "単位", "所管課", "集計方法")
_LISTED_WIDTHS = (8.0, 22.0, 34.0, 8.0, 16.0, 10.0)
_RATED = ("評価", "値の区分")
_RATED_WIDTHS = (12.0, 10.0)
_OWN_RULES = "評価のきまり"
_CHANGE_WIDTHS = (11.0, 32.0, 13.0, 18.0, 36.0, 36.0, 32.0)
_DEFINED = (
    "番号", "指標名", "単位", "集計方法", "目指す方向", "算式", "基準値", "基準値の\n年度",
    "所管課", "算出方法", "資料出所", "備考",
)  # fmt: skip
_DEFINED_WIDTHS = (8.0, 32.0, 8.0, 11.0, 12.0, 12.0, 10.0, 11.0, 16.0, 46.0, 28.0, 40.0)
_BASELINE = 6


def write_kpi_list(book: Book, rows: KpiRows) -> str:
    """All KPIs in one table to sort and filter; returns the sheet's title."""
    heads = kpi_heads(book.report)
    widths = figure_widths((figures for *_, figures in rows), len(heads))
    put = book.words.put
    is_rated = book.report.rates_kpis
    first = 0 if is_rated else 1
    rated, rated_widths = _RATED[first:], _RATED_WIDTHS[first:]
    sheet = ReportSheet(
        book, put("指標一覧"), [*_LISTED_WIDTHS, *widths, *rated_widths], upright=False
    )
    title = f"{book.words.kpi}の一覧（{wareki(book.report.fiscal_year)}）"
    sheet.title(title)
    cells = [
        [
            kpi.code,
            f"{clean_line(project.sign)}　{clean_line(project.name)}",
            clean_line(kpi.name),
            clean_line(kpi.unit) or NOTHING,
            clean_line(kpi.departments) or NOTHING,
            AGGREGATIONS[kpi.is_cumulative],
            *figures,
            *([both_ratings_text(kpi.latest)] if is_rated else []),
            kpi.latest.state_label,
        ]
        for project, kpi, figures in rows
    ]
    labels = [*map(put, _LISTED), *heads, *rated]
    figure_columns = range(len(_LISTED), len(labels) - len(rated))
    first_row = sheet.table(labels, cells, figures=figure_columns, stays_with=3)
    if rows:
        sheet.sheet.autofilter(first_row - 1, 0, sheet.row - 1, sheet.last_column)
    sheet.finish()
    return title


def write_changes(book: Book) -> str:
    """Revised targets with their reasons, and what reads otherwise than before."""
    title = "改定と変更"
    sheet = ReportSheet(book, title, _CHANGE_WIDTHS, upright=False)
    sheet.title("最終目標の改定と、前の報告書からの変更")
    sheet.stay_above()
    sheet.heading("最終目標の改定")
    _revisions(sheet)
    sheet.heading("前の報告書からの変更")
    _changes(sheet)
    if book.report.lives:
        sheet.heading(lives_title(book.report))
        sheet.paragraph(lives_text(book.report))
        sheet.table([*HEADS], lives_rows(book.report), is_long=True)
    sheet.finish()
    return title


def _revisions(sheet: ReportSheet) -> None:
    revisions = sheet.report.revisions
    if not revisions:
        sheet.paragraph("改定した最終目標はありません。")
        return
    heads = ["番号", sheet.book.words.put("指標名"), "適用年度", "単位", "改定前", "改定後", "理由"]
    rows = [
        [
            one.code,
            clean_line(one.name),
            f"{wareki(one.effective_from)}から",
            clean_line(one.unit) or NOTHING,
            clean_line(one.before_text) or value(one.before, one.decimal_places),
            clean_line(one.after_text) or value(one.after, one.decimal_places),
            clean_lines(one.reason) or NOTHING,
        ]
        for one in revisions
    ]
    sheet.table(heads, rows, figures=(4, 5), is_long=True)


def _changes(sheet: ReportSheet) -> None:
    report = sheet.report
    if report.reason:
        sheet.paragraph(f"この版を出す理由：{clean_lines(report.reason)}")
    sheet.paragraph(changes_count(report))
    if not report.changes:
        return
    heads = ["番号", "名称", "年度", "項目", "変更前", "変更後"]
    rows = [
        [
            one.code or "計画全体",
            clean_line(one.name) or NOTHING,
            NOTHING if one.fiscal_year is None else wareki(one.fiscal_year),
            clean_line(one.item),
            clean_lines(one.before) or NOTHING,
            clean_lines(one.after) or NOTHING,
        ]
        for one in report.changes
    ]
    sheet.table(heads, rows, is_long=True)


def write_definitions(book: Book, kpis: Sequence[ReportKpi]) -> str:
    """What each KPI measures, how its rate is computed, and where the figures come from."""
    put = book.words.put
    title = put("指標の定義と資料出所")
    sheet = ReportSheet(book, put("指標の定義"), _DEFINED_WIDTHS, upright=False)
    sheet.title(title)
    rows = [_definition(kpi, book.words) for kpi in kpis]
    sheet.table([*map(put, _DEFINED)], rows, figures=[_BASELINE], is_long=True, stays_with=2)
    sheet.finish()
    return title


def _definition(kpi: ReportKpi, words: PlanWords) -> list[Content]:
    return [
        kpi.code,
        clean_line(kpi.name),
        clean_line(kpi.unit) or NOTHING,
        kpi.aggregation_label,
        kpi.direction_label,
        kpi.formula_label,
        value(kpi.baseline, kpi.decimal_places),
        NOTHING if kpi.baseline_year is None else wareki(kpi.baseline_year),
        clean_line(kpi.departments) or NOTHING,
        clean_lines(kpi.definition) or NOTHING,
        clean_lines(kpi.data_source) or NOTHING,
        clean_lines(_remarks(kpi, words)) or NOTHING,
    ]


def _remarks(kpi: ReportKpi, words: PlanWords) -> str:
    """The note, whose figures the KPI shares, and by what it is rated otherwise."""
    shared = f"数値を共有する元の{words.kpi}：{kpi.source}" if kpi.source else ""
    own = own_scales_text(kpi)
    return "\n".join(filter(None, [kpi.note, shared, own and f"{_OWN_RULES}：{own}"]))
