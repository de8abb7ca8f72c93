"""Requests for a part of a page, by a script of ours, and the sentence that they get instead."""

from django.http import HttpRequest, HttpResponse


def is_partial(request: HttpRequest) -> bool:
    """Whether a script of ours asks, for a part of a page, by the header that htmx sends too."""
    return request.headers.get("HX-Request") == "true"


def refusal(sentence: str, status: int) -> HttpResponse:
    """The answer to a partial request that gets no part: a sentence."""
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
