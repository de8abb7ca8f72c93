"""Closing a fiscal year after a look at what is open, and reopening it for a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki
from common.reading.texts import clean_text
from entry.closing_check import check_closing, closing_events
from kpis.permissions import may_close, may_record_any
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from kpis.recording import (
    RecordingRefused,
    close_fiscal_year,
    later_closed_years,
    reopen_fiscal_year,
)
from kpis.series import closed_years
from projects.models import Strategy


@require_http_methods(["GET", "POST"])
@with_strategy
def close_year(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """What is still open in the year, and the button that closes it."""
    _refuse_others(request, strategy)
    typed, error, note_error = "", "", ""
    if request.method == "POST":
        typed = clean_text(request.POST.get("note", ""))
        try:
            close_fiscal_year(strategy, fiscal_year, user=request.user, reason=typed)
        except RecordingRefused as refused:
            error, note_error = _places(refused)
        else:
            messages.success(request, f"{wareki(fiscal_year)}を締めました。")
            return redirect("overview", strategy.code, fiscal_year)
    is_closed = fiscal_year in closed_years(strategy)
    return render(
        request,
        "entry/closing.html",
        {
            "fiscal_year": fiscal_year,
            "is_closed": is_closed,
            "check": None if is_closed else check_closing(strategy, fiscal_year),
            "events": closing_events(strategy, fiscal_year),
            "typed": typed,
            "error": error,
            "note_error": note_error,
            "may_record": may_record_any(request.user, strategy),
        },
        status=_status(error, note_error),
    )


@require_http_methods(["GET", "POST"])
@with_strategy
def reopen_year(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Ask why a closed year is reopened, and name the later years that rest on it."""
    _refuse_others(request, strategy)
    typed, error, reason_error = "", "", ""
    if request.method == "POST":
        typed = clean_text(request.POST.get("reason", ""))
        try:
            later = reopen_fiscal_year(strategy, fiscal_year, user=request.user, reason=typed)
        except RecordingRefused as refused:
            error, reason_error = _places(refused)
        else:
            kept = "、".join(wareki(year) for year in later)
            affected = f"{kept}は締めたままですが、累計が変わることがあります。" if kept else ""
            messages.success(request, f"{wareki(fiscal_year)}の締めを解きました。{affected}")
            return redirect("overview", strategy.code, fiscal_year)
    return render(
        request,
        "entry/reopening.html",
        {
            "fiscal_year": fiscal_year,
            "is_closed": fiscal_year in closed_years(strategy),
            "later_years": later_closed_years(strategy, fiscal_year),
            "events": closing_events(strategy, fiscal_year),
            "typed": typed,
            "error": error,
            "reason_error": reason_error,
        },
        status=_status(error, reason_error),
    )


def _places(refused: RecordingRefused) -> tuple[str, str]:
    """The refusal's sentence for the page, or for the text that was typed; the other is empty."""
    (refusal,) = refused.refusals
    return ("", refusal.message) if refusal.field else (refusal.message, "")


def _status(error: str, text_error: str) -> int:
    return 422 if text_error else 409 if error else 200


def _refuse_others(request: HttpRequest, strategy: Strategy) -> None:
    if not may_close(request.user, strategy):
        who = "年度を締め、締めを解くのは、企画担当と管理職です。"
        raise denied(strategy, who, not_yet="年度の締め")
