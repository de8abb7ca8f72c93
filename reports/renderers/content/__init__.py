"""The whole report as finished texts for the PDF's template.

The template sets type and computes no figure: every number is written here,
by `kpis.achievement.display` and `display_value`.
"""

from collections.abc import Sequence
from typing import Any

from kpis.achievement import NOTHING
from projects.fiscal_year import wareki, wareki_date, wareki_with_western
from reports.annual_report import REPORT_NAME, AnnualReport
from reports.renderers.content.annex import annex_content
from reports.renderers.content.project import (
    NOT_YET,
    PROVISIONAL_MARK,
    REFERENCE_MARK,
    project_content,
)
from reports.renderers.content.summary import summary_content
from reports.renderers.wording import basis_text, bound_text, one_line, rating_text


def report_content(report: AnnualReport, replaced: Sequence[str] = ()) -> dict[str, Any]:
    """The texts of the report; `replaced` are the characters that became 〓."""
    return {
        "title": report.title,
        "name": REPORT_NAME,
        "fiscal_year": wareki(report.fiscal_year),
        "full_year": wareki_with_western(report.fiscal_year),
        "period": f"{wareki_with_western(report.first_year)}から"
        f"{wareki_with_western(report.last_year)}まで",
        "strategy": one_line(report.strategy_name),
        "municipality": one_line(report.municipality),
        "office": one_line(report.office),
        "date": wareki_date(report.made_at.date()),
        "edition": report.edition_label,
        "is_draft": report.is_draft,
        "is_sample": report.is_sample,
        "guide": _guide(report),
        "summary": summary_content(report),
        "projects": [project_content(project, report) for project in report.projects],
        "annex": annex_content(report),
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
    basis = basis_text(report)
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
        "not_yet_mark": NOT_YET,
    }
