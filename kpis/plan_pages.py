"""Which plan a page is about, and which plans somebody sees."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from kpis.permissions import may_see
from projects.models import Correction, FormerPeriod, PlanChoice, RatingRules, Strategy

# Put together once: every page asks it, and that took longer than the database's answer.
_OF_A_PLAN = {"strategy": OuterRef("pk")}
_WITH_THEIR_STATE = Strategy.objects.annotate(
    # So that no page asks for changes which nearly no plan has.
    was_changed=Exists(RatingRules.objects.filter(**_OF_A_PLAN))
    | Exists(FormerPeriod.objects.filter(**_OF_A_PLAN)),
    open_correction_id=Subquery(
        Correction.objects.filter(**_OF_A_PLAN, ended_at__isnull=True).values("pk")
    ),
)


def plans_of(request: HttpRequest) -> list[Strategy]:
    """The plans that somebody sees, the one begun last first: one query a request.

    Each with `open_correction_id`, the correction of closed years that is under way or None.
    """
    if not hasattr(request, "plans"):
        chosen = PlanChoice.objects.filter(user=request.user.pk, strategy=OuterRef("pk"))
        request.plans = [  # type: ignore[attr-defined]
            plan
            for plan in _WITH_THEIR_STATE.annotate(is_chosen=Exists(chosen))
            if may_see(request.user, plan)
        ]
    plans: list[Strategy] = request.plans  # type: ignore[attr-defined]
    return plans


def running_plans(request: HttpRequest) -> list[Strategy]:
    """Those of them that are running."""
    return [one for one in plans_of(request) if one.is_running]


def main_of(plans: Sequence[Strategy]) -> Strategy:
    """The main plan among some; while none is, the one begun last that everybody sees."""
    seen_by_all = [one for one in plans if not one.is_in_preparation]
    return next((one for one in plans if one.is_current), (seen_by_all or plans)[0])


def home_plan(request: HttpRequest) -> Strategy | None:
    """The plan that somebody chose last, else the main plan; None without any plan."""
    plans = plans_of(request)
    chosen = next((one for one in plans if getattr(one, "is_chosen")), None)  # noqa: B009 - annotated
    return chosen or (main_of(plans) if plans else None)


def plan_in_file_names(request: HttpRequest, strategy: Strategy) -> str:
    """`-<code>` behind a downloaded file's first word; empty for who sees no other plan."""
    return f"-{strategy.code}" if len(plans_of(request)) > 1 else ""


def with_strategy(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand a view the plan that the address names by `plan_code`; Http404 where there is none.

    Without any plan the page that says how to load one is shown.

    A `fiscal_year` in the address has to be one of the plan's, or it is Http404.
    """

    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: Any, plan_code: str, **kwargs: Any
    ) -> HttpResponseBase:
        if not plans_of(request):
            return render(request, "projects/no_strategy.html")
        strategy = plan_or_404(request, plan_code)
        if "fiscal_year" in kwargs:
            plan_year_or_404(strategy, kwargs["fiscal_year"])
        return view(request, strategy, *args, **kwargs)

    return wrapped


def plan_or_404(request: HttpRequest, code: str) -> Strategy:
    """The plan of that code, which the page's frame shows from now on; Http404 without one."""
    found = next((one for one in plans_of(request) if one.code == code), None)
    if found is None:
        raise Http404(f"計画「{code}」はありません。")
    request.strategy = found  # type: ignore[attr-defined]
    return found


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
