"""Closing a fiscal year, and every earlier one that is open, after a look at what is open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki
from common.reading.texts import clean_text
from entry.closing_check import check_closing, closing_events
from kpis.permissions import may_record_any
from kpis.plan_pages import with_strategy
from kpis.recording import (
    RecordingRefused,
    close_fiscal_year,
    close_years_through,
    correction_under_way,
)
from kpis.recording.closing import refuse_closer
from kpis.series import closed_years
from projects.models import Strategy


@require_http_methods(["GET", "POST"])
@with_strategy
def close_year(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """What is still open in the year, and the button that closes it with those before it."""
    refuse_closer(request.user, strategy)
    typed, error, note_error = "", "", ""
    if request.method == "POST":
        typed = clean_text(request.POST.get("note", ""))
        close = close_years_through if "with_earlier" in request.POST else close_fiscal_year
        try:
            closed = close(strategy, fiscal_year, user=request.user, reason=typed)
        except RecordingRefused as refused:
            (refusal,) = refused.refusals
            error, note_error = ("", refusal.message) if refusal.field else (refusal.message, "")
        else:
            years = closed if isinstance(closed, list) else [closed]
            named = "、".join(wareki(one.fiscal_year) for one in years)
            messages.success(request, f"{named}を締めました。")
            return redirect("overview", strategy.code, fiscal_year)
    is_closed = fiscal_year in closed_years(strategy)
    correction = None if is_closed else correction_under_way(strategy)
    is_corrected = correction is not None and correction.first_year <= fiscal_year
    return render(
        request,
        "entry/closing.html",
        {
            "fiscal_year": fiscal_year,
            "is_closed": is_closed,
            "corrected_meanwhile": correction if is_corrected else None,
            "check": None if is_closed or is_corrected else check_closing(strategy, fiscal_year),
            "events": closing_events(strategy, fiscal_year),
            "typed": typed,
            "error": error,
            "note_error": note_error,
            "may_record": may_record_any(request.user, strategy),
        },
        status=422 if note_error else 409 if error else 200,
    )
