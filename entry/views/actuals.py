"""Entering yearly actuals: a page that works alone, and the parts that its script asks for."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.login import is_partial
from common.fiscal_year import wareki
from entry.sheet import (
    EntryRefused,
    EntryRow,
    deadline_text,
    entry_rows,
    posted_codes,
    save_entries,
    supposed,
)
from kpis.lookup import kpi_or_404, with_code
from kpis.models import Kpi
from kpis.open_work.deadlines import deadline_of
from kpis.open_work.own_work import due_year
from kpis.permissions import ANY, CLOSE_YEAR, recordable_kpis
from kpis.series import KpiSeries, closed_years, load_series, plan_rules, reload_actuals
from projects.current import plan_year_or_404, with_strategy
from projects.models import Strategy


@require_GET
@with_strategy
def entry_start(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Go to the year whose actuals are due; who only closes years, to its overview."""
    year = due_year(strategy, closed_years(strategy), timezone.localdate())
    if request.user.has_perm(CLOSE_YEAR) and not recordable_kpis(request.user, strategy).exists():
        return redirect("overview", year)
    return redirect("entry", year)


@require_http_methods(["GET", "POST"])
@never_cache  # going back shows what is saved, not the page from before the saves
@with_strategy
def entry(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str = ""
) -> HttpResponse:
    """The year's actuals of every KPI that the user may record, or of one, on one page.

    The page's script posts single rows, or all changed ones, and gets the rows' changing parts.
    """
    plan_year_or_404(strategy, fiscal_year)
    try:
        series = _asked_series(request, strategy, code)
        if request.method == "GET":
            return _entry_page(request, strategy, fiscal_year, entry_rows(series, fiscal_year))
        recorded = save_entries(strategy, fiscal_year, series, request.POST, user=request.user)
    except EntryRefused as refused:
        if is_partial(request):
            return _entry_parts(request, strategy, refused.rows, refused=refused)
        return _entry_page(request, strategy, fiscal_year, refused.rows, refused)
    except PermissionDenied as denied:
        if is_partial(request):
            return HttpResponse(str(denied), status=403, content_type="text/plain; charset=utf-8")
        raise
    if is_partial(request):
        codes = set(posted_codes(request.POST))
        posted = reload_actuals([one for one in series if one.definition.code in codes])
        rows = entry_rows(posted, fiscal_year)
        written = {*recorded.created, *recorded.updated, *recorded.deleted}
        return _entry_parts(request, strategy, rows, written=written)
    if recorded.count:
        messages.success(request, f"{wareki(fiscal_year)}の実績を{recorded.count}件保存しました。")
    else:
        messages.info(request, "変わったところがないため、何も書き込んでいません。")
    return redirect(request.path)


@require_GET
@with_strategy
def entry_effect(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str
) -> HttpResponse:
    """What a row's typed figure would mean and what is doubtful about it; writes nothing."""
    plan_year_or_404(strategy, fiscal_year)
    kpi = kpi_or_404(recordable_kpis(request.user, strategy), code)
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk))
    row = supposed(series, fiscal_year, request.GET)
    return render(request, "kpis/_entry_effect.html", {"row": row, "rules": series.rules})


@require_POST
@with_strategy
def entry_paste(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """What was pasted, laid out row by row as it would be read; writes nothing.

    Posted are the rows as they would be, with `<code>-now` (the value field as
    it is), `<code>-columns` (the fields that get something), `<code>-restated`
    (the state it had) and, for each line that fits no row, `over`.
    """
    plan_year_or_404(strategy, fiscal_year)
    series = load_series(strategy, recordable_kpis(request.user, strategy))
    codes = set(posted_codes(request.POST))
    pasted = []
    for one in series:
        code = one.definition.code
        if code in codes:
            columns = request.POST.get(f"{code}-columns", "").split()
            now = {name: request.POST.get(f"{code}-{name}", "") for name in ("now", "restated")}
            pasted.append((supposed(one, fiscal_year, request.POST), columns, now))
    context = {
        "pasted": pasted,
        "count": sum(bool(columns) for _row, columns, _now in pasted),
        "unreadable": sum(bool(columns and row.errors) for row, columns, _now in pasted),
        "with_texts": any(name != "value" for _row, columns, _now in pasted for name in columns),
        "over": request.POST.getlist("over"),
        "wide": request.POST.getlist("wide"),
        "rules": plan_rules(strategy),
    }
    return render(request, "kpis/_entry_paste.html", context)


def _asked_series(request: HttpRequest, strategy: Strategy, code: str) -> list[KpiSeries]:
    """The KPIs that the user may record, or the one of them that is asked for."""
    kpis = recordable_kpis(request.user, strategy)
    if not code:
        return load_series(strategy, kpis, with_texts=True)
    series = load_series(strategy, with_code(kpis, code), with_texts=True)
    if not series:
        kpi_or_404(Kpi.objects.filter(project__strategy=strategy), code)
        raise PermissionDenied(f"{code}は、あなたの課の指標ではないため入力できません。")
    return series


def _entry_parts(
    request: HttpRequest,
    strategy: Strategy,
    rows: Iterable[EntryRow],
    *,
    refused: EntryRefused | None = None,
    written: frozenset[int] | set[int] = frozenset(),
) -> HttpResponse:
    """The changing parts of the posted rows, for the script to put in place."""
    codes = set(posted_codes(request.POST))
    posted = [row for row in rows if row.code in codes]
    context = {
        "rows": posted,
        "refused": refused,
        "error_count": sum(len(row.errors) for row in posted),
        "written": written,
        "now": timezone.localtime(),
        "rules": plan_rules(strategy),
    }
    status = refused.status if refused else 200
    return render(request, "kpis/_entry_parts.html", context, status=status)


def _entry_page(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    rows: list[EntryRow],
    refused: EntryRefused | None = None,
) -> HttpResponse:
    closed = closed_years(strategy)
    waiting = [row for row in rows if row.is_waiting]
    due_on = deadline_of(strategy, fiscal_year)
    return render(
        request,
        "kpis/entry.html",
        {
            "rows": rows,
            "waiting": len(waiting),
            "first_waiting": waiting[0] if waiting else None,
            "deadline": deadline_text(due_on, timezone.localdate(), waiting=len(waiting)),
            "is_own": not request.user.has_perm(ANY),
            "fiscal_year": fiscal_year,
            "closed_years": closed,
            "is_closed": fiscal_year in closed,
            "rules": plan_rules(strategy),
            "refused": refused,
            "error_count": sum(len(row.errors) for row in rows),
        },
        status=refused.status if refused else 200,
    )
