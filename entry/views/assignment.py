"""The page that says which department owns which KPI and initiative."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from entry.assignment import (
    AssignmentRefused,
    department_counts,
    owned_rows,
    save_assignment,
)
from kpis.permissions import may_assign
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from projects.models import Strategy


@require_http_methods(["GET", "POST"])
@with_strategy
def assignment(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """All KPIs and initiatives with their departments; `?unset=1` shows those without one."""
    if not may_assign(request.user, strategy):
        raise denied(strategy, "所管課を割り当てるのは企画担当です。")
    refused = None
    if request.method == "POST":
        try:
            count = save_assignment(strategy, request.POST, user=request.user)
        except AssignmentRefused as refusal:
            refused = refusal
        else:
            if count:
                messages.success(request, f"所管課を{count}件変えました。")
            else:
                messages.info(request, "変わったところがないため、何も書き込んでいません。")
            return redirect(request.get_full_path())
    rows = refused.rows if refused else owned_rows(strategy)
    only_unset = request.GET.get("unset") == "1"
    shown = [
        row for row in rows if not only_unset or row.saved is None or row.chosen != row.saved
        or row.error
    ]  # fmt: skip
    return render(
        request,
        "entry/assignment.html",
        {
            "projects": [
                (project, list(own)) for project, own in groupby(shown, lambda row: row.project)
            ],
            "row_count": len(rows),
            "unset_count": sum(row.saved is None for row in rows),
            "only_unset": only_unset,
            "departments": department_counts(strategy),
            "refused": refused,
            "faults": [row for row in rows if row.error],
        },
        status=(409 if refused.is_conflict else 422) if refused else 200,
    )
