"""The 総括 of the plan's whole period on the sheet 総括: in the report of its last year."""

from collections.abc import Sequence

from common.fiscal_year import wareki
from kpis.targets import Outcome
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportFinalKpi, ReportOutcome
from reports.outcome_text import outcome_sentence
from reports.renderers.clean_text import clean_line
from reports.renderers.content.outcome import (
    OUTCOME_TITLE,
    kpi_label,
    no_value_text,
    outcome_rows,
    rates_kpis,
    rates_the_whole,
    ratings_text,
)
from reports.renderers.wording import rating_text
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.figures import Content, count, rate, value
from reports.renderers.xlsx.means import MEAN_FIGURES, MEAN_HEADS, mean_cells
from reports.renderers.xlsx.sheet import ReportSheet


def write_outcome(sheet: ReportSheet, outcome: ReportOutcome) -> None:
    """What was reached, where the plan stood in each year, and how each KPI came out."""
    report = sheet.report
    words = report.words
    sheet.heading(OUTCOME_TITLE)
    years = (report.first_year, report.fiscal_year)
    sheet.paragraph(outcome_sentence(outcome, words, years), cell_formats.STRONG)
    if outcome.kpis:
        _of_kpis(sheet, outcome)
    if outcome.goals:
        sheet.skip()
        _results(sheet, GOALS, outcome.goals, outcome)


def _of_kpis(sheet: ReportSheet, outcome: ReportOutcome) -> None:
    report = sheet.report
    words = report.words
    outcomes: list[list[Content]] = [
        [label, named, count(number)] for label, named, number in outcome_rows(outcome)
    ]
    sheet.table(["結果", words.kpi, "数"], outcomes, figures=(2,))
    sheet.skip()
    is_rated = rates_the_whole(report)
    standings = [
        [
            *(wareki(year), "全体", *mean_cells(standing, report.in_year(year))),
            *([rating_text(*standing.rating)] if is_rated else []),
        ]
        for year, standing in zip(report.years, outcome.standings, strict=True)
    ]
    rating = ["評価"] if is_rated else []
    heads = ["年度", "範囲", *map(words.put, MEAN_HEADS), *rating]
    sheet.table(heads, standings, figures=MEAN_FIGURES)
    sheet.skip()
    _results(sheet, words.kpi, outcome.kpis, outcome)


def _results(
    sheet: ReportSheet, word: str, kpis: Sequence[ReportFinalKpi], outcome: ReportOutcome
) -> None:
    """A row for each, with what became of it."""
    ratings = ["各年度の\n評価"] if rates_kpis(outcome) else []
    heads = [
        "番号", f"{word}（単位）", "最終目標", "最終の値", "達成率\n（%）", *ratings, "結果",
    ]  # fmt: skip
    rows = [_kpi(one, sheet.report, is_rated=bool(ratings)) for one in kpis]
    sheet.table(heads, rows, figures=(2, 3, 4))


def _kpi(kpi: ReportFinalKpi, report: AnnualReport, *, is_rated: bool) -> list[Content]:
    places = kpi.decimal_places
    return [
        kpi.code,
        kpi_label(kpi, report),
        clean_line(kpi.target_text) or value(kpi.final_target, places),
        no_value_text(kpi) if kpi.value is None else value(kpi.value, places),
        rate(kpi.achievement, report.in_year(kpi.fiscal_year), kpi.own_bounds),
        *([ratings_text(kpi, report)] if is_rated else []),
        Outcome(kpi.outcome).label,
    ]
