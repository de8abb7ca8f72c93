"""The page that monitoring asks whether the app can serve."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

PLAIN_TEXT = "text/plain; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 `ok` when the database answers, else 503; the reason goes to the log only."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.exception("The database does not answer.")
        return HttpResponse("database unavailable", status=503, content_type=PLAIN_TEXT)
    return HttpResponse("ok", content_type=PLAIN_TEXT)
