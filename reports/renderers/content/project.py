"""One project's section of the report, as finished texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.fiscal_year import wareki, wareki_short
from kpis.achievement import MINUS_IN_PRINT, NOTHING, Number
from projects.bands import percent
from projects.words import PlanWords
from reports.annual.document import (
    AnnualReport,
    ReportInitiative,
    ReportKpi,
    ReportProject,
    ReportStanding,
    ReportYear,
)
from reports.charts.rates import MAXIMUM, RULE_LABEL, RateRow, rates_chart, rates_description
from reports.charts.text import width, wrap
from reports.renderers.clean_text import clean_line
from reports.renderers.content.annex import no_kpis
from reports.renderers.content.columns import columns_for
from reports.renderers.content.ratings import rating_notes
from reports.renderers.content.summary import rating_cells, rating_heads
from reports.renderers.content.tables import Table, section
from reports.renderers.wording import (
    NOT_YET,
    actual_text,
    both_ratings_text,
    home_text,
    kpi_rate_text,
    of_all_text,
    paragraphs,
    rate_text,
    rating_text,
    standing_text,
    target_text,
    total_text,
    value_text,
    year_rating_text,
)

# The KPI table's columns beside the years', and where the columns of figures stand.
_HEADS_BEFORE_YEARS = ("番号", "単位", "基準値", "最終目標", "年度目安")
_HEADS_AFTER_YEARS = ("累計", "達成率", "進捗率")
_FIRST_FIGURE = 2
# How many bars a chart may have to fit on a page, and the two lines of a bar's name.
_MOST_BARS = 12
_BAR_NAME_WIDTH, _BAR_NAME_LINES = 22.0, 2
# How narrow and how wide the column of ratings beside the bars may be, in type sizes.
_WORD_WIDTHS = (6.0, 11.0)
# The longest title for a page's head, in type sizes.
_LONGEST_TITLE = 32.0


@dataclass(frozen=True, slots=True)
class ProjectChart:
    """A chart as the template places it; `description` tells its figures in words."""

    title: str
    description: str
    rows: list[RateRow]

    def draw(self, report: AnnualReport) -> bytes:
        """The chart as SVG."""
        drawn = rates_chart(
            self.rows,
            title=self.title,
            description=self.description,
            bounds=report.bounds,
            minus=MINUS_IN_PRINT,
        )
        return drawn.encode()


def project_content(project: ReportProject, report: AnnualReport) -> dict[str, Any]:
    """The texts of one project's section."""
    standing, words = project.standing, report.words
    rows = [_kpi_cells(kpi, report) for kpi in project.kpis]
    years = [wareki_short(year) for year in range(report.first_year, report.last_year + 1)]
    after_years = (*_HEADS_AFTER_YEARS, *(["評価"] if report.rates_kpis else []))
    heads = (*_HEADS_BEFORE_YEARS, *years, *after_years)
    figures = slice(_FIRST_FIGURE, len(_HEADS_BEFORE_YEARS) + len(years) + len(_HEADS_AFTER_YEARS))
    means = _mean_cells(standing, report)
    columns = columns_for([heads, *rows, [*[""] * (len(heads) - len(means)), *means]], figures)
    explained = [kpi for kpi in project.kpis if _is_explained(kpi)]
    return {
        "code": clean_line(project.sign),
        "name": clean_line(project.name),
        "running_title": _running_title(project),
        "kind": "　".join(filter(None, (project.kind_label, project.pillar))),
        "purpose": paragraphs(project.purpose),
        "directions": [clean_line(direction) for direction in project.directions],
        "standing": _standing(standing, report),
        "means": means,
        "mean_counts": [
            of_all_text(count, standing, words)
            for count in (standing.achievement_count, standing.progress_count)
        ],
        "rated": _rated(project, report),
        "review": paragraphs(project.review),
        "reasons": _labelled(*rating_reason(project)),
        "opinion": paragraphs(project.external_opinion),
        "heads": [_HEADS_BEFORE_YEARS, years, after_years],
        "widths": columns["widths"][figures],
        "word_widths": [*columns["widths"][:_FIRST_FIGURE], *columns["widths"][figures.stop :]],
        "is_wide": columns["is_wide"],
        "scale": columns["scale"],
        "without_kpis": "" if project.kpis else no_kpis(report),
        "kpis": [
            {"name": clean_line(kpi.name), "cells": cells}
            for kpi, cells in zip(project.kpis, rows, strict=True)
        ],
        "kpi_notes": [
            *((f"注{at}", remark) for at, remark in enumerate(_remarks(project.kpis), start=1)),
            *rating_notes(report, project.kpis),
        ],
        "charts": [
            {
                "title": chart.title,
                "description": chart.description,
                "bars": [_bar(row, report) for row in chart.rows],
                "goal": _share(100),
                "goal_label": RULE_LABEL,
                "word_width": _word_width(chart.rows),
                "beyond": f"▶は{percent(Decimal(MAXIMUM))}を超える率"
                f"（棒は{percent(Decimal(MAXIMUM))}で止めています）",
            }
            for chart in project_charts(project, report)
        ],
        "initiatives": _initiatives(project, words),
        "done": [_done(one, words) for one in project.initiatives],
        "statuses": [[label, str(count)] for label, count in project.initiative_statuses if count],
        "explanations": [
            {
                "code": kpi.code,
                "name": clean_line(kpi.name),
                "rating": both_ratings_text(kpi.latest) if report.rates_kpis else "",
                "texts": _labelled(
                    ("要因分析", kpi.latest.analysis),
                    ("今後の方向性", kpi.latest.next_steps),
                    *judged_texts(kpi.latest),
                ),
            }
            for kpi in explained
        ],
        "unexplained": _unexplained([kpi for kpi in project.kpis if kpi not in explained]),
    }


