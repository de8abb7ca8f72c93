"""What browsers and proxies may keep: of pages nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class PrivatePagesMiddleware:
    """Lets nothing of an answer stay on the way or in the browser, unless its view says otherwise.

    An answer with an ETag (an edition's files) is asked for anew each time, and may be kept.
    Static files never come this far.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("ETag") and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response
