"""The app's own URLs and two that are slow on purpose."""

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from omuta_strategy.urls import handler400, handler500
from omuta_strategy.urls import urlpatterns as urls_of_the_app

__all__ = ["handler400", "handler500", "urlpatterns"]

MUCH = 4_000_000  # bytes


@login_not_required
@csrf_exempt
def slow(request: HttpRequest) -> HttpResponse:
    """Take the seconds that the query names, and answer how much was posted."""
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse(f"done: {len(request.body)}")


@login_not_required
def much(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"m" * MUCH)


urlpatterns = [*urls_of_the_app, path("slow/", slow), path("much/", much)]
