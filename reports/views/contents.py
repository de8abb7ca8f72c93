"""The contents that were kept of a year, one for each closing, and how each differs."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from kpis.plan_pages import with_strategy
from projects.models import Strategy
from reports.annual.comparison import changes_between
from reports.annual.document import ReportChange
from reports.annual.kept import report_in
from reports.annual.report_choices import draft_key
from reports.models import KeptContent


@dataclass(frozen=True, slots=True)
class _Listed:
    """A content, the one before it (None: the first), what changed, and both as they are asked."""

    content: KeptContent
    before: KeptContent | None
    changes: tuple[ReportChange, ...]
    compared: str


@require_GET
@with_strategy
def kept_contents(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Every content of a year, the newest first, with its differences from the one before."""
    is_closed = strategy.closings.filter(fiscal_year=fiscal_year).exists()
    kept = strategy.kept_contents.filter(fiscal_year=fiscal_year).order_by("number")
    listed: list[_Listed] = []
    before: KeptContent | None = None
    for content in kept:
        changes = changes_between(report_in(before), report_in(content)) if before else ()
        listed.append(_Listed(content, before, changes, ""))
        before = content
    newest = draft_key(fiscal_year) if is_closed else ""
    return render(
        request,
        "reports/kept_contents.html",
        {
            "fiscal_year": fiscal_year,
            "is_closed": is_closed,
            "contents": [
                _asked(one, newest if one.content is before else "") for one in reversed(listed)
            ],
        },
    )


def _asked(listed: _Listed, key: str) -> _Listed:
    """With the address's part by which both stand side by side; `key` is the newest's, if any."""
    if listed.before is None:
        return listed
    asked = {"before": listed.before.key, "after": key or listed.content.key}
    return _Listed(listed.content, listed.before, listed.changes, urlencode(asked))
