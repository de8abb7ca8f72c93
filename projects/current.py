"""The plan that the pages are about."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from projects.models import Strategy


def current_strategy() -> Strategy | None:
    """The current plan; None in an empty database or while none is marked current."""
    return Strategy.objects.filter(is_current=True).first()


def with_strategy(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the current plan to a view, or show the page that says how to load one.

    A `fiscal_year` in the address has to be one of the plan's, or it is Http404.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        strategy = current_strategy()
        if strategy is None:
            return render(request, "projects/no_strategy.html")
        if "fiscal_year" in kwargs:
            plan_year_or_404(strategy, kwargs["fiscal_year"])
        request.strategy = strategy  # type: ignore[attr-defined]
        return view(request, strategy, *args, **kwargs)

    return wrapped


def plan_year_or_404(strategy: Strategy, fiscal_year: int) -> int:
    """The year, if it lies in the plan; otherwise Http404 with a sentence."""
    if fiscal_year not in strategy.years:
        raise Http404(f"{fiscal_year}年度は、この計画の期間にありません。")
    return fiscal_year


def asked_year(request: HttpRequest, strategy: Strategy) -> int | None:
    """The year in `?fy=`, None without one; Http404 for one that is not a year of the plan."""
    text = request.GET.get("fy")
    if text is None:
        return None
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise Http404("年度は西暦4桁で指定してください（例：2025）。")
    return plan_year_or_404(strategy, int(text))
