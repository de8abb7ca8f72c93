"""What every page's frame shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from kpis.permissions import (
    may_close,
    may_import_actuals,
    may_prepare,
    may_review,
    may_see_overview,
)
from kpis.plan_pages import home_plan, plans_of
from kpis.recording.closing import correction_under_way
from projects.models import Strategy
from projects.words import OWN_WORDS


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks for.

    `strategy` (the page's; on a page of no plan the one that `/` leads to, None without
    one), what it calls its parts (`words`), whether the figures are the demo's
    (`is_sample`), the first part of the path behind the plan's, for the menu (`section`),
    whether the page is a plan's own (`is_plan_page`), its correction that is under way
    (`open_correction`), the `plans` to switch between, and what the links on several pages ask
    about the user, each asked where it is shown.
    """
    strategy: Any = getattr(request, "strategy", None) or SimpleLazyObject(
        lambda: home_plan(request)
    )
    return {
        "strategy": strategy,
        "is_plan_page": hasattr(request, "strategy"),
        "plans": lambda: plans_of(request),
        "words": SimpleLazyObject(lambda: strategy.words if strategy else OWN_WORDS),
        "home_url": lambda: _home_url(strategy),
        "is_sample": settings.DEMO,
        "section": _section(request),
        "open_correction": lambda: correction_under_way(strategy),
        "may_close": lambda: may_close(request.user, strategy),
        "may_import_actuals": lambda: may_import_actuals(request.user, strategy),
        "may_review": lambda: may_review(request.user, strategy),
        "may_prepare": lambda: may_prepare(request.user),
        "may_see_overview": lambda: may_see_overview(request.user),
    }


def _home_url(strategy: Strategy | None) -> str:
    """The dashboard of the page's plan."""
    return reverse("dashboard", args=[strategy.code]) if strategy else reverse("home")


def _section(request: HttpRequest) -> str:
    parts = request.path.strip("/").split("/")
    return parts[2] if parts[0] == "plans" and len(parts) > 2 else parts[0]
