"""Where a plan's pages stand, and where an address that names no plan leads."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from kpis.plan_pages import home_plan, main_of, plans_of
from projects.models import Strategy
from reports.models import Edition
from reports.views.editions import edition_file


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the dashboard of the plan that somebody chose last, else of the main plan."""
    strategy = home_plan(request)
    if strategy is None:
        return render(request, "projects/no_strategy.html")
    return _go_on(request, _plan_of_year(request, strategy, None), "")


def without_plan(request: HttpRequest, page: str) -> HttpResponseBase:
    """Go on to a page of the main plan, or of the plan that has the year asked for.

    An edition's address leads to the edition of that year and number issued first, in
    whatever plan; its files are answered at once, as they always were.
    """
    plans = plans_of(request)
    if not plans:
        return render(request, "projects/no_strategy.html")
    name, named = _page_of(plans[0], page)
    if name in ("edition", "edition_file"):
        strategy = _plan_of_edition(named["fiscal_year"], named["number"])
        if name == "edition_file":
            return edition_file(request, plan_code=strategy.code, **named)
    else:
        strategy = _plan_of_year(request, main_of(plans), named.get("fiscal_year"))
    return _go_on(request, strategy, page)


def _go_on(request: HttpRequest, strategy: Strategy, page: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    url = reverse("dashboard", args=[strategy.code]) + page + (f"?{query}" if query else "")
    return redirect(url, preserve_request=request.method not in ("GET", "HEAD"))


def _page_of(strategy: Strategy, page: str) -> tuple[str | None, dict[str, Any]]:
    """The name of a plan's page and what its address names; Http404 where there is none."""
    try:
        match = resolve(reverse("dashboard", args=[strategy.code]) + page)
    except Resolver404:
        raise Http404("このアドレスのページはありません。") from None
    return match.url_name, {key: value for key, value in match.kwargs.items() if key != "plan_code"}


def _plan_of_edition(fiscal_year: int, number: int) -> Strategy:
    issued = Edition.objects.filter(fiscal_year=fiscal_year, number=number)
    first = issued.defer("document").select_related("strategy").order_by("pk").first()
    if first is None:
        raise Http404("その版は発行されていません。報告書の一覧から選んでください。")
    return first.strategy


def _plan_of_year(request: HttpRequest, first: Strategy, fiscal_year: int | None) -> Strategy:
    """The first plan, unless the year lies outside and in another: then that begun last.

    `fiscal_year` is the address's; where it names none, the year is that of `?fy=`.
    """
    asked = request.GET.get("fy", "")
    if fiscal_year is None and len(asked) == 4 and asked.isascii() and asked.isdigit():
        fiscal_year = int(asked)
    if fiscal_year is None or fiscal_year in first.years:
        return first
    return next((one for one in plans_of(request) if fiscal_year in one.years), first)
