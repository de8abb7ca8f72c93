"""What every page's frame shows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kpis.permissions import may_close, may_import_actuals, may_review, may_see_overview
from projects.current import current_strategy


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks for.

    `strategy` (None without one), whether the figures are the demo's
    (`is_sample`), the first part of the path, for the menu (`section`), and what
    the links on several pages ask about the user, each asked where it is shown.
    """
    known = getattr(request, "strategy", None)
    return {
        "strategy": known or SimpleLazyObject(current_strategy),
        "is_sample": settings.DEMO,
        "section": request.path.strip("/").partition("/")[0],
        "may_close": lambda: may_close(request.user),
        "may_import_actuals": lambda: may_import_actuals(request.user),
        "may_review": lambda: may_review(request.user),
        "may_see_overview": lambda: may_see_overview(request.user),
    }
