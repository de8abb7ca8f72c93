"""The sheet 総括: where the strategy stands, its projects, and what moved."""

from common.fiscal_year import wareki
from reports.annual.document import AnnualReport, ReportMovement, ReportStanding
from reports.charts.rates import RateRow
from reports.renderers.clean_text import clean_line
from reports.renderers.content.lives import incomparable_text, means_text
from reports.renderers.content.summary import (
    DIRECTIONS,
    are_rated_alike,
    earlier_counts,
    is_in_rows,
    own_bounds,
    rating_cells,
    rating_heads,
)
from reports.renderers.wording import basis_text, rate_text, rating_text, standing_text
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
    marks = 0 if _is_in_rows(report) else len(report.standing.by_band)
    counted = max(marks, len(report.initiative_statuses), len(rating_heads(report)) + 4)
    columns = max(_LEAST_COLUMNS - len(_LEADING), counted)
    sheet = ReportSheet(book, "総括", [*_LEADING, *[_COLUMN] * columns], upright=True)
    title = f"総括（{wareki(report.fiscal_year)}）"
    sheet.title(title)
    sheet.stay_above()
    sheet.skip()
    sheet.paragraph(report.headline, cell_formats.STRONG)
    if not report.has_goals_alone:
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
    is_rated = report.rates_the_whole
    sheet.heading("全体の平均と評価" if is_rated else "全体の平均")
    rules = (report, report.in_year(report.fiscal_year - 1))
    rows = [
        [
            *(year, "全体", *mean_cells(standing, rated)),
            *([rating_text(*standing.rating)] if is_rated else []),
        ]
        for (year, standing), rated in zip(_years(report), rules, strict=False)
    ]
    rating = ["評価"] if is_rated else []
    heads = ["年度", "範囲", *map(report.words.put, MEAN_HEADS), *rating]
    sheet.table(heads, rows, figures=MEAN_FIGURES)
    if is_rated:
        sheet.paragraph(f"評価は{basis_text(report)}の平均によります。", cell_formats.NOTE)


def _counts(sheet: ReportSheet) -> None:
    report = sheet.report
    put = report.words.put
    if report.standing.by_band:
        _rating_counts(sheet)
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


def _is_in_rows(report: AnnualReport) -> bool:
    """Whether ratings stand one below the other, as they do in print."""
    return is_in_rows([rating_text(symbol, label) for symbol, label, _ in report.standing.by_band])


def _rating_counts(sheet: ReportSheet) -> None:
    """How many KPIs have each rating, in both years where they are rated alike."""
    report = sheet.report
    put = report.words.put
    sheet.heading(put("評価別の指標数"))
    marks = [rating_text(symbol, label) for symbol, label, _ in report.standing.by_band]
    years = _years(report)[: 2 if are_rated_alike(report) else 1]
    counts = [[number for *_, number in standing.by_band] for _year, standing in years]
    rows: list[list[Content]]
    if _is_in_rows(report):
        heads = ["良い順", "評価", *(year for year, _standing in years)]
        rows = [
            [str(at), mark, *map(count, own)]
            for at, (mark, *own) in enumerate(zip(marks, *counts, strict=True), start=1)
        ]
        rows[-1][0] = ""
        rows.append(["", "計", *(count(sum(own)) for own in counts)])
        sheet.table(heads, rows, figures=range(2, len(heads)))
    else:
        heads = ["年度", put("指標の数"), *marks]
        rows = [
            [year, *map(count, [sum(own), *own])]
            for (year, _standing), own in zip(years, counts, strict=True)
        ]
        sheet.table(heads, rows, figures=range(1, len(heads)))
    for label, note in earlier_counts(report):
        sheet.paragraph(f"{label}　{note}", cell_formats.NOTE)


def _projects(sheet: ReportSheet) -> None:
    report = sheet.report
    put = report.words.put
    sheet.heading(put("プロジェクト別の状況"))
    means = [mean_cells(project.standing, report) for project in report.projects]
    ratings = [rating_cells(project.standing, report) for project in report.projects]
    bars = [
        RateRow(
            clean_line(project.sign),
            clean_line(project.name),
            project.standing.progress_mean,
            standing_text(project.standing) if report.rates_projects else "",
            rate_text(project.standing.progress_mean, report),
        )
        for project in report.projects
    ]
    rows = [
        [bar.code, bar.name, *own, *rated]
        for bar, own, rated in zip(bars, means, ratings, strict=True)
    ]
    heads = [*map(put, ["番号", "プロジェクト", *MEAN_HEADS]), *rating_heads(report)]
    first_row = sheet.table(heads, rows, figures=MEAN_FIGURES)
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
    if not report.rates_kpis:
        if note := means_text(report):
            sheet.heading("前年度からの動き")
            sheet.paragraph(note, cell_formats.NOTE)
        return
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
        rate(one.before_rate, report.in_year(report.fiscal_year - 1), own_bounds(one, report)),
        rating_text(*one.before_rating),
        rate(one.after_rate, report, own_bounds(one, report)),
        rating_text(*one.after_rating),
    ]
