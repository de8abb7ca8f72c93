"""The summary of the report, as finished texts."""

from itertools import zip_longest
from typing import Any

from common.fiscal_year import wareki, wareki_short
from reports.annual.document import AnnualReport, ReportStanding
from reports.renderers.clean_text import clean_line
from reports.renderers.content.guide import rating_notes
from reports.renderers.content.lives import incomparable_text, means_text
from reports.renderers.content.outcome import outcome_content
from reports.renderers.content.tables import Line, Table, section
from reports.renderers.wording import (
    basis_text,
    of_all_text,
    rate_text,
    rating_text,
)

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
        "counts": _counts(
            words.put("評価別の指標数"),
            [rating_text(symbol, label) for symbol, label, _ in now.by_band],
            [
                [wareki(year), *(str(count) for *_, count in one.by_band), str(one.kpi_count)]
                for year, one in years
            ],
            unit=words.kpi_counter,
            notes=earlier_counts(report),
        ),
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
    return report.in_year(report.fiscal_year - 1).bands == report.bands


def earlier_counts(report: AnnualReport) -> list[tuple[str, str]]:
    """The counts of a year before that has other marks, as a note; else none."""
    if report.previous is None or are_rated_alike(report):
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
        "進捗率の平均", words.put("進捗率の指標数"), "評価",
    )  # fmt: skip
    rows = [
        [
            project.code,
            clean_line(project.name),
            rate_text(project.standing.achievement_mean, report),
            of_all_text(project.standing.achievement_count, project.standing, report.words),
            rate_text(project.standing.progress_mean, report),
            of_all_text(project.standing.progress_count, project.standing, report.words),
            rating_text(project.standing.rating_symbol, project.standing.rating_label),
        ]
        for project in report.projects
    ]
    notes = rating_notes(report)
    return Table(words.put("プロジェクト別の状況"), heads, rows, figures=(2, 4), notes=notes)


def _counts(title: str, kinds: list[str], counts: list[list[str]], **beside: Any) -> Table:
    """Counts of each kind and their sum, a row a year."""
    heads = ("年度", *kinds, "計")
    return Table(title, heads, counts, figures=range(1, len(heads)), **beside)


def _movements(report: AnnualReport) -> dict[str, Any]:
    """What moved since the year before: a sentence, and a row a KPI whose rating changed."""
    movements, basis = report.movements, basis_text(report)
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
            rate_text(one.before_rate, report.in_year(report.fiscal_year - 1)),
            rating_text(*one.before_rating),
            rate_text(one.after_rate, report),
            rating_text(*one.after_rating),
            DIRECTIONS[one.direction],
        ]
        for one in movements.moved
    ]
    return section(_MOVEMENTS, sentence, Table(f"評価が動いた{word}", heads, rows, figures=(2, 4)))


def _lead(report: AnnualReport) -> str:
    """The summary in a few sentences."""
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
    """The three figures that head the summary, each with its basis and the year before."""

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
            [rating_text(standing.rating_symbol, standing.rating_label)],
        ]

    earlier = report.in_year(report.fiscal_year - 1)
    before = [] if report.previous is None else figures(report.previous, earlier)
    year = f"前年度（{wareki_short(report.fiscal_year - 1)}）"
    cards = [
        [
            Line(figure, style="主な数字"),
            Line("".join(count) or f"{basis_text(report)}の平均による"),
            Line("　".join([f"{year}{lines[0]}", *lines[1:]]) if lines else "", style="表の補足"),
        ]
        for (figure, *count), lines in zip_longest(figures(report.standing, report), before)
    ]
    return Table("全体の状況", ("達成率の平均", "進捗率の平均", "全体の評価"), [cards])
