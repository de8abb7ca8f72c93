"""The whole report as finished texts, for the PDF's template and for the Word document.

Whoever sets type computes no figure: every number is written here, by
`kpis.achievement.display` and `display_value`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from common.fiscal_year import wareki, wareki_date, wareki_with_western
from reports.annual.document import AnnualReport
from reports.renderers.clean_text import clean_line
from reports.renderers.content.annex import annex_content
from reports.renderers.content.goals import goals_content
from reports.renderers.content.guide import guide_content
from reports.renderers.content.project import project_content
from reports.renderers.content.summary import summary_content
from reports.renderers.wording import period_text


def report_content(report: AnnualReport, replaced: Sequence[str] = ()) -> dict[str, Any]:
    """The texts of the report; `replaced` are the characters that became 〓."""
    return {
        "title": report.title,
        "name": report.words.report,
        "words": asdict(report.words),
        "fiscal_year": wareki(report.fiscal_year),
        "full_year": wareki_with_western(report.fiscal_year),
        "period": period_text(report),
        "strategy": clean_line(report.strategy_name),
        "municipality": clean_line(report.municipality),
        "office": clean_line(report.office),
        "date": wareki_date(report.made_at.date()),
        "edition": report.edition_label,
        "is_draft": report.is_draft,
        "fictitious": "実績値はすべて架空（見本）" if report.is_sample else "",
        "guide": guide_content(report),
        "summary": summary_content(report),
        "goals": goals_content(report),
        "has_goals_alone": report.has_goals_alone,
        "projects": [project_content(project, report) for project in report.projects],
        "annex": annex_content(report),
        "replaced": "、".join(f"U+{ord(character):04X}" for character in replaced),
    }
