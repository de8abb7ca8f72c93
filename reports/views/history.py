"""The page of all changes, and the same as a file."""

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit import Kind, note_reading
from accounts.permissions import may_see_audit
from common.asked import asked_number
from kpis.plan_pages import plan_in_file_names, with_strategy
from projects.models import Strategy
from reports.history.acts import told_by_act
from reports.history.changes import Change, history_of_plan
from reports.history.file import history_csv
from reports.history.form import HistoryForm

_ON_A_PAGE = 100


@require_GET
@with_strategy
def history(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Who changed what, when and why, for everybody who may log in."""
    number = asked_number(request, "page", "ページ")
    form = HistoryForm(request.GET, strategy=strategy)
    if not form.is_valid():
        return _page(request, strategy, form, status=422)
    # It asks for its length and for slices, and that is what a History gives.
    pages: Paginator[Change] = Paginator(
        cast("Any", history_of_plan(strategy, form.chosen())), _ON_A_PAGE
    )
    return _page(request, strategy, form, page=pages.get_page(number or 1))


@require_GET
@with_strategy
def history_file(request: HttpRequest, strategy: Strategy) -> HttpResponseBase:
    """The changes that the page's filters leave, whole, as CSV."""
    form = HistoryForm(request.GET, strategy=strategy)
    if not form.is_valid():
        return _page(request, strategy, form, status=422)
    name = f"history{plan_in_file_names(request, strategy)}.csv"
    note_reading(Kind.EXPORT, f"{strategy.name}の変更の履歴", user=request.user)
    return StreamingHttpResponse(
        history_csv(history_of_plan(strategy, form.chosen())),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _page(
    request: HttpRequest,
    strategy: Strategy,
    form: HistoryForm,
    *,
    page: Page[Change] | None = None,
    status: int = 200,
) -> HttpResponse:
    filters = request.GET.copy()
    filters.pop("page", None)
    return render(
        request,
        "reports/history.html",
        {
            "form": form,
            "page": page,
            "told": told_by_act(strategy, list(page.object_list)) if page else [],
            "filters": filters.urlencode(),
            "may_see_audit": may_see_audit(request.user),
        },
        status=status,
    )
