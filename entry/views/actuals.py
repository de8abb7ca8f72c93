"""Entering yearly actuals: the page, and what else its script asks for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common.fiscal_year import wareki
from entry.sheet import ACTUALS_SHEET, actual_rows, posted_codes, supposed, tell_takers
from entry.views.sheet import entry_page, sheet_page
from kpis.lookup import find_kpi, kpi_or_404, with_code
from kpis.models import Kpi
from kpis.open_work.deadlines import deadline_of, deadline_text, due_year
from kpis.permissions import may_close, may_decide, may_record_any, recordable_kpis
from kpis.plan_pages import plans_of, with_strategy
from kpis.plan_rules import plan_rules
from kpis.plan_states import denied
from kpis.progress import standing_in
from kpis.recording import RecordingRefused, decide_as_proposed
from kpis.recording.judgements import refuse_decider
from kpis.recording.outside_life import outside_life
from kpis.series import KpiSeries, closed_years, load_series
from projects.models import Strategy, living_in

_DIGITS = 4


@require_GET
@with_strategy
def entry_start(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Go to the year whose actuals are due; who only closes years, to its overview."""
    year = due_year(strategy, closed_years(strategy), timezone.localdate())
    if may_close(request.user, strategy) and not recordable_kpis(request.user, strategy).exists():
        return redirect("overview", strategy.code, year)
    return redirect("entry", strategy.code, year)


@entry_page
def entry(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str = ""
) -> HttpResponse:
    """The year's actuals of every KPI that the user may record, or of one, on one page."""
    if code and request.method == "GET":
        moved, why = _code_in_year(strategy, code, fiscal_year)
        if why:
            messages.info(request, why)
            return redirect("entry", strategy.code, fiscal_year)
        if moved:
            return redirect("entry_one", strategy.code, fiscal_year, moved)
    asked = _asked_series(request, strategy, fiscal_year, code)
    rows = actual_rows(asked, fiscal_year, decides=may_decide(request.user, strategy))
    if code and request.method == "GET" and "carry" in request.GET:
        rows[0].carry()

    def more() -> dict[str, object]:
        tell_takers(rows, {plan.pk for plan in plans_of(request)})
        waiting = [row for row in rows if row.is_waiting]
        due_on = deadline_of(strategy, fiscal_year)
        records_any = may_record_any(request.user, strategy)
        rules = plan_rules(strategy)
        return {
            "first_waiting": waiting[0] if waiting else None,
            "deadline": deadline_text(due_on, timezone.localdate(), waiting=len(waiting)),
            "whose": f"{strategy.words.count_kpis(len(rows))}の" if records_any else "あなたの課の",
            "rules": rules.in_year(fiscal_year),
            "last_year": rules.last_year_in(fiscal_year),
            "proposed": [row for row in rows if row.decides and row.has_open_proposal],
        }

    return sheet_page(
        request, strategy, fiscal_year, ACTUALS_SHEET, rows, "entry/actuals.html", more
    )


@require_GET
@with_strategy
def entry_effect(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str
) -> HttpResponse:
    """What a row's typed figure would mean and what is doubtful about it; writes nothing."""
    kpis = recordable_kpis(request.user, strategy)
    kpi = kpi_or_404(kpis, code, strategy.words, fiscal_year)
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk))
    decides = may_decide(request.user, strategy)
    row = supposed(series, fiscal_year, request.GET, decides=decides)
    return render(request, "entry/_actual_effect.html", {"row": row})


@require_POST
@entry_page
def entry_paste(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """What was pasted, laid out row by row as it would be read; writes nothing.

    Posted are the rows as they would be, with `<code>-now` (the value field as
    it is), `<code>-columns` (the fields that get something), `<code>-restated`
    (the state it had) and, for each line that fits no row, `over`.
    """
    kpis = recordable_kpis(request.user, strategy)
    series = _in_order(load_series(strategy, kpis.filter(living_in(fiscal_year))), fiscal_year)
    if not series:
        raise denied(strategy, "あなたが入力できる指標はありません。")
    codes = set(posted_codes(request.POST))
    decides = may_decide(request.user, strategy)
    pasted = []
    for one in series:
        code = one.code_in(fiscal_year)
        if code in codes:
            columns = request.POST.get(f"{code}-columns", "").split()
            now = {name: request.POST.get(f"{code}-{name}", "") for name in ("now", "restated")}
            row = supposed(one, fiscal_year, request.POST, decides=decides)
            pasted.append((row, columns, now))
    context = {
        "pasted": pasted,
        "rules": series[0].rules.in_year(fiscal_year),
        "count": sum(bool(columns) for _row, columns, _now in pasted),
        "unreadable": sum(bool(columns and row.errors) for row, columns, _now in pasted),
        "with_texts": any(name != "value" for _row, columns, _now in pasted for name in columns),
        "over": request.POST.getlist("over"),
        "wide": request.POST.getlist("wide"),
    }
    return render(request, "entry/_actual_paste.html", context)


@require_POST
@with_strategy
def decide_ratings(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Decide what is proposed, as somebody saw it: the places of marks, by KPI."""
    refuse_decider(request.user, strategy)
    kpis = recordable_kpis(request.user, strategy).filter(living_in(fiscal_year))
    of_code = {one.code_in(fiscal_year): one.definition.id for one in load_series(strategy, kpis)}
    proposed = {
        pk: int(place)
        for code, pk in of_code.items()
        if (place := request.POST.get(code, "")).isascii()
        and place.isdigit()
        and len(place) < _DIGITS
    }
    try:
        recorded = decide_as_proposed(strategy, fiscal_year, proposed, user=request.user)
    except RecordingRefused as refused:
        for one in refused.refusals:
            messages.error(request, one.message)
    else:
        if recorded.count:
            what = f"{wareki(fiscal_year)}の評価を{recorded.count}件、案のとおり決めました。"
            messages.success(request, what)
        else:
            messages.info(request, "変わったところがないため、何も書き込んでいません。")
    return redirect("entry", strategy.code, fiscal_year)


def _asked_series(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str
) -> list[KpiSeries]:
    """The KPIs of the year that the user may record, or the one of them that is asked for."""
    kpis = recordable_kpis(request.user, strategy)
    if not code:
        own = load_series(strategy, kpis.filter(living_in(fiscal_year)), with_texts=True)
        return _in_order(own, fiscal_year)
    series = load_series(strategy, with_code(kpis, code, fiscal_year), with_texts=True)
    if not series:
        all_kpis = Kpi.objects.filter(project__strategy=strategy)
        kpi_or_404(all_kpis, code, strategy.words, fiscal_year)
        raise denied(
            strategy, f"{code}は、あなたの課の{strategy.words.kpi}ではないため入力できません。"
        )
    return series


def _in_order(series: list[KpiSeries], fiscal_year: int) -> list[KpiSeries]:
    """In the printed order of the year."""
    return list(standing_in(series, fiscal_year))


def _code_in_year(strategy: Strategy, code: str, fiscal_year: int) -> tuple[str, str]:
    """The code in a year of the KPI that has this one in another; or why it has none then.

    Both are empty where the code is a KPI's in the year itself.
    """
    kpis = Kpi.objects.filter(project__strategy=strategy)
    if with_code(kpis, code, fiscal_year).exists():
        return "", ""
    found = find_kpi(kpis, code, strategy, None).kpi
    if not found.lives_in(fiscal_year):
        return "", f"{found.code}「{found.name}」は、{outside_life(found, fiscal_year)}"
    (series,) = load_series(strategy, Kpi.objects.filter(pk=found.pk))
    return series.code_in(fiscal_year), ""
