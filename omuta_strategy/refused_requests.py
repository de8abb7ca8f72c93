"""Requests that nobody's browser makes of itself: refused with 400 and a sentence."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_NUL = "\x00"


class RefuseNul:
    """Refuse NUL in an address or a cookie: no text of ours has it, and PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = unquote_plus(request.META.get("QUERY_STRING", ""))
        if any(_NUL in text for text in (request.path_info, asked, *request.COOKIES.values())):
            raise BadRequest("アドレスに、使えない文字（NUL）があります。")
        return self.get_response(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that can't be meant, with our own sentence where there is one.

    It asks neither the database nor who is logged in: what was sent may be broken anywhere.
    """
    # Our own sentences end like one; Django gives English words.
    said = str(exception)
    page = render_to_string("400.html", {"sentence": said if said.endswith("。") else ""})
    return HttpResponse(page, status=HTTPStatus.BAD_REQUEST)
