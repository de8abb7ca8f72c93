"""Requests that nobody's browser makes of itself: refused with 400 (`error_pages`), in words."""

from collections.abc import Callable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

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
