"""Two reports side by side, figure by figure, as a page and as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit import Kind, note_reading
from kpis.plan_pages import plan_in_file_names, with_strategy
from projects.models import Strategy
from reports.annual.comparison import changes_between, changes_csv, report_label
from reports.annual.document import scope_of_comparison
from reports.annual.report_choices import default_pair, find_report, report_choices


@require_GET
@with_strategy
def compare(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """What differs between any two editions or drafts."""
    context, status = _compared(request, strategy)
    return render(request, "reports/compare.html", context, status=status)


@require_GET
@with_strategy
def compare_file(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The same differences as CSV."""
    context, status = _compared(request, strategy)
    if context["changes"] is None:
        return render(request, "reports/compare.html", context, status=status)
    plan = plan_in_file_names(request, strategy)
    name = f"changes{plan}-{context['before_key']}-{context['after_key']}.csv"
    what = f"{strategy.name}の報告書の比較（{context['before_label']}、{context['after_label']}）"
    note_reading(Kind.EXPORT, what, user=request.user)
    return HttpResponse(
        changes_csv(context["changes"]),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _compared(request: HttpRequest, strategy: Strategy) -> tuple[dict[str, Any], int]:
    """What both show, and the status; `changes` is None where nothing can be compared."""
    choices = report_choices(strategy)
    pair = default_pair([key for key, _label in choices])
    before_key = request.GET.get("before", pair[0])
    after_key = request.GET.get("after", pair[1])
    context: dict[str, Any] = {
        "choices": choices,
        "before_key": before_key,
        "after_key": after_key,
        "changes": None,
        "has_editions": any(pair),
        "is_asked": bool(before_key or after_key),
    }
    if not context["is_asked"]:
        return context, 200
    before, after = find_report(strategy, before_key), find_report(strategy, after_key)
    if before is None or after is None:
        return context, 422
    return context | {
        "before_label": report_label(before),
        "after_label": report_label(after),
        "changes": changes_between(before, after),
        "scope": scope_of_comparison(before.fiscal_year, after.fiscal_year),
    }, 200
