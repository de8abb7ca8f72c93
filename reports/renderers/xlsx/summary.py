"""The sheet 総括: where the strategy stands, its projects, and what moved."""

from common.fiscal_year import wareki
from reports.annual.document import AnnualReport, ReportMovement, ReportStanding
from reports.charts.rates import RateRow
from reports.renderers.clean_text import clean_line
from reports.renderers.content.lives import incomparable_text, means_text
from reports.renderers.content.summary import DIRECTIONS, are_rated_alike, earlier_counts
from reports.renderers.wording import basis_text, rating_text
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.chart import insert_charts
from reports.renderers.xlsx.figures import Content, count, rate
from reports.renderers.xlsx.means import MEAN_FIGURES, MEAN_HEADS, mean_cells
from reports.renderers.xlsx.outcome import write_outcome
from reports.renderers.xlsx.sheet import ReportSheet

_LEADING, _COLUMN = (11.0, 35.0), 14.9
_LEAST_COLUMNS = 7


def write_summary(book: Book) -> str:
    """The sheet; returns its title."""
    report = book.report
    counted = max(len(report.standing.by_band), len(report.initiative_statuses))
    columns = max(_LEAST_COLUMNS - len(_LEADING), counted)
    sheet = ReportSheet(book, "総括", [*_LEADING, *[_COLUMN] * columns], upright=True)
    title = f"総括（{wareki(report.fiscal_year)}）"
    sheet.title(title)
    sheet.stay_above()
    sheet.skip()
    sheet.paragraph(report.headline, cell_formats.STRONG)
    _standings(sheet)
    _counts(sheet)
    _projects(sheet)
    _movements(sheet)
    if report.outcome is not None:
        write_outcome(sheet, report.outcome)
    sheet.finish()
    return title


def _years(report: AnnualReport) -> list[tuple[str, ReportStanding]]:
    """The report's year and, where there is one, the year before."""
    years = [(wareki(report.fiscal_year), report.standing)]
    if report.previous is not None:
        years.append((wareki(report.fiscal_year - 1), report.previous))
    return years


def _standings(sheet: ReportSheet) -> None:
    report = sheet.report
    sheet.heading("全体の平均と評価")
    rules = (report, report.in_year(report.fiscal_year - 1))
    rows = [
        [year, "全体", *mean_cells(standing, rated)]
        for (year, standing), rated in zip(_years(report), rules, strict=False)
    ]
    sheet.table(["年度", "範囲", *map(report.words.put, MEAN_HEADS)], rows, figures=MEAN_FIGURES)
    sheet.paragraph(f"評価は{basis_text(report)}の平均によります。", cell_formats.NOTE)


def _counts(sheet: ReportSheet) -> None:
    report = sheet.report
    put = report.words.put
    sheet.heading(put("評価別の指標数"))
    heads = ["年度", put("指標の数")]
    heads += [rating_text(symbol, label) for symbol, label, _ in report.standing.by_band]
    rows: list[list[Content]] = [
        [year, *map(count, [standing.kpi_count, *(number for *_, number in standing.by_band)])]
        for year, standing in _years(report)[: 2 if are_rated_alike(report) else 1]
    ]
    sheet.table(heads, rows, figures=range(1, len(heads)))
    for label, note in earlier_counts(report):
        sheet.paragraph(f"{label}　{note}", cell_formats.NOTE)
    sheet.heading(put("取組の状況（再掲を除く）"))
    statuses = report.initiative_statuses
    heads = ["年度", put("取組の数（再掲を除く）"), *(label for label, _ in statuses)]
    counts = [report.initiative_count, *(number for _, number in statuses)]
    row: list[Content] = [wareki(report.fiscal_year), *map(count, counts)]
    sheet.table(heads, [row], figures=range(1, len(heads)))
    sheet.paragraph(
        f"このほかに再掲が{report.relisted_count:,}件あります。数には入れていません。",
        cell_formats.NOTE,
    )


def _projects(sheet: ReportSheet) -> None:
    report = sheet.report
    put = report.words.put
    sheet.heading(put("プロジェクト別の状況"))
    means = [mean_cells(project.standing, report) for project in report.projects]
    bars = [
        RateRow(
            project.code, clean_line(project.name), project.standing.progress_mean, str(own[-1])
        )
        for project, own in zip(report.projects, means, strict=True)
    ]
    rows = [[bar.code, bar.name, *own] for bar, own in zip(bars, means, strict=True)]
    first_row = sheet.table(
        [*map(put, ["番号", "プロジェクト", *MEAN_HEADS])], rows, figures=MEAN_FIGURES
    )
    insert_charts(
        sheet,
        f"{report.words.project}別の進捗率の平均（{wareki(report.fiscal_year)}、目安＝100%）",
        bars,
        [own[2] for own in means],
        first_row=first_row,
        names_column=1,
        rates_column=4,
        tells_why=False,
    )


def _movements(sheet: ReportSheet) -> None:
    report = sheet.report
    sheet.heading("前年度からの動き")
    if report.movements is None:
        sheet.paragraph("計画の初年度のため、前年度とは比べていません。")
        return
    moved, word = report.movements, report.words.kpi
    before, now = wareki(report.fiscal_year - 1), wareki(report.fiscal_year)
    counts = [moved.up, moved.down, moved.same, moved.incomparable]
    sheet.table(
        ["比べた年度", "評価", "上がった", "下がった", "変わらない", "比べられない"],
        [[before, f"評価が動いた{word}の数", *map(count, counts)]],
        figures=range(2, 6),
    )
    why = (incomparable_text(report) if moved.reasons else "") + means_text(report)
    note = f"「比べられない」は、どちらかの年度に評価がない{word}の数です。"
    sheet.paragraph(why or note, cell_formats.NOTE)
    if not moved.moved:
        return
    sheet.skip()
    basis = basis_text(report)
    heads = [
        "番号", f"{word}名", "動き", f"{before}\n{basis}（%）", f"{before}\n評価",
        f"{now}\n{basis}（%）", f"{now}\n評価",
    ]  # fmt: skip
    rows = [_movement(one, report) for one in moved.moved]
    sheet.table(heads, rows, figures=(3, 5))


def _movement(one: ReportMovement, report: AnnualReport) -> list[Content]:
    return [
        one.code,
        clean_line(one.name),
        DIRECTIONS[one.direction],
        rate(one.before_rate, report.in_year(report.fiscal_year - 1)),
        rating_text(*one.before_rating),
        rate(one.after_rate, report),
        rating_text(*one.after_rating),
    ]
