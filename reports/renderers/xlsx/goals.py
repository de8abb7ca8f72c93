"""The sheet 数値目標: those of the plan and of each pillar, apart from the projects."""

from common.fiscal_year import wareki
from kpis.achievement import NOTHING
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportGoals, ReportKpi
from reports.renderers.clean_text import clean_line, clean_lines
from reports.renderers.content.goals import goals_content
from reports.renderers.wording import both_ratings_text, rating_text
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.figures import (
    Content,
    count,
    figure_widths,
    kpi_figures,
    kpi_heads,
)
from reports.renderers.xlsx.sheet import ReportSheet

_LEADING = (8.0, 34.0, 8.0)
_RATING = 12.0


def write_goals(book: Book) -> str:
    """The sheet; returns its title."""
    report = book.report
    figures = [kpi_figures(kpi, report) for kpi in report.goal_kpis]
    widths = figure_widths(figures, len(kpi_heads(report)))
    sheet = ReportSheet(book, GOALS, [*_LEADING, *widths, _RATING], upright=False)
    title = f"{GOALS}（{wareki(report.fiscal_year)}）"
    sheet.title(title)
    sheet.stay_above()
    texts = goals_content(report) or {}
    if texts["sentence"]:
        sheet.paragraph(texts["sentence"], cell_formats.STRONG)
    sheet.paragraph(texts["lead"], cell_formats.NOTE)
    _counts(sheet, report)
    for group in report.goals:
        _group(sheet, group)
    sheet.finish()
    return title


def _counts(sheet: ReportSheet, report: AnnualReport) -> None:
    """How many have which rating, a row each; nothing where none is rated."""
    if not report.goals_by_band:
        return
    sheet.heading(f"評価別の{GOALS}の数")
    rows: list[list[Content]] = [
        [rating_text(*mark), f"{GOALS}の数", count(number)]
        for *mark, number in report.goals_by_band
    ]
    sheet.table(["評価", "範囲", wareki(report.fiscal_year)], rows, figures=(2,))


def _group(sheet: ReportSheet, group: ReportGoals) -> None:
    report = sheet.report
    sheet.heading(clean_line(group.name))
    figures = kpi_heads(report)
    heads = ["番号", GOALS, "単位", *figures, *(["評価"] if report.rates_kpis else [])]
    rows = [
        [
            *(kpi.code, clean_line(kpi.name), clean_line(kpi.unit) or NOTHING),
            *kpi_figures(kpi, report),
            *([both_ratings_text(kpi.latest)] if report.rates_kpis else []),
        ]
        for kpi in group.kpis
    ]
    sheet.table(heads, rows, figures=range(3, 3 + len(figures)))
    for kpi in group.kpis:
        for year in kpi.years:
            if year.remarks:
                place = f"{kpi.code}（{wareki(year.fiscal_year)}）"
                sheet.paragraph(f"注　{place}{' '.join(year.remarks)}", cell_formats.NOTE)
    explained = [texts for kpi in group.kpis if (texts := _explained(kpi))]
    if explained:
        middle = (2 + sheet.last_column) // 2
        spans = [(0, 0), (1, 1), (2, middle), (middle + 1, sheet.last_column)]
        titles = ("番号", GOALS, "要因分析", "今後の方向性")
        sheet.table(titles, explained, is_long=True, spans=spans)


def _explained(kpi: ReportKpi) -> tuple[str, ...]:
    """What was written about one in the report's year; empty without."""
    texts = clean_lines(kpi.latest.analysis), clean_lines(kpi.latest.next_steps)
    if not any(texts):
        return ()
    return (kpi.code, clean_line(kpi.name), *(text or NOTHING for text in texts))
