"""The app's own URLs, and a page with nothing in it to hold the others against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from omuta_strategy.urls import handler400, handler500

__all__ = ["handler400", "handler500", "urlpatterns"]


def empty(_request: HttpRequest) -> HttpResponse:
    """What a page costs before it does anything: every middleware, session and user loaded."""
    return HttpResponse()


urlpatterns = [
    path("benchmark/empty/", empty),
    path("", include("omuta_strategy.urls")),
]
