"""The summary of the report, as finished texts."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from common.fiscal_year import wareki, wareki_short
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportMovement, ReportStanding
from reports.charts.text import width
from reports.renderers.clean_text import clean_line
from reports.renderers.content.lives import incomparable_text, means_text
from reports.renderers.content.outcome import outcome_content
from reports.renderers.content.ratings import project_notes
from reports.renderers.content.tables import Line, Table, section
from reports.renderers.wording import (
    basis_text,
    of_all_text,
    rate_text,
    rating_text,
    standing_text,
)

# What kinds, with their widths in type sizes, have room side by side.
_MOST_IN_COLUMNS, _WIDEST_IN_COLUMNS = 7, 45.0
_MOVEMENTS = "前年度からの動き"
DIRECTIONS = {"up": "上がった", "down": "下がった"}


def summary_content(report: AnnualReport) -> dict[str, Any]:
    """Sentences, the three head figures, counts, the projects, and what moved."""
    now, before, words = report.standing, report.previous, report.words
    years = [(report.fiscal_year, now)]
    if before is not None and are_rated_alike(report):
        years.insert(0, (report.fiscal_year - 1, before))
    return {
        "headline": report.headline,
        "lead": _lead(report),
        "cards": _cards(report),
        "counts": rating_counts(report, years) if now.by_band else None,
        "statuses": _counts(
            words.put("状況別の取組の数"),
            [label for label, _ in report.initiative_statuses],
            [
                [
                    wareki(report.fiscal_year),
                    *(str(count) for _, count in report.initiative_statuses),
                    str(report.initiative_count),
                ]
            ],
            unit="件",
            notes=[("注", f"再掲（{report.relisted_count}件）を除きます。")],
        ),
        "projects": _projects(report),
        "movements": _movements(report),
        "outcome": outcome_content(report),
    }


def are_rated_alike(report: AnnualReport) -> bool:
    """Whether the year before has the marks of the report's, so that both stand in one table."""
    previous, earlier = report.previous, report.in_year(report.fiscal_year - 1).scale
    # Of the same marks and conditions, read from whatever rate.
    if previous is None or replace(earlier, basis=report.scale.basis) != report.scale:
        return False
    marks = [[mark for *mark, _count in one.by_band] for one in (previous, report.standing)]
    return marks[0] == marks[1]


def rating_counts(report: AnnualReport, years: Sequence[tuple[int, ReportStanding]]) -> Table:
    """How many KPIs have each rating, in each of some years; many ratings have rows instead."""
    title = report.words.put("評価別の指標数")
    kinds = [rating_text(symbol, label) for symbol, label, _ in report.standing.by_band]
    counts = [
        [*(str(count) for *_, count in one.by_band), str(_rated(one))] for _year, one in years
    ]
    heads = [wareki(year) for year, _one in years]
    beside: dict[str, Any] = {"unit": report.words.kpi_counter, "notes": earlier_counts(report)}
    if is_in_rows(kinds):
        rows = list(zip((*kinds, "計"), *counts, strict=True))
        return Table(title, ("評価", *heads), rows, figures=range(1, len(heads) + 1), **beside)
    rows_of_years = [[head, *own] for head, own in zip(heads, counts, strict=True)]
    return _counts(title, kinds, rows_of_years, **beside)


def is_in_rows(kinds: Sequence[str]) -> bool:
    """Whether so many, or such long, kinds stand one below the other."""
    return len(kinds) > _MOST_IN_COLUMNS or sum(map(width, kinds)) > _WIDEST_IN_COLUMNS


def _rated(standing: ReportStanding) -> int:
    """All KPIs, but for those that nobody rates."""
    return sum(count for *_, count in standing.by_band)


def earlier_counts(report: AnnualReport) -> list[tuple[str, str]]:
    """The counts of a year before that has other marks, as a note; else none."""
    if report.previous is None or not report.previous.by_band or are_rated_alike(report):
        return []
    counts = "、".join(
        f"{rating_text(symbol, label)} {count}" for symbol, label, count in report.previous.by_band
    )
    year = wareki(report.fiscal_year - 1)
    return [("前年度", f"{year}は評価のきまりが違うため、分けて示します：{counts}")]


def _projects(report: AnnualReport) -> Table:
    words = report.words
    heads = (
        "番号", words.project, "達成率の平均", words.put("達成率の指標数"),
        "進捗率の平均", words.put("進捗率の指標数"), *rating_heads(report),
    )  # fmt: skip
    rows = [
        [
            clean_line(project.sign),
            clean_line(project.name),
            rate_text(project.standing.achievement_mean, report),
            of_all_text(project.standing.achievement_count, project.standing, report.words),
            rate_text(project.standing.progress_mean, report),
            of_all_text(project.standing.progress_count, project.standing, report.words),
            *rating_cells(project.standing, report),
        ]
        for project in report.projects
    ]
    notes = project_notes(report)
    return Table(words.put("プロジェクト別の状況"), heads, rows, figures=(2, 4), notes=notes)


