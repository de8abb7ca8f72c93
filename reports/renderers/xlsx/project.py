"""A project's sheet: where it stands, its KPIs and why, and what was done."""

from collections.abc import Iterable, Sequence

from common.fiscal_year import wareki
from kpis.achievement import NOTHING
from reports.annual.document import ReportInitiative, ReportKpi, ReportProject
from reports.renderers.clean_text import clean_line, clean_lines
from reports.renderers.content.project import judged_texts, rate_rows, rating_reason
from reports.renderers.content.summary import rating_cells, rating_heads
from reports.renderers.wording import (
    basis_text,
    both_ratings_text,
    home_text,
    of_all_text,
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
# Where experts rate too.
_STANDING_OF_TWO = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 8), (9, 9))
# Longer names leave no room for the bars: the chart then shows codes.
_MOST_NAME_IN_CHART = 64.0


def write_project(book: Book, project: ReportProject, rows: Sequence[list[Content]]) -> None:
    """The sheet of one project; `rows` are its KPIs' figures (`kpi_figures`)."""
    sheet = ReportSheet(book, project.code, _widths(book, project, rows), upright=False)
    kind = "　".join(filter(None, map(clean_line, (project.kind_label, project.pillar))))
    sheet.title(f"{clean_line(project.sign)}　{clean_line(project.name)}", kind)
    sheet.stay_above()
    _purpose(sheet, project)
    _standing(sheet, project)
    _kpis(sheet, project, rows)
    _explanations(sheet, project.kpis)
    _judgements(sheet, project.kpis)
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
    rating = [_RATING] if book.report.rates_kpis else []
    return [_NUMBER, _NAME, max([_UNIT, *units]), *columns, *rating]


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
    ratings = rating_heads(report)
    heads = (
        *ratings, "達成率の平均（%）", put("達成率の対象指標"),
        "進捗率の平均（%）", put("進捗率の対象指標"),
    )  # fmt: skip
    contents = (
        *rating_cells(standing, report),
        rate(standing.achievement_mean, report),
        of_all_text(standing.achievement_count, standing, report.words),
        rate(standing.progress_mean, report),
        of_all_text(standing.progress_count, standing, report.words),
    )
    first = len(ratings)
    spans = _STANDING_OF_TWO if first > 1 else _STANDING[: len(heads)]
    sheet.table(heads, [contents], figures=(first, first + 2), spans=spans)
    for label, reason in rating_reason(project):
        sheet.paragraph(f"{label}：{reason}", cell_formats.NOTE)
    statuses = "、".join(f"{label} {number}" for label, number in project.initiative_statuses)
    by_mean = f"評価は{basis_text(report)}の平均によります。" if report.rates_the_whole else ""
    sheet.paragraph(
        f"{by_mean}{put('取組の状況（再掲を除く）')}：{statuses or NOTHING}",
        cell_formats.NOTE,
    )


def _kpis(sheet: ReportSheet, project: ReportProject, rows: Sequence[list[Content]]) -> None:
    word = sheet.book.words.kpi
    sheet.heading(word)
    is_rated = sheet.report.rates_kpis
    figures = kpi_heads(sheet.report)
    heads = ["番号", f"{word}名", "単位", *figures, *(["評価"] if is_rated else [])]
    cells = [
        [
            *(kpi.code, clean_line(kpi.name), clean_line(kpi.unit) or NOTHING),
            *row,
            *([both_ratings_text(kpi.latest)] if is_rated else []),
        ]
        for kpi, row in zip(project.kpis, rows, strict=True)
    ]
    first_row = sheet.table(heads, cells, figures=range(3, 3 + len(figures)))
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
        f"{clean_line(project.sign)}の{word}別の進捗率（{now}、目安＝100%）",
        rate_rows(project, sheet.report),
        [row[-1] for row in rows],
        first_row=first_row,
        names_column=1 if is_short else 0,
        rates_column=2 + len(figures),
        tells_why=True,
    )


def _explanations(sheet: ReportSheet, kpis: Iterable[ReportKpi]) -> None:
    sheet.heading("要因分析と今後の方向性")
    rows, silent = [], []
    for kpi in kpis:
        texts = clean_lines(kpi.latest.analysis), clean_lines(kpi.latest.next_steps)
        if any(texts):
            named = [kpi.code, clean_line(kpi.name)]
            if sheet.report.rates_kpis:
                named.append(year_rating_text(kpi.latest))
            rows.append((*named, *(text or NOTHING for text in texts)))
        else:
            silent.append(kpi.code)
    first, last = _FIRST_TEXT, sheet.last_column
    middle = (first + last) // 2
    heads = ["番号", sheet.book.words.put("指標名"), "評価", "要因分析", "今後の方向性"]
    spans = [(0, 0), (1, 1), (2, first - 1), (first, middle), (middle + 1, last)]
    if not sheet.report.rates_kpis:
        heads.remove("評価")
        middle = (2 + last) // 2
        spans[2:] = [(2, middle), (middle + 1, last)]
    if rows:
        sheet.table(heads, rows, is_long=True, spans=spans)
    if silent:
        sheet.paragraph(f"記載のない{sheet.book.words.kpi}：{'、'.join(silent)}", cell_formats.NOTE)


def _judgements(sheet: ReportSheet, kpis: Iterable[ReportKpi]) -> None:
    """What departments proposed and the planner decided, with the reasons; nothing without any."""
    rows = [
        [kpi.code, clean_line(kpi.name), label, text]
        for kpi in kpis
        for label, text in judged_texts(kpi.latest)
    ]
    if not rows:
        return
    sheet.heading("評価の案と決定")
    first, last = _FIRST_TEXT, sheet.last_column
    heads = ["番号", sheet.book.words.put("指標名"), "区分", "評価と理由"]
    spans = [(0, 0), (1, 1), (2, first - 1), (first, last)]
    sheet.table(heads, rows, is_long=True, spans=spans)


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
    again = "、".join(map(clean_line, one.places_again))
    return [
        f"({one.number})", name, one.status_label or NOTHING, _cost(one), department,
        f"再掲先\n{again}" if again else NOTHING,
        clean_lines(one.summary) or NOTHING, clean_lines(one.next_steps) or NOTHING,
    ]  # fmt: skip


def _cost(one: ReportInitiative) -> Content:
    return NOTHING if one.cost is None else count(one.cost)
