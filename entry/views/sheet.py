"""What the three entry pages have in common: showing the rows, saving them, answering the script.

A page works alone; its script posts single rows, or all changed ones, and gets their parts.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.partial import is_partial, refusal
from common.fiscal_year import wareki
from entry.sheet import Sheet, SheetRefused, SheetRow, save
from kpis.plan_pages import with_strategy
from kpis.recording import Recorded
from kpis.series import closed_years
from projects.models import Strategy


def entry_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Make a view an entry page: GET and POST, never cached, a denied script told in words."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as denied:
            if not is_partial(request):
                raise
            return refusal(str(denied), 403)

    # Going back shows what is saved, not the page from before the saves.
    return require_http_methods(["GET", "POST"])(never_cache(with_strategy(answered)))


def sheet_page(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    sheet: Sheet[Any],
    rows: Sequence[SheetRow],
    template: str,
    more: Callable[[], dict[str, Any]] = dict,
) -> HttpResponse:
    """Show the rows, or save what was typed into them.

    `rows` are those the user may record and asked for; `more` gives what only a whole page
    of this kind shows.
    """
    refused: SheetRefused | None = None
    recorded = Recorded()
    if request.method == "POST":
        try:
            recorded = save(sheet, strategy, fiscal_year, rows, request.POST, user=request.user)
        except SheetRefused as why:
            refused = why
        else:
            if not is_partial(request):
                _say_what_was_saved(request, strategy, fiscal_year, sheet, recorded)
                return redirect(request.path)
    context = {
        "rows": rows,
        "page_rows": rows,
        "sheet": sheet,
        "sheet_title": strategy.words.put(sheet.title),
        "counted": sheet.count(len(rows), strategy.words),
        "waiting": sum(row.is_waiting for row in rows),
        "refused": refused,
        "error_count": sum(len(row.errors) for row in rows),
    }
    status = refused.status if refused else 200
    if request.method == "POST" and is_partial(request):
        context["rows"] = [row for row in rows if row.is_posted]
        context["written"] = {*recorded.created, *recorded.updated, *recorded.deleted}
        context["now"] = timezone.localtime()
        return render(request, "entry/_sheet_parts.html", context, status=status)
    closed = closed_years(strategy)
    context |= {
        "fiscal_year": fiscal_year,
        "years_of": sheet.page,
        "closed_years": closed,
        "is_closed": fiscal_year in closed,
        **more(),
    }
    return render(request, template, context, status=status)


def _say_what_was_saved(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    sheet: Sheet[Any],
    recorded: Recorded,
) -> None:
    if recorded.count:
        saved = strategy.words.put(sheet.saved.format(recorded.count))
        messages.success(request, f"{wareki(fiscal_year)}の{saved}")
    else:
        messages.info(request, "変わったところがないため、何も書き込んでいません。")
