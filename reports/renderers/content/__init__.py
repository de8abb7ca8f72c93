"""The whole report as finished texts for the PDF's template.

The template sets type and computes no figure: every number is written here,
by `kpis.achievement.display` and `display_value`.
"""

from collections.abc import Sequence
from typing import Any

from kpis.achievement import NOTHING
from projects.fiscal_year import wareki, wareki_date, wareki_short, wareki_with_western
from reports.annual_report import AnnualReport, ReportKpi
from reports.renderers.content.project import PROVISIONAL_MARK, REFERENCE_MARK, project_content
from reports.renderers.wording import (
    bound_text,
    of_all_text,
    one_line,
    rate_text,
    rating_text,
    year_rating_text,
)

_NAME = "総合戦略進捗状況報告書"
_BASES = {"progress": "進捗率", "achievement": "達成率"}


def report_content(report: AnnualReport, replaced: Sequence[str]) -> dict[str, Any]:
    """The texts of the report; `replaced` are the characters that became 〓."""
    return {
        "title": f"{wareki(report.fiscal_year)}　{_NAME}",
        "name": _NAME,
        "fiscal_year": wareki(report.fiscal_year),
        "full_year": wareki_with_western(report.fiscal_year),
        "period": f"{wareki_with_western(report.first_year)}から"
        f"{wareki_with_western(report.last_year)}まで",
        "strategy": one_line(report.strategy_name),
        "municipality": one_line(report.municipality),
        "date": wareki_date(report.made_at.date()),
        "is_draft": report.is_draft,
        "is_sample": report.is_sample,
        "guide": _guide(report),
        "summary": _summary(report),
        "projects": [project_content(project, report) for project in report.projects],
        "definitions": [_definition(kpi) for kpi in report.kpis],
        "replaced": "、".join(f"U+{ord(character):04X}" for character in replaced),
    }


def _guide(report: AnnualReport) -> dict[str, Any]:
    """What a reader must know to read the tables."""
    bands = []
    above = ""
    for band in report.bands:
        lower = "" if band.lower is None else f"{bound_text(band.lower)}以上"
        rating = rating_text(band.symbol, band.label)
        bands.append({"rating": rating, "range": f"{lower}{above}" or NOTHING})
        above = "" if band.lower is None else f"{bound_text(band.lower)}未満"
    cap = report.average_cap
    basis = _BASES[report.rating_basis]
    ranges = "　".join(f"{band['rating']}：{band['range']}" for band in bands)
    return {
        "bands": bands,
        "bands_line": f"{ranges}（{basis}による）",
        "basis": basis,
        "bounds": "・".join(bound_text(bound) for bound in report.bounds),
        "mean_range": "0%を下回る率は0%と数えます"
        if cap is None
        else f"0%を下回る率は0%、{bound_text(cap)}を上回る率は{bound_text(cap)}と数えます",
        "provisional_mark": PROVISIONAL_MARK,
        "reference_mark": REFERENCE_MARK,
        "initiatives": str(report.initiative_count),
        "relisted": str(report.relisted_count),
    }


def _summary(report: AnnualReport) -> dict[str, Any]:
    now, before = report.standing, report.previous
    years = [(report.fiscal_year, now)]
    if before is not None:
        years.insert(0, (report.fiscal_year - 1, before))
    return {
        "lead": _lead(report),
        "cards": _cards(report),
        "bands": [rating_text(symbol, label) for symbol, label, _ in now.by_band],
        "counts": [
            [wareki(year), *(str(count) for *_, count in standing.by_band), str(standing.kpi_count)]
            for year, standing in years
        ],
        "projects": [
            [
                project.code,
                one_line(project.name),
                rate_text(project.standing.progress_mean, report),
                of_all_text(project.standing.progress_count, project.standing),
                rate_text(project.standing.achievement_mean, report),
                of_all_text(project.standing.achievement_count, project.standing),
                rating_text(project.standing.rating_symbol, project.standing.rating_label),
            ]
            for project in report.projects
        ],
        "kpis": [
            [
                kpi.code,
                one_line(kpi.name),
                rate_text(kpi.latest.achievement, report),
                rate_text(kpi.latest.progress, report),
                year_rating_text(kpi.latest),
            ]
            for kpi in report.kpis
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
        f"{means}計画に掲げる主な取組・事業は{report.initiative_count}件です"
        f"（再掲{report.relisted_count}件を除きます）。"
    )


def _cards(report: AnnualReport) -> list[dict[str, Any]]:
    """The three figures that head the summary, each with the lines of the year before."""
    now, before = report.standing, report.previous
    earlier: tuple[list[str], ...] = ([], [], [])
    if before is not None:
        year = f"前年度（{wareki_short(report.fiscal_year - 1)}）"
        earlier = (
            [
                f"{year}{rate_text(before.progress_mean, report)}",
                of_all_text(before.progress_count, before),
            ],
            [
                f"{year}{rate_text(before.achievement_mean, report)}",
                of_all_text(before.achievement_count, before),
            ],
            [f"{year}{rating_text(before.rating_symbol, before.rating_label)}"],
        )
    cards = (
        (
            "進捗率の平均",
            rate_text(now.progress_mean, report),
            of_all_text(now.progress_count, now),
        ),
        (
            "達成率の平均",
            rate_text(now.achievement_mean, report),
            of_all_text(now.achievement_count, now),
        ),
        (
            "全体の評価",
            rating_text(now.rating_symbol, now.rating_label),
            f"{_BASES[report.rating_basis]}の平均による",
        ),
    )
    return [
        {"name": name, "figure": figure, "note": note, "earlier": lines}
        for (name, figure, note), lines in zip(cards, earlier, strict=True)
    ]


def _definition(kpi: ReportKpi) -> dict[str, Any]:
    """What a KPI measures, how its rate is computed, and where the figures come from."""
    details = (
        ("基準値の年度", "" if kpi.baseline_year is None else wareki(kpi.baseline_year)),
        ("算出方法", kpi.definition),
        ("資料出所", kpi.data_source),
        ("備考", kpi.note),
    )
    return {
        "code": kpi.code,
        "name": one_line(kpi.name),
        "kind": f"単位：{one_line(kpi.unit)}　集計方法：{kpi.aggregation_label}　"
        f"目指す方向：{kpi.direction_label}　算式：{kpi.formula_label}",
        "department": one_line(kpi.department) or NOTHING,
        "details": [f"{label}：{one_line(text)}" for label, text in details if text.strip()],
    }
