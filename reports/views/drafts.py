"""The list of reports, and the draft of a year's report as a page and as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit import Kind, note_reading
from common.fiscal_year import wareki
from kpis.permissions import may_change_plan, may_issue
from kpis.plan_pages import plan_in_file_names, with_strategy
from kpis.series import load_series
from projects.models import Strategy
from reports.annual.editions import draft_report
from reports.annual.year_list import year_rows
from reports.formats import FORMATS, content_disposition
from reports.views.page_context import near_the_end, report_context


@require_GET
@with_strategy
def report_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The years of the plan: draft, issued editions, and what comes next."""
    rows = year_rows(strategy, load_series(strategy))
    return render(
        request,
        "reports/reports.html",
        {
            "rows": [row for row in rows if row.is_begun],
            "later_years": [row.fiscal_year for row in reversed(rows) if not row.is_begun],
            "formats": FORMATS.values(),
            "may_issue": may_issue(request.user, strategy),
            "may_change_plan": may_change_plan(request.user, strategy),
            "has_editions": any(row.editions for row in rows),
        }
        | near_the_end(request.user, strategy),
    )


@require_GET
@with_strategy
def report(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """The draft of a year's report as a page."""
    return render(
        request,
        "reports/report.html",
        report_context(draft_report(strategy, fiscal_year))
        | {
            "formats": FORMATS.values(),
            "is_closed": strategy.closings.filter(fiscal_year=fiscal_year).exists(),
            "may_issue": may_issue(request.user, strategy),
        },
    )


@require_GET
@with_strategy
def report_file(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, name: str
) -> HttpResponse:
    """The draft of a year's report as a file."""
    if name not in FORMATS:
        raise Http404(f"報告書に「{name}」はありません。あるのは{'、'.join(FORMATS)}です。")
    file_format = FORMATS[name]
    content = file_format.render(draft_report(strategy, fiscal_year))
    what = f"{strategy.name}の{wareki(fiscal_year)}の案 {name}"
    note_reading(Kind.DOWNLOAD, what, user=request.user)
    return HttpResponse(
        content,
        content_type=file_format.content_type,
        headers={
            "Content-Disposition": content_disposition(
                name,
                fiscal_year,
                None,
                strategy.words.report,
                plan_in_file_names(request, strategy),
            ),
            "Cache-Control": "private, no-store",
        },
    )