def rating_heads(report: AnnualReport) -> list[str]:
    """The columns of projects' ratings, as far as they are rated."""
    experts = ["外部有識者の評価"] if report.external_scale.rates else []
    return [*(["評価"] if report.rates_projects else []), *experts]


def rating_cells(standing: ReportStanding, report: AnnualReport) -> list[str]:
    """A project's ratings, by `rating_heads`."""
    experts = [rating_text(*standing.external_rating)] if report.external_scale.rates else []
    return [*([standing_text(standing)] if report.rates_projects else []), *experts]


def _counts(title: str, kinds: list[str], counts: list[list[str]], **beside: Any) -> Table:
    """Counts of each kind and their sum, a row a year."""
    heads = ("年度", *kinds, "計")
    return Table(title, heads, counts, figures=range(1, len(heads)), **beside)


def _movements(report: AnnualReport) -> dict[str, Any] | None:
    """What moved since the year before: a sentence, and a row a KPI whose rating changed.

    None where nothing is rated, and the means are of the same KPIs.
    """
    movements, basis = report.movements, basis_text(report)
    if not report.rates_kpis:
        return section(_MOVEMENTS, means_text(report)) if means_text(report) else None
    if movements is None:
        return section(_MOVEMENTS, "計画の初年度のため、前年度とは比べていません。")
    word = report.words.kpi
    sentence = (
        f"{wareki(report.fiscal_year - 1)}と比べて、評価が上がった{word}は{movements.up}件、"
        f"下がった{word}は{movements.down}件、変わらない{word}は{movements.same}件です。"
    )
    sentence += incomparable_text(report) + means_text(report)
    before, now = wareki_short(report.fiscal_year - 1), wareki_short(report.fiscal_year)
    heads = (
        "番号", f"{word}名", f"{before}の{basis}", f"{before}の評価", f"{now}の{basis}",
        f"{now}の評価", "評価の動き",
    )  # fmt: skip
    rows = [
        [
            one.code,
            clean_line(one.name),
            rate_text(
                one.before_rate, report.in_year(report.fiscal_year - 1), own_bounds(one, report)
            ),
            rating_text(*one.before_rating),
            rate_text(one.after_rate, report, own_bounds(one, report)),
            rating_text(*one.after_rating),
            DIRECTIONS[one.direction],
        ]
        for one in movements.moved
    ]
    return section(_MOVEMENTS, sentence, Table(f"評価が動いた{word}", heads, rows, figures=(2, 4)))


def own_bounds(one: ReportMovement, report: AnnualReport) -> tuple[Decimal, ...]:
    """The bounds of the scale of its own by which a KPI that moved is rated; none for others."""
    kpi = next((kpi for kpi in report.kpis if kpi.code == one.code and kpi.own_scales), None)
    return () if kpi is None else kpi.bounds_in(report.fiscal_year, report)


def _lead(report: AnnualReport) -> str:
    """The summary in a few sentences."""
    if report.has_goals_alone:
        return f"この計画は、{GOALS}{len(report.goal_kpis)}件を掲げています。"
    now, words = report.standing, report.words
    year = wareki(report.fiscal_year)
    means = (
        f"{year}は、進捗率を算出できる{words.kpi}がありません。"
        if now.progress_mean is None
        else f"{year}は、{words.count_kpis(now.kpi_count)}のうち"
        f"{words.of_kpis(now.progress_count)}で進捗率を算出でき、"
        f"その平均は{rate_text(now.progress_mean, report)}です。"
    )
    if now.achievement_mean is not None:
        means += (
            f"最終目標に対する達成率の平均は{rate_text(now.achievement_mean, report)}"
            f"（{of_all_text(now.achievement_count, now, report.words)}）です。"
        )
    return (
        f"{means}計画に掲げる{words.initiative}は{report.initiative_count}件です"
        f"（再掲{report.relisted_count}件を除きます）。"
    )


def _cards(report: AnnualReport) -> Table:
    """The figures that head the summary, each with its basis and the year before."""

    def figures(standing: ReportStanding, rules: AnnualReport) -> list[list[str]]:
        return [
            [
                rate_text(standing.achievement_mean, rules),
                of_all_text(standing.achievement_count, standing, report.words),
            ],
            [
                rate_text(standing.progress_mean, rules),
                of_all_text(standing.progress_count, standing, report.words),
            ],
            *([[rating_text(*standing.rating)]] if report.rates_the_whole else []),
        ]

    earlier = report.in_year(report.fiscal_year - 1)
    before = [] if report.previous is None else figures(report.previous, earlier)
    if report.rates_the_whole and not earlier.rates_the_whole:
        before = before[:-1]
    heads = ("達成率の平均", "進捗率の平均", *(["全体の評価"] if report.rates_the_whole else []))
    year = f"前年度（{wareki_short(report.fiscal_year - 1)}）"
    cards = [
        [
            Line(figure, style="主な数字"),
            Line("".join(count) or f"{basis_text(report)}の平均による"),
            Line("　".join([f"{year}{lines[0]}", *lines[1:]]) if lines else "", style="表の補足"),
        ]
        for (figure, *count), lines in zip_longest(figures(report.standing, report), before)
    ]
    return Table("全体の状況", heads, [cards])
