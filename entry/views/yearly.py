"""What the entry pages of a year's texts have in common."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.login import is_partial
from common.fiscal_year import wareki
from entry.yearly.entry import Sheet, YearlyRefused, YearlyRow, save_rows
from kpis.series import closed_years
from projects.models import Strategy


def denied_in_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a partial request that is denied with 403 and its sentence alone."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as denied:
            if not is_partial(request):
                raise
            return HttpResponse(str(denied), status=403, content_type="text/plain; charset=utf-8")

    return answered


def yearly_entry(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    sheet: Sheet,
    rows: list[YearlyRow],
    template: str,
    *,
    only: str = "",
) -> HttpResponse:
    """Show the rows, or save what was typed into them.

    `rows` are those the user may record, or the `only` one of them that is asked for.
    The page's script posts single rows and gets their changing parts.
    """
    refused = None
    written: set[int] = set()
    if request.method == "POST":
        try:
            recorded = save_rows(
                strategy, fiscal_year, sheet, rows, request.POST, user=request.user
            )
        except YearlyRefused as why:
            refused = why
        else:
            if not is_partial(request):
                _say_what_was_saved(request, fiscal_year, sheet, recorded.count)
                return redirect(request.path)
            written = {*recorded.created, *recorded.updated, *recorded.deleted}
    context = {
        "rows": rows,
        "sheet": sheet,
        "waiting": sum(row.saved is None for row in rows),
        "refused": refused,
    }
    status = refused.status if refused else 200
    if request.method == "POST" and is_partial(request):
        context |= {"written": written, "now": timezone.localtime()}
        return render(request, "kpis/_yearly_parts.html", context, status=status)
    closed = closed_years(strategy)
    context |= {
        "only": only,
        "fiscal_year": fiscal_year,
        "years": strategy.years,
        "closed_years": closed,
        "is_closed": fiscal_year in closed,
        "error_count": sum(len(row.errors) for row in rows),
    }
    return render(request, template, context, status=status)


def _say_what_was_saved(request: HttpRequest, fiscal_year: int, sheet: Sheet, count: int) -> None:
    if count:
        messages.success(request, f"{wareki(fiscal_year)}の{sheet.noun}{count}件を保存しました。")
    else:
        messages.info(request, "変わったところがないため、何も書き込んでいません。")
