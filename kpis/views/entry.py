"""Entering the yearly actuals of KPIs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kpis.entry import EntryRefused, EntryRow, entry_rows, save_entries, supposed
from kpis.models import Kpi
from kpis.permissions import recordable_kpis
from kpis.series import closed_years, load_series, plan_rules
from kpis.views.lookup import kpi_or_404
from projects.current import plan_year_or_404, with_strategy
from projects.fiscal_year import fiscal_year_of, wareki
from projects.models import Strategy


@require_GET
@with_strategy
def entry_start(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Go to the year whose actuals are due: the last that has ended, or the next still open."""
    closed = closed_years(strategy)
    ended = fiscal_year_of(timezone.localdate()) - 1
    due = min(max(ended, strategy.first_year), strategy.last_year)
    open_years = [year for year in strategy.years if year >= due and year not in closed]
    return redirect("entry", min(open_years, default=due))


@require_http_methods(["GET", "POST"])
@with_strategy
def entry(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str = ""
) -> HttpResponse:
    """The year's actuals of every KPI that the user may record, or of one, on one page."""
    plan_year_or_404(strategy, fiscal_year)
    kpis = recordable_kpis(request.user, strategy)
    if code:
        kpi = kpi_or_404(Kpi.objects.filter(project__strategy=strategy), code)
        if not kpis.filter(pk=kpi.pk).exists():
            raise PermissionDenied(f"{code}は、あなたの課の指標ではないため入力できません。")
        kpis = kpis.filter(pk=kpi.pk)
    series = load_series(strategy, kpis, with_texts=True)
    if request.method == "GET":
        return _entry_page(request, strategy, fiscal_year, entry_rows(series, fiscal_year))
    try:
        recorded = save_entries(strategy, fiscal_year, series, request.POST, user=request.user)
    except EntryRefused as refused:
        return _entry_page(request, strategy, fiscal_year, refused.rows, refused)
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
    """What a row's typed figure would mean, for the cell beside it; writes nothing."""
    plan_year_or_404(strategy, fiscal_year)
    kpi = kpi_or_404(recordable_kpis(request.user, strategy), code)
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk))
    row = supposed(series, fiscal_year, request.GET)
    return render(request, "kpis/_effect.html", {"row": row, "rules": series.rules})


def _entry_page(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    rows: list[EntryRow],
    refused: EntryRefused | None = None,
) -> HttpResponse:
    closed = closed_years(strategy)
    return render(
        request,
        "kpis/entry.html",
        {
            "rows": rows,
            "waiting": sum(row.is_waiting for row in rows),
            "fiscal_year": fiscal_year,
            "closed_years": closed,
            "is_closed": fiscal_year in closed,
            "rules": plan_rules(strategy),
            "refused": refused,
            "error_count": sum(len(row.errors) for row in rows),
        },
        status=refused.status if refused else 200,
    )