def project_charts(project: ReportProject, report: AnnualReport) -> list[ProjectChart]:
    """The progress rates of a project's KPIs; more charts than one where a page can't hold it."""
    rows = rate_rows(project, report)
    parts = [rows[first : first + _MOST_BARS] for first in range(0, len(rows), _MOST_BARS)]
    sign, charts = clean_line(project.sign), []
    for number, part in enumerate(parts, start=1):
        place = f"（{number}／{len(parts)}）" if len(parts) > 1 else ""
        charts.append(
            ProjectChart(
                title=f"{sign}の{report.words.kpi}別の進捗率（{wareki(report.fiscal_year)}）{place}",
                description=f"{sign}の{report.words.kpi}別の進捗率の棒グラフです。"
                + rates_description(part, bounds=report.bounds, minus=MINUS_IN_PRINT),
                rows=part,
            )
        )
    return charts


def rate_rows(project: ReportProject, report: AnnualReport) -> list[RateRow]:
    """The bars of a project's KPIs; one without a rate has the reason for its word."""
    rows = []
    for kpi in project.kpis:
        now = kpi.latest
        word = now.absence_label if now.progress is None else year_rating_text(now)
        shown = kpi_rate_text(now.progress, kpi, report)
        rows.append(
            RateRow(kpi.code, kpi.name, now.progress, "" if word == NOTHING else word, shown)
        )
    return rows


def _running_title(project: ReportProject) -> str:
    """Number and name for the head of a page; the number alone where the name is too long."""
    sign = clean_line(project.sign)
    title = f"{sign}　{clean_line(project.name)}"
    return title if width(title) <= _LONGEST_TITLE else sign


def _bar(row: RateRow, report: AnnualReport) -> dict[str, Any]:
    """A chart's row: what is printed, and how far its bar goes (0 to 1 of the chart's scale)."""
    known = row.rate is not None
    return {
        "code": row.code,
        "name": wrap(row.name, _BAR_NAME_WIDTH, _BAR_NAME_LINES),
        "rate": row.shown if known else "",
        "word": row.word,
        "length": 0.0 if row.rate is None else _share(row.rate),
        "is_beyond": row.rate is not None and row.rate > MAXIMUM,
    }


def _word_width(rows: Iterable[RateRow]) -> float:
    """How wide the ratings beside a chart's bars stand, in type sizes, the gap before included."""
    longest = max((width(row.word) for row in rows if row.rate is not None), default=0.0)
    return min(max(_WORD_WIDTHS[0], longest + 1.2), _WORD_WIDTHS[1])


def _share(rate: Number) -> float:
    """A rate's place on a chart's scale, kept within 0 and 1."""
    return round(min(max(float(rate) / MAXIMUM, 0.0), 1.0), 4)


def _mean_cells(standing: ReportStanding, report: AnnualReport) -> list[str]:
    """The row of means under the KPIs, as far as it has to fit into their last columns."""
    cells = [
        rate_text(standing.achievement_mean, report),
        rate_text(standing.progress_mean, report),
    ]
    if report.rates_kpis:
        cells.append(standing_text(standing) if report.rates_projects else "")
    return cells


def _kpi_cells(kpi: ReportKpi, report: AnnualReport) -> list[str]:
    """A KPI's row: number, unit, baseline, targets, each year, total, rates and rating."""
    now = kpi.latest
    return [
        kpi.code,
        clean_line(kpi.unit) or NOTHING,
        value_text(kpi.baseline, kpi),
        target_text(kpi),
        value_text(now.expected, kpi),
        *[NOTHING] * (kpi.years[0].fiscal_year - report.first_year),
        *(actual_text(year, kpi) for year in kpi.years),
        *[NOT_YET] * (report.last_year - report.fiscal_year),
        total_text(now, kpi),
        kpi_rate_text(now.achievement, kpi, report),
        kpi_rate_text(now.progress, kpi, report),
        *([both_ratings_text(now)] if report.rates_kpis else []),
    ]


