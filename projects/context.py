"""What every page's frame shows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from projects.current import current_strategy


def site(request: HttpRequest) -> dict[str, object]:
    """`strategy` (None without one) and whether the figures are the demo's (`is_sample`)."""
    known = getattr(request, "strategy", None)
    return {
        "strategy": known or SimpleLazyObject(current_strategy),
        "is_sample": settings.DEMO,
    }
