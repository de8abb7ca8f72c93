"""締めた年度を改める: the page that begins it, and the one from which it ends."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from common.reading.texts import clean_text
from entry.closing_check import closing_events
from kpis.open_work.after_closing import unsettled_in
from kpis.plan_pages import with_strategy
from kpis.recording import (
    RecordingRefused,
    begin_correction,
    correction_under_way,
    give_up_correction,
)
from kpis.recording.closing import refuse_closer
from kpis.recording.correction import closed_from, counting_plans
from kpis.series import closed_years
from projects.models import Correction, CorrectionKind, Strategy
from reports.annual.corrected import corrected_years, end_as_seen, fingerprint_of


@require_GET
@with_strategy
def reopen_year(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Where closed years were opened once: lead to where they are corrected."""
    return redirect("begin_correction", strategy.code, fiscal_year, permanent=True)


@require_http_methods(["GET", "POST"])
@with_strategy
def begin(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Which years would stand reopened, why, and the button that begins it."""
    refuse_closer(request.user, strategy)
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", CorrectionKind.ERROR)
    kind = kind if kind in CorrectionKind.values else CorrectionKind.ERROR
    typed = clean_text(asked.get("reason", ""))
    chosen = asked.getlist("other_plans")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            correction = begin_correction(
                strategy,
                fiscal_year,
                kind=CorrectionKind(kind),
                reason=typed,
                user=request.user,
                other_plans=chosen,
            )
        except RecordingRefused as refused:
            errors = {one.field or "all": one.message for one in refused.refusals}
        else:
            messages.success(request, f"{correction.years_in_words}を改め始めました。")
            return redirect("correction", strategy.code)
    years = closed_from(strategy, fiscal_year)
    is_closed = fiscal_year in years
    return render(
        request,
        "entry/begin_correction.html",
        {
            "fiscal_year": fiscal_year,
            "is_closed": is_closed,
            "under_way": correction_under_way(strategy),
            "years": years if is_closed else [],
            "unsettled": [
                one
                for one in unsettled_in([strategy]).get(strategy.pk, [])
                if one.fiscal_year in years
            ],
            "others": counting_plans(strategy, fiscal_year) if is_closed else [],
            "kinds": CorrectionKind.choices,
            "kind": kind,
            "typed": typed,
            "chosen": chosen,
            "events": closing_events(strategy, fiscal_year),
            "errors": errors,
        },
        status=_status(errors),
    )


@require_http_methods(["GET", "POST"])
@with_strategy
def correction(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """What stands reopened, in what it differs from what was kept, and both ends."""
    refuse_closer(request.user, strategy)
    under_way = correction_under_way(strategy)
    if under_way is not None and under_way.led_by:
        return redirect("correction", under_way.led_by.strategy.code)
    error = ""
    if request.method == "POST" and under_way is not None:
        try:
            return _ended(request, under_way)
        except RecordingRefused as refused:
            error = "".join(one.message for one in refused.refusals)
    years = corrected_years(under_way) if under_way else []
    return render(
        request,
        "entry/correction.html",
        {
            "under_way": under_way,
            "closed": sorted(closed_years(strategy)),
            "years": years,
            "others": under_way.followers.select_related("strategy") if under_way else [],
            "fingerprint": fingerprint_of(years),
            "error": error,
        },
        status=409 if error or (request.method == "POST" and under_way is None) else 200,
    )


def _ended(request: HttpRequest, under_way: Correction) -> HttpResponse:
    user: Any = request.user
    if "give_up" in request.POST:
        ended = give_up_correction(under_way.strategy, user=user)
        said = f"{ended.years_in_words}を、改める前のとおりに戻しました。"
    else:
        seen = request.POST.get("fingerprint", "")
        ended = end_as_seen(under_way, user=user, seen=seen)
        said = f"{ended.years_in_words}を締め直しました。"
    messages.success(request, said)
    return redirect("kept_contents", ended.strategy.code, ended.first_year)


def _status(errors: dict[str, str]) -> int:
    if not errors:
        return 200
    return 409 if "all" in errors else 422
