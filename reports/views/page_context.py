"""What pages about one fiscal year, and pages of one report, have in common."""

from kpis.progress import StrategyProgress
from reports.annual.document import AnnualReport
from reports.renderers.content.lives import (
    incomparable_text,
    lives_rows,
    lives_text,
    lives_title,
    means_text,
)


def page_context(progress: StrategyProgress) -> dict[str, object]:
    """What a page about one fiscal year shows around its own part."""
    return {
        "progress": progress,
        "fiscal_year": progress.fiscal_year,
        "closed_years": progress.closed_years,
        "rules": progress.rules,
        "standing": progress.standing,
        "previous": progress.previous,
    }


def report_context(report: AnnualReport) -> dict[str, object]:
    """What `reports/_document.html` takes: the report is its own source, for its rules too.

    So an edition looks the same whatever the plan has become since.
    """
    return {
        "report": report,
        "fiscal_year": report.fiscal_year,
        "rules": report,
        "standing": report.standing,
        "previous": report.previous,
        "why_incomparable": incomparable_text(report) + means_text(report),
        "lives": lives_rows(report),
        "lives_title": lives_title(report),
        "lives_text": lives_text(report),
    }
