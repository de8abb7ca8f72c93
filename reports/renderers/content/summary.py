"""The summary of the report, as finished texts."""

from itertools import zip_longest
from typing import Any

from common.fiscal_year import wareki, wareki_short
from reports.annual.document import AnnualReport, ReportMovements, ReportStanding
from reports.renderers.clean_text import clean_line
from reports.renderers.wording import (
    basis_text,
    of_all_text,
    rate_text,
    rating_text,
)

DIRECTIONS = {"up": "上がった", "down": "下がった"}


def summary_content(report: AnnualReport) -> dict[str, Any]:
    """Sentences, the three head figures, counts, the projects, and what moved."""
    now, before = report.standing, report.previous
    years = [(report.fiscal_year, now)]
    if before is not None:
        years.insert(0, (report.fiscal_year - 1, before))
    return {
        "headline": report.headline,
        "lead": _lead(report),
        "cards": _cards(report),
        "bands": [rating_text(symbol, label) for symbol, label, _ in now.by_band],
        "counts": [
            [wareki(year), *(str(count) for *_, count in standing.by_band), str(standing.kpi_count)]
            for year, standing in years
        ],
        "statuses": [label for label, _ in report.initiative_statuses],
        "status_counts": [
            *(str(count) for _, count in report.initiative_statuses),
            str(report.initiative_count),
        ],
        "relisted": str(report.relisted_count),
        "projects": [
            [
                project.code,
                clean_line(project.name),
                rate_text(project.standing.achievement_mean, report),
                of_all_text(project.standing.achievement_count, project.standing),
                rate_text(project.standing.progress_mean, report),
                of_all_text(project.standing.progress_count, project.standing),
                rating_text(project.standing.rating_symbol, project.standing.rating_label),
            ]
            for project in report.projects
        ],
        "no_movements": "計画の初年度のため、前年度とは比べていません。",
        "movements": None if report.movements is None else _movements(report.movements, report),
    }


def _movements(movements: ReportMovements, report: AnnualReport) -> dict[str, Any]:
    """What moved since the year before: a sentence, and a row a KPI whose rating changed."""
    sentence = (
        f"{wareki(report.fiscal_year - 1)}と比べて、評価が上がった指標は{movements.up}件、"
        f"下がった指標は{movements.down}件、変わらない指標は{movements.same}件です。"
    )
    if movements.incomparable:
        sentence += f"どちらかの年度に評価がない{movements.incomparable}件は、比べていません。"
    return {
        "sentence": sentence,
        "heads": [wareki_short(report.fiscal_year - 1), wareki_short(report.fiscal_year)],
        "basis": basis_text(report),
        "rows": [
            [
                one.code,
                clean_line(one.name),
                rate_text(one.before_rate, report),
                rating_text(*one.before_rating),
                rate_text(one.after_rate, report),
                rating_text(*one.after_rating),
                DIRECTIONS[one.direction],
            ]
            for one in movements.moved
        ],
    }


def _lead(report: AnnualReport) -> str:
    """The summary in a few sentences."""
    now = report.standing
    year = wareki(report.fiscal_year)
    means = (
        f"{year}は、進捗率を算出できる指標がありません。"
        if now.progress_mean is None
        else f"{year}は、{now.kpi_count}指標のうち{now.progress_count}指標で進捗率を算出でき、"
        f"その平均は{rate_text(now.progress_mean, report)}です。"
    )
    if now.achievement_mean is not None:
        means += (
            f"最終目標に対する達成率の平均は{rate_text(now.achievement_mean, report)}"
            f"（{of_all_text(now.achievement_count, now)}）です。"
        )
    return (
        f"{means}計画に掲げる取組は{report.initiative_count}件です"
        f"（再掲{report.relisted_count}件を除きます）。"
    )


def _cards(report: AnnualReport) -> list[dict[str, Any]]:
    """The three figures that head the summary, each with the lines of the year before."""

    def figures(standing: ReportStanding) -> list[list[str]]:
        return [
            [
                rate_text(standing.achievement_mean, report),
                of_all_text(standing.achievement_count, standing),
            ],
            [
                rate_text(standing.progress_mean, report),
                of_all_text(standing.progress_count, standing),
            ],
            [rating_text(standing.rating_symbol, standing.rating_label)],
        ]

    names = ("達成率の平均", "進捗率の平均", "全体の評価")
    before = [] if report.previous is None else figures(report.previous)
    year = f"前年度（{wareki_short(report.fiscal_year - 1)}）"
    return [
        {
            "name": name,
            "figure": figure,
            "note": "".join(count) or f"{basis_text(report)}の平均による",
            "earlier": [f"{year}{lines[0]}", *lines[1:]] if lines else [],
        }
        for name, (figure, *count), lines in zip_longest(names, figures(report.standing), before)
    ]