def judged_texts(year: ReportYear) -> list[tuple[str, str]]:
    """What the department proposed and the planner decided, each with its reason."""
    said = (
        ("所管課の案", year.proposed_rating, year.proposal_reason),
        ("決めた評価", year.rating, year.decision_reason),
    )
    is_judged = any(year.proposed_rating) or year.decision_reason
    return [
        (label, "：".join(filter(None, (rating_text(*mark), clean_line(reason)))))
        for label, mark, reason in said
        if is_judged and any(mark)
    ]


def _rated(project: ReportProject, report: AnnualReport) -> list[tuple[str, list[str]]]:
    """The ratings that the table of KPIs doesn't say, or not why; each under its label."""
    is_in_table = report.rates_kpis and not report.project_scale.is_by_people
    own = "" if is_in_table or not report.rates_projects else standing_text(project.standing)
    experts = ""
    if report.external_scale.rates:
        experts = rating_text(*project.standing.external_rating)
    return _labelled(("評価", own), *rating_reason(project), ("外部評価", experts))


def rating_reason(project: ReportProject) -> list[tuple[str, str]]:
    """Why people rate the project so, under its label; none where they said nothing."""
    return [("評価の理由", project.rating_reason)] if project.rating_reason.strip() else []


def _is_explained(kpi: ReportKpi) -> bool:
    now = kpi.latest
    return bool(now.analysis.strip() or now.next_steps.strip() or judged_texts(now))


def _remarks(kpis: Iterable[ReportKpi]) -> list[str]:
    """The notes on figures; one that holds for several years names them all."""
    lines = []
    for kpi in kpis:
        years_of: dict[str, list[str]] = {}
        for year in kpi.years:
            for remark in year.remarks:
                years_of.setdefault(clean_line(remark), []).append(wareki(year.fiscal_year))
        lines += [f"{kpi.code}（{'、'.join(years)}）{remark}" for remark, years in years_of.items()]
    return lines


def _standing(standing: ReportStanding, report: AnnualReport) -> Table:
    words = report.words
    means = ("達成率の平均", "達成率の指標数", "進捗率の平均", "進捗率の指標数")
    heads = (*rating_heads(report), *means)
    row = [
        *rating_cells(standing, report),
        rate_text(standing.achievement_mean, report),
        of_all_text(standing.achievement_count, standing, words),
        rate_text(standing.progress_mean, report),
        of_all_text(standing.progress_count, standing, words),
    ]
    first = len(heads) - len(means)
    figures = (first, first + 2)
    return Table(words.put("プロジェクトの状況"), [*map(words.put, heads)], [row], figures=figures)


def _unexplained(kpis: list[ReportKpi]) -> str:
    codes = "、".join(kpi.code for kpi in kpis)
    return f"{codes}については、要因分析と今後の方向性の記載がありません。" if codes else ""


def _initiatives_lead(project: ReportProject, words: PlanWords) -> str:
    """How many initiatives are at home here, how many listed again, and where they stand."""
    relisted = sum(one.is_relisted for one in project.initiatives)
    own = len(project.initiatives) - relisted
    lead = f"{words.initiative}は{own}件です"
    lead += f"（再掲{relisted}件を除きます）。" if relisted else "。"
    standing = [f"{label}{count}件" for label, count in project.initiative_statuses if count]
    return f"{lead}状況は、{'、'.join(standing)}です。" if standing else lead


def _initiatives(project: ReportProject, words: PlanWords) -> dict[str, Any]:
    heads = ("番号", words.initiative, "掲載先", "状況", "決算額（千円）", "所管課")
    rows = [_initiative(one) for one in project.initiatives]
    lead = _initiatives_lead(project, words) if rows else f"{words.initiative}はありません。"
    table = Table(words.put("取組の状況と決算額"), heads, rows, figures=(4,))
    return section(words.initiative, lead, table)


def _initiative(one: ReportInitiative) -> list[str]:
    """A listing: where it is at home and, at home, its status and its cost."""
    if one.is_relisted:
        place = f"主な掲載先 {home_text(one)}"
    elif one.relisted_in:
        place = f"再掲先 {'、'.join(map(clean_line, one.places_again))}"
    else:
        place = ""
    name = clean_line(one.name)
    return [
        f"({one.number})",
        f"{name}（再掲）" if one.is_relisted else name,
        place,
        one.status_label or NOTHING,
        NOTHING if one.cost is None else f"{one.cost:,}",
        clean_line(one.department) or NOTHING,
    ]


def _done(one: ReportInitiative, words: PlanWords) -> list[tuple[str, list[str]]]:
    """What was done for an initiative, and what comes next, each under its label."""
    return _labelled((words.put("取組実績"), one.summary), ("今後の方向性", one.next_steps))


def _labelled(*texts: tuple[str, str]) -> list[tuple[str, list[str]]]:
    """The texts that there are by paragraphs, each under its label."""
    return [(label, paragraphs(text)) for label, text in texts if text.strip()]
