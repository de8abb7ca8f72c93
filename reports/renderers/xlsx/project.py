"""A project's sheet: where it stands, its KPIs and why, and what was done."""

from collections.abc import Iterable, Sequence

from common.fiscal_year import wareki
from kpis.achievement import NOTHING
from reports.annual.document import ReportInitiative, ReportKpi, ReportProject
from reports.renderers.clean_text import clean_line, clean_lines
from reports.renderers.content.project import rate_rows
from reports.renderers.wording import (
    basis_text,
    home_text,
    of_all_text,
    rating_text,
    year_rating_text,
)
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.chart import insert_charts
from reports.renderers.xlsx.figures import (
    Content,
    content_width,
    count,
    figure_widths,
    kpi_heads,
    rate,
)
from reports.renderers.xlsx.measures import width_of
from reports.renderers.xlsx.sheet import ReportSheet

_NOT_WRITTEN = "未入力"
_NUMBER, _NAME, _UNIT, _RATING = 8.0, 32.0, 7.0, 12.0
_EDGES = 3.0
# Where columns begin: an explanation's texts, an initiative's cost and its texts.
_FIRST_TEXT, _COST, _FIRST_DONE = 4, 3, 6
# Where the cells of the project's standing begin and end.
_STANDING = ((0, 1), (2, 4), (5, 6), (7, 8), (9, 10))
# Longer names leave no room for the bars: the chart then shows codes.
_MOST_NAME_IN_CHART = 64.0


def write_project(book: Book, project: ReportProject, rows: Sequence[list[Content]]) -> None:
    """The sheet of one project; `rows` are its KPIs' figures (`kpi_figures`)."""
    sheet = ReportSheet(book, project.code, _widths(book, project, rows), upright=False)
    kind = "　".join(filter(None, map(clean_line, (project.kind_label, project.pillar))))
    sheet.title(f"{project.code}　{clean_line(project.name)}", kind)
    sheet.stay_above()
    _purpose(sheet, project)
    _standing(sheet, project)
    _kpis(sheet, project, rows)
    _explanations(sheet, project.kpis)
    _initiatives(sheet, project.initiatives)
    sheet.heading("外部有識者の意見")
    sheet.paragraph(project.external_opinion or NOTHING)
    sheet.finish()


def _widths(book: Book, project: ReportProject, rows: Sequence[list[Content]]) -> list[float]:
    columns = figure_widths(rows, len(kpi_heads(book.report)))
    # The first column of figures is also that of the initiatives' costs.
    costs = [content_width(_cost(one)) + _EDGES for one in project.initiatives]
    columns[0] = max([columns[0], *costs])
    units = [min(width_of(kpi.unit) + _EDGES, 2 * _UNIT) for kpi in project.kpis]
    return [_NUMBER, _NAME, max([_UNIT, *units]), *columns, _RATING]


def _purpose(sheet: ReportSheet, project: ReportProject) -> None:
    sheet.heading("目的と方向性")
    sheet.paragraph(project.purpose or NOTHING)
    for number, direction in enumerate(project.directions, start=1):
        sheet.paragraph(f"（{number}）{clean_line(direction)}")


def _standing(sheet: ReportSheet, project: ReportProject) -> None:
    report, standing = sheet.report, project.standing
    sheet.heading("総括")
    sheet.paragraph(project.review or _NOT_WRITTEN)
    sheet.skip()
    put = report.words.put
    heads = (
        "評価", "達成率の平均（%）", put("達成率の対象指標"),
        "進捗率の平均（%）", put("進捗率の対象指標"),
    )  # fmt: skip
    contents = (
        rating_text(standing.rating_symbol, standing.rating_label),
        rate(standing.achievement_mean, report),
        of_all_text(standing.achievement_count, standing, report.words),
        rate(standing.progress_mean, report),
        of_all_text(standing.progress_count, standing, report.words),
    )
    sheet.table(heads, [contents], figures=(1, 3), spans=_STANDING)
    statuses = "、".join(f"{label} {number}" for label, number in project.initiative_statuses)
    basis = basis_text(report)
    sheet.paragraph(
        f"評価は{basis}の平均によります。{put('取組の状況（再掲を除く）')}：{statuses or NOTHING}",
        cell_formats.NOTE,
    )


