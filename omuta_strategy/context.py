"""What every page's frame shows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from projects.current import current_strategy


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks for.

    `strategy` (None without one), whether the figures are the demo's
    (`is_sample`) and the first part of the path, for the menu (`section`).
    """
    known = getattr(request, "strategy", None)
    return {
        "strategy": known or SimpleLazyObject(current_strategy),
        "is_sample": settings.DEMO,
        "section": request.path.strip("/").partition("/")[0],
    }
