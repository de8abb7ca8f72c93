"""One line of the log for each page: who asked for what, what came of it, how long it took.

The outermost middleware: it gives a request the number by which the log, the answer's header
`X-Request-Id` and an error page speak of it.
"""

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from omuta_strategy import metrics
from omuta_strategy.logs import milliseconds_since
from omuta_strategy.watching import Watch, current

logger = logging.getLogger("omuta_strategy.requests")

HEADER = "X-Request-Id"
_NUMBER = re.compile(r"[A-Za-z0-9_.-]{6,64}")
# Asked every few seconds by machines.
_UNTOLD = ("/healthz", "/readyz", "/metrics")


class RequestLogMiddleware:
    """Number, watch, answer, log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with the request's number in its header."""
        watch = Watch(request, _number_from_proxy(request))
        request.watch = watch  # type: ignore[attr-defined]
        token = current.set(watch)
        try:
            with connection.execute_wrapper(watch):
                response = self.get_response(request)
            response.headers[HEADER] = watch.number
            if not _is_untold(request):
                _tell(watch, response)
        finally:
            current.reset(token)
        return response


def _number_from_proxy(request: HttpRequest) -> str:
    """The number that a proxy of ours gave; empty where anybody could have sent it."""
    number = request.headers.get(HEADER, "") if settings.PROXY else ""
    return number if _NUMBER.fullmatch(number) else ""


def _is_untold(request: HttpRequest) -> bool:
    return request.path in _UNTOLD or request.path.startswith(settings.STATIC_URL)


def _tell(watch: Watch, response: HttpResponseBase) -> None:
    request = watch.request
    milliseconds = milliseconds_since(watch.started)
    metrics.count(request, response.status_code, milliseconds / 1000)
    if watch.is_told:
        return
    what = watch.event or f"{request.method} {request.path} {response.status_code}"
    if watch.reason:
        what = f"{what}: {watch.reason}"
    logger.log(
        logging.WARNING if response.status_code >= 500 else logging.INFO,
        "%s",
        what,
        extra={"fields": {"status": response.status_code, "ms": milliseconds}},
    )
