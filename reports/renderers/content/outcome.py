"""The 総括 of the plan's whole period, as finished texts: in the report of its last year."""

from collections.abc import Sequence
from typing import Any

from common.fiscal_year import wareki, wareki_initial
from kpis.achievement import MINUS_IN_PRINT, NOTHING, display_value
from kpis.targets import Outcome
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportFinalKpi, ReportOutcome
from reports.outcome_text import outcome_sentence
from reports.renderers.clean_text import clean_line
from reports.renderers.content.tables import Table
from reports.renderers.wording import of_all_text, rate_text, rating_text

OUTCOME_TITLE = "計画期間の総括"


def outcome_content(report: AnnualReport) -> dict[str, Any] | None:
    """Its sentences and its tables: what was reached, the years, each KPI; None without one."""
    outcome = report.outcome
    if outcome is None:
        return None
    tables = [_outcomes(report, outcome), _years(report, outcome), _kpis(report, outcome)]
    return {
        "title": OUTCOME_TITLE,
        "text": outcome_sentence(outcome, report.words, (report.first_year, report.fiscal_year)),
        "tables": tables if outcome.kpis else [],
        "goals": _goals(report, outcome) if outcome.goals else None,
    }


def outcome_rows(outcome: ReportOutcome) -> list[tuple[str, str, int]]:
    """How KPIs came out: the word, which they are, and how many."""
    rows = []
    for one in Outcome:
        found = outcome.of(one.value)
        named = "、".join(f"{kpi.code} {clean_line(kpi.name)}" for kpi in found)
        rows.append((one.label, named or NOTHING, len(found)))
    return rows


def kpi_label(kpi: ReportFinalKpi, report: AnnualReport) -> str:
    """A KPI's name with its unit and, where it ended before the plan, its last year."""
    unit = f"（{clean_line(kpi.unit)}）" if kpi.unit else ""
    until = "" if kpi.fiscal_year == report.fiscal_year else f"　{wareki(kpi.fiscal_year)}まで"
    return f"{clean_line(kpi.name)}{unit}{until}"


def no_value_text(kpi: ReportFinalKpi) -> str:
    """A KPI's last value in words, or the word for why there is none."""
    return clean_line(kpi.value_words) or kpi.absence_label


def rates_kpis(outcome: ReportOutcome) -> bool:
    """Whether any KPI, or any 数値目標, was rated in the period."""
    goals = {mark for goal in outcome.goals for mark in goal.ratings}
    is_rated = any(standing.by_band for standing in outcome.standings)
    return is_rated or bool(goals - {"", NOTHING})


def rates_the_whole(report: AnnualReport) -> bool:
    """Whether the plan as a whole was rated in any of its years."""
    return any(report.in_year(year).rates_the_whole for year in report.years)


def ratings_text(kpi: ReportFinalKpi, report: AnnualReport) -> str:
    """The rating of each year of its life: `R6 A、R7 B`."""
    years = zip(report.years, kpi.ratings, strict=True)
    return "、".join(f"{wareki_initial(year)} {clean_line(mark)}" for year, mark in years if mark)


def _outcomes(report: AnnualReport, outcome: ReportOutcome) -> Table:
    rows = [[label, named, str(count)] for label, named, count in outcome_rows(outcome)]
    heads = ("結果", report.words.kpi, "数")
    unit = report.words.kpi_counter
    return Table("最終目標の達成状況", heads, rows, figures=(2,), unit=unit)


def _years(report: AnnualReport, outcome: ReportOutcome) -> Table:
    heads = ["年度", "達成率の平均", "達成率の指標数", "進捗率の平均", "進捗率の指標数"]
    is_rated = rates_the_whole(report)
    if is_rated:
        heads.append("評価")
    rows = []
    for year, standing in zip(report.years, outcome.standings, strict=True):
        rated = report.in_year(year)
        rows.append(
            [
                wareki(year),
                rate_text(standing.achievement_mean, rated),
                of_all_text(standing.achievement_count, standing, report.words),
                rate_text(standing.progress_mean, rated),
                of_all_text(standing.progress_count, standing, report.words),
                *([rating_text(*standing.rating)] if is_rated else []),
            ]
        )
    return Table("年度ごとの状況", [*map(report.words.put, heads)], rows, figures=(1, 3))


def _kpis(report: AnnualReport, outcome: ReportOutcome) -> Table:
    word = report.words.kpi
    return _results(word, f"{word}別の結果", outcome.kpis, report, outcome)


def _goals(report: AnnualReport, outcome: ReportOutcome) -> Table:
    return _results(GOALS, f"{GOALS}の結果", outcome.goals, report, outcome)


def _results(
    word: str,
    title: str,
    kpis: Sequence[ReportFinalKpi],
    report: AnnualReport,
    outcome: ReportOutcome,
) -> Table:
    ratings = ["各年度の評価"] if rates_kpis(outcome) else []
    heads = ("番号", f"{word}（単位）", "最終目標", "最終の値", "達成率", *ratings, "結果")
    rows = [_kpi(one, report, is_rated=bool(ratings)) for one in kpis]
    return Table(title, heads, rows, figures=(2, 3, 4))


def _kpi(kpi: ReportFinalKpi, report: AnnualReport, *, is_rated: bool) -> list[str]:
    places = kpi.decimal_places
    return [
        kpi.code,
        kpi_label(kpi, report),
        clean_line(kpi.target_text)
        or display_value(kpi.final_target, places, minus=MINUS_IN_PRINT),
        no_value_text(kpi)
        if kpi.value is None
        else display_value(kpi.value, places, minus=MINUS_IN_PRINT),
        rate_text(kpi.achievement, report.in_year(kpi.fiscal_year), kpi.own_bounds),
        # A line breaks between years, not between a year and its mark.
        *([ratings_text(kpi, report).replace(" ", "\N{NO-BREAK SPACE}")] if is_rated else []),
        Outcome(kpi.outcome).label,
    ]