def _kpis(sheet: ReportSheet, project: ReportProject, rows: Sequence[list[Content]]) -> None:
    word = sheet.book.words.kpi
    sheet.heading(word)
    heads = ["番号", f"{word}名", "単位", *kpi_heads(sheet.report), "評価"]
    cells = [
        [
            *(kpi.code, clean_line(kpi.name), clean_line(kpi.unit) or NOTHING),
            *row,
            year_rating_text(kpi.latest),
        ]
        for kpi, row in zip(project.kpis, rows, strict=True)
    ]
    first_row = sheet.table(heads, cells, figures=range(3, len(heads) - 1))
    if not project.kpis:
        sheet.paragraph(f"{word}がありません。")
    for kpi in project.kpis:
        for year in kpi.years:
            if year.remarks:
                place = f"{kpi.code}（{wareki(year.fiscal_year)}）"
                sheet.paragraph(f"注　{place}{' '.join(year.remarks)}", cell_formats.NOTE)
    is_short = all(width_of(kpi.name) <= _MOST_NAME_IN_CHART for kpi in project.kpis)
    now = wareki(sheet.report.fiscal_year)
    insert_charts(
        sheet,
        f"{clean_line(project.code)}の{word}別の進捗率（{now}、目安＝100%）",
        rate_rows(project),
        [row[-1] for row in rows],
        first_row=first_row,
        names_column=1 if is_short else 0,
        rates_column=sheet.last_column - 1,
        tells_why=True,
    )


def _explanations(sheet: ReportSheet, kpis: Iterable[ReportKpi]) -> None:
    sheet.heading("要因分析と今後の方向性")
    rows, silent = [], []
    for kpi in kpis:
        texts = clean_lines(kpi.latest.analysis), clean_lines(kpi.latest.next_steps)
        if any(texts):
            named = kpi.code, clean_line(kpi.name), year_rating_text(kpi.latest)
            rows.append((*named, *(text or NOTHING for text in texts)))
        else:
            silent.append(kpi.code)
    first, last = _FIRST_TEXT, sheet.last_column
    middle = (first + last) // 2
    spans = [(0, 0), (1, 1), (2, first - 1), (first, middle), (middle + 1, last)]
    if rows:
        heads = ("番号", sheet.book.words.put("指標名"), "評価", "要因分析", "今後の方向性")
        sheet.table(heads, rows, is_long=True, spans=spans)
    if silent:
        sheet.paragraph(f"記載のない{sheet.book.words.kpi}：{'、'.join(silent)}", cell_formats.NOTE)


def _initiatives(sheet: ReportSheet, initiatives: Sequence[ReportInitiative]) -> None:
    word = sheet.book.words.initiative
    sheet.heading(word)
    if not initiatives:
        sheet.paragraph(NOTHING)
        return
    first, last = _FIRST_DONE, sheet.last_column
    middle = (first + last) // 2
    spans = [*((column, column) for column in range(first)), (first, middle), (middle + 1, last)]
    heads = (
        "番号", word, "状況", "決算額\n（千円）", "所管課", "掲載先",
        f"{word}実績", "今後の方向性",
    )  # fmt: skip
    rows = map(_initiative, initiatives)
    sheet.table(heads, rows, figures=[_COST], is_long=True, spans=spans)


def _initiative(one: ReportInitiative) -> list[Content]:
    """A listing's cells; of a 再掲 they say where its home is."""
    name, department = clean_line(one.name), clean_line(one.department) or NOTHING
    if one.is_relisted:
        home = home_text(one)
        in_words = f"{home}に記載しています。"
        return [f"({one.number})", f"{name}（再掲）", NOTHING, NOTHING, department,
                f"主な掲載先\n{home}", in_words, in_words]  # fmt: skip
    again = "、".join(one.relisted_in)
    return [
        f"({one.number})", name, one.status_label or NOTHING, _cost(one), department,
        f"再掲先\n{again}" if again else NOTHING,
        clean_lines(one.summary) or NOTHING, clean_lines(one.next_steps) or NOTHING,
    ]  # fmt: skip


def _cost(one: ReportInitiative) -> Content:
    return NOTHING if one.cost is None else count(one.cost)
