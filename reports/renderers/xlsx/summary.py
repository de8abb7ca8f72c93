"""The sheet 総括: where the strategy stands, its projects, and what moved."""

from common.fiscal_year import wareki
from kpis.achievement import MINUS_IN_PRINT, NOTHING
from reports.annual.report import ReportMovement, ReportStanding
from reports.charts.rates import RateRow, rates_description
from reports.renderers.clean_text import clean_line
from reports.renderers.wording import basis_text, of_all_text, rating_text
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.chart import MOST_BARS, Bars, insert_chart
from reports.renderers.xlsx.figures import Content, Figures, count
from reports.renderers.xlsx.sheet import Sheet

_LEADING, _COLUMN = (11.0, 35.0), 14.9
_LEAST_COLUMNS = 7
_DIRECTIONS = {"up": "上がった", "down": "下がった"}
_MEANS = [
    *("達成率の\n平均（%）", "達成率の\n対象指標"),
    *("進捗率の\n平均（%）", "進捗率の\n対象指標"),
    "評価",
]
_MEAN_FORMATS = (
    [cell_formats.CELL] * 2 + [cell_formats.FIGURE, cell_formats.CELL] * 2 + [cell_formats.CELL]
)


def write_summary(book: Book, figures: Figures) -> str:
    """The sheet; returns its title."""
    report = book.report
    counted = max(len(report.standing.by_band), len(report.initiative_statuses))
    columns = max(_LEAST_COLUMNS - len(_LEADING), counted)
    sheet = Sheet(book, "総括", [*_LEADING, *[_COLUMN] * columns], upright=True)
    title = f"総括（{wareki(report.fiscal_year)}）"
    sheet.title(title)
    sheet.stay_above()
    sheet.skip()
    sheet.paragraph(report.headline, cell_formats.STRONG)
    _standings(sheet, figures)
    _counts(sheet)
    _projects(sheet, figures)
    _movements(sheet, figures)
    sheet.finish()
    return title


def _years(sheet: Sheet) -> list[tuple[str, ReportStanding]]:
    """The report's year and, where there is one, the year before."""
    report = sheet.book.report
    years = [(wareki(report.fiscal_year), report.standing)]
    if report.previous is not None:
        years.append((wareki(report.fiscal_year - 1), report.previous))
    return years


def _standings(sheet: Sheet, figures: Figures) -> None:
    sheet.heading("全体の平均と評価")
    sheet.head(["年度", "範囲", *_MEANS])
    places = sheet.places(_MEAN_FORMATS)
    for year, standing in _years(sheet):
        sheet.cells(places, [year, "全体", *_means(standing, figures)])
    sheet.paragraph(f"評価は{basis_text(sheet.book.report)}の平均によります。", cell_formats.NOTE)


def _means(standing: ReportStanding, figures: Figures) -> list[Content]:
    """Both means with the KPIs behind each, and the rating."""
    return [
        figures.rate(standing.achievement_mean),
        of_all_text(standing.achievement_count, standing),
        figures.rate(standing.progress_mean),
        of_all_text(standing.progress_count, standing),
        rating_text(standing.rating_symbol, standing.rating_label),
    ]


def _counts(sheet: Sheet) -> None:
    report = sheet.book.report
    bands = [rating_text(symbol, label) for symbol, label, _ in report.standing.by_band]
    sheet.heading("評価別の指標数")
    sheet.head(["年度", "指標の数", *bands])
    places = sheet.places([cell_formats.CELL, *[cell_formats.FIGURE] * (len(bands) + 1)])
    for year, standing in _years(sheet):
        counts = [standing.kpi_count, *(number for *_, number in standing.by_band)]
        sheet.cells(places, [year, *map(count, counts)])
    sheet.heading("取組の状況（再掲を除く）")
    statuses = report.initiative_statuses
    sheet.head(["年度", "取組の数（再掲を除く）", *(label for label, _ in statuses)])
    counts = [report.initiative_count, *(number for _, number in statuses)]
    year = wareki(report.fiscal_year)
    places = sheet.places([cell_formats.CELL, *[cell_formats.FIGURE] * len(counts)])
    sheet.cells(places, [year, *map(count, counts)])
    sheet.paragraph(
        f"このほかに再掲が{report.relisted_count:,}件あります。数には入れていません。",
        cell_formats.NOTE,
    )


def _projects(sheet: Sheet, figures: Figures) -> None:
    report = sheet.book.report
    sheet.heading("プロジェクト別の状況")
    sheet.head(["番号", "プロジェクト", *_MEANS])
    places = sheet.places(_MEAN_FORMATS)
    first_row = sheet.row
    shown = []
    for project in report.projects:
        means = _means(project.standing, figures)
        sheet.cells(places, [project.code, clean_line(project.name), *means])
        shown.append((project, means))
    title = f"プロジェクト別の進捗率の平均（{wareki(report.fiscal_year)}、目安＝100%）"
    for first in range(0, len(shown), MOST_BARS):
        part = shown[first : first + MOST_BARS]
        rows = [
            RateRow(project.code, project.name, project.standing.progress_mean, str(means[-1]))
            for project, means in part
        ]
        in_words = rates_description(rows, bounds=report.bounds, minus=MINUS_IN_PRINT)
        insert_chart(
            sheet,
            Bars(
                title=title,
                description=f"{title}の棒グラフ。{in_words}",
                first_row=first_row + first,
                names_column=1,
                rates_column=4,
                rates=[means[2] for _, means in part],
                words=["" for _ in part],
            ),
        )


def _movements(sheet: Sheet, figures: Figures) -> None:
    report = sheet.book.report
    sheet.heading("前年度からの動き")
    if report.movements is None:
        sheet.paragraph("計画の初年度のため、前年度とは比べていません。")
        return
    moved = report.movements
    sheet.head(["比べた年度", "評価", "上がった", "下がった", "変わらない", "比べられない"])
    counts = [moved.up, moved.down, moved.same, moved.incomparable]
    before, now = wareki(report.fiscal_year - 1), wareki(report.fiscal_year)
    places = sheet.places([cell_formats.CELL] * 2 + [cell_formats.FIGURE] * len(counts))
    sheet.cells(places, [before, "評価が動いた指標の数", *map(count, counts)])
    sheet.paragraph(
        "「比べられない」は、どちらかの年度に評価がない指標の数です。", cell_formats.NOTE
    )
    if not moved.moved:
        return
    sheet.skip()
    basis = basis_text(report)
    sheet.head(
        ["番号", "指標名", "動き", f"{before}\n{basis}（%）", f"{before}\n評価",
         f"{now}\n{basis}（%）", f"{now}\n評価"]
    )  # fmt: skip
    places = sheet.places([cell_formats.CELL] * 3 + [cell_formats.FIGURE, cell_formats.CELL] * 2)
    for one in moved.moved:
        sheet.cells(places, _movement(one, figures))


def _movement(one: ReportMovement, figures: Figures) -> list[Content]:
    return [
        one.code,
        clean_line(one.name),
        _DIRECTIONS.get(one.direction, NOTHING),
        figures.rate(one.before_rate),
        rating_text(*one.before_rating),
        figures.rate(one.after_rate),
        rating_text(*one.after_rating),
    ]
