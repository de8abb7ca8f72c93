"""Where a plan's pages stand, and where an address that names no plan leads."""

import re
from collections import Counter
from contextlib import suppress
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.views.decorators.http import require_safe

from kpis.plan_pages import home_plan, main_of, plans_of
from projects.models import Strategy
from reports.models import Edition
from reports.views.editions import edition_file

_YEAR = re.compile("([0-9]{4})(?:-(?:draft|[0-9]{1,5}))?")
_EDITION = re.compile("([0-9]{4})-([0-9]{1,5})")
_COMPARED = ("after", "before")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the dashboard of the plan that somebody chose last, else of the main plan.

    A year that lies outside it, and in another, leads to that one.
    """
    strategy = home_plan(request)
    if strategy is None:
        return render(request, "projects/no_strategy.html")
    asked = _asked_year(request.GET)
    strategy = _plan_with(asked, strategy, plans_of(request))
    return _go_on(request, "dashboard", {"plan_code": strategy.code})


def without_plan(request: HttpRequest, page: str) -> HttpResponseBase:
    """Go on to a page of the main plan, or of the plan that has the year asked for.

    An edition's address leads to the edition of that year and number issued first, in
    whatever plan, and so does a comparison with one; its files are answered at once, as they
    always were.
    """
    plans = plans_of(request)
    if not plans:
        return render(request, "projects/no_strategy.html")
    match = _page_of(plans[0], page)
    named = match.kwargs
    if match.url_name in ("edition", "edition_file"):
        strategy = _plan_of_edition(named["fiscal_year"], named["number"])
        if match.url_name == "edition_file":
            return edition_file(request, **named | {"plan_code": strategy.code})
    else:
        year = named.get("fiscal_year") or _asked_year(request.GET)
        strategy = _plan_with(year, main_of(plans), plans)
        if match.url_name in ("compare", "compare_file"):
            strategy = _plan_of_compared(request.GET) or strategy
    return _go_on(request, match.view_name, named | {"plan_code": strategy.code})


def _go_on(request: HttpRequest, name: str, named: dict[str, Any]) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    url = reverse(name, kwargs=named) + (f"?{query}" if query else "")
    return redirect(url, preserve_request=request.method not in ("GET", "HEAD"))


def _page_of(strategy: Strategy, page: str) -> ResolverMatch:
    """What a plan's page is and what its address names; Http404 where there is none.

    An address may lack its last slash, as Django allows everywhere else.
    """
    for path in (page, f"{page}/"):
        with suppress(Resolver404):
            return resolve(reverse("dashboard", args=[strategy.code]) + path)
    raise Http404("このアドレスのページはありません。")


def _plan_of_edition(fiscal_year: int, number: int) -> Strategy:
    issued = Edition.objects.filter(fiscal_year=fiscal_year, number=number)
    first = issued.defer("document").select_related("strategy").order_by("pk").first()
    if first is None:
        raise Http404("その版は発行されていません。報告書の一覧から選んでください。")
    return first.strategy


def _plan_of_compared(query: QueryDict) -> Strategy | None:
    """The plan with most of the editions that a comparison names, issued first where several have.

    None where it names none that was issued.
    """
    named = [_EDITION.fullmatch(query.get(name, "")) for name in _COMPARED]
    places = [Q(fiscal_year=int(one[1]), number=int(one[2])) for one in named if one]
    if not places:
        return None
    editions = Edition.objects.filter(Q(*places, _connector=Q.OR))
    issued = editions.defer("document").select_related("strategy").order_by("pk")
    plans = Counter(one.strategy for one in issued).most_common(1)
    return plans[0][0] if plans else None


def _asked_year(query: QueryDict) -> int | None:
    """The year that a query names, on a page (`?fy=2025`) or of a report (`?after=2025-1`)."""
    for name in ("fy", *_COMPARED):
        named = _YEAR.fullmatch(query.get(name, ""))
        if named:
            return int(named[1])
    return None


def _plan_with(fiscal_year: int | None, first: Strategy, plans: list[Strategy]) -> Strategy:
    """The first plan, unless the year lies outside it and in another: then that begun last.

    One in preparation, which not everybody sees, comes after all others.
    """
    if fiscal_year is None or fiscal_year in first.years:
        return first
    having = [one for one in plans if fiscal_year in one.years]
    return main_of(having) if having else first
