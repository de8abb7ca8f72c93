"""Pages and other texts travel compressed; a report's files are sent as they are."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# What a report's file is known by is the SHA-256 of its bytes, so these are what must arrive.
_REPORT_FILES = frozenset({"report_file", "edition_file"})


class TextGZipMiddleware(GZipMiddleware):
    """Django's, which adds bytes at random against BREACH, for texts alone.

    Neither for a report's files nor for anything else with an ETag of its own.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The response, compressed where that is shorter and the browser takes it."""
        match = request.resolver_match
        if match is not None and match.url_name in _REPORT_FILES:
            return response
        if response.has_header("ETag") or not _is_text(response):
            return response
        return super().process_response(request, response)


def _is_text(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
