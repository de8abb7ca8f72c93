"""Figures for Prometheus at `/metrics`: off unless METRICS is on, and for listed addresses only.

One process counts in its memory. Several count in files of a folder of theirs, which whoever is
asked adds up (`counted_together`).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.client_address import address_of

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

# Where prometheus_client looks for what several processes count.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# s; most pages take hundredths, a Word file of 600 KPIs seconds.
_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """What is counted; `prometheus_client` is loaded with the first of it."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "omuta_requests",
            "Requests answered, by view, method and status",
            ("view", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "omuta_request_seconds",
            "Seconds from a request's arrival at the app to its answer, by view",
            ("view",),
            buckets=_BOUNDS,
            registry=self.registry,
        )
        self.database_errors = Counter(
            "omuta_database_errors",
            "Requests that the database left without an answer: busy, down, full, read-only",
            ("trouble",),
            registry=self.registry,
        )


@contextmanager
def counted_together() -> Iterator[None]:
    """Let the processes that are forked within the block count as one."""
    if not settings.METRICS or _FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="omuta-metrics-") as folder:
        os.environ[_FOLDER] = folder
        yield


@cache
def meters() -> Meters:
    """The process's own."""
    return Meters()


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """Count an answered request, where anybody wants to know."""
    if not settings.METRICS:
        return
    match = request.resolver_match
    view = (match.view_name or match.route) if match is not None else "none"
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    meters().requests.labels(view, method, status).inc()
    meters().seconds.labels(view).observe(seconds)


def count_trouble(name: str) -> None:
    """Count a request that the database left without an answer."""
    if settings.METRICS:
        meters().database_errors.labels(name).inc()


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All of it in Prometheus's text format; 404 where it is off or for other addresses."""
    if not (settings.METRICS and _may_ask(address_of(request))):
        raise Http404
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415

    return HttpResponse(generate_latest(_all_processes()), content_type=CONTENT_TYPE_LATEST)


def _may_ask(address: str | None) -> bool:
    try:
        asking = ip_address(address or "")
    except ValueError:
        return False
    return any(asking in network for network in settings.METRICS_ALLOWED)


def _all_processes() -> "CollectorRegistry":
    if _FOLDER not in os.environ:
        return meters().registry
    from prometheus_client import CollectorRegistry  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
