"""Every URL of the admin as a page, and what axe finds in the parts that are Django's own."""

import re

from django.contrib import admin
from django.db.models import Model

_AT = re.compile(r"^admin/(?P<app>\w+)/(?P<model>\w+)/")

# Patterns, or ends of them, that show nothing.
NO_PAGES = {
    "admin/login/": "leads to the login page",
    "admin/logout/": "takes a POST alone",
    "admin/jsi18n/": "a script",
    "admin/autocomplete/": "data for a field",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads to the object's page",
    "admin/kpis/kpi/process_import/": "takes a POST alone; test_accessible_admin.py shows it",
    "/<path:object_id>/": "leads to the page that changes it",
}

# Rule of axe and a part of the page's address → why it stays. Each has to be found somewhere.
EXCEPTIONS: dict[tuple[str, str], str] = {}

REFUSALS = (403, 404)


def shows_nothing(pattern: str) -> bool:
    """Whether no page stands at a pattern."""
    return any(pattern == one or (one[0] == "/" and pattern.endswith(one)) for one in NO_PAGES)


def path_of(pattern: str) -> str:
    """A path that the pattern takes, about a row that is there."""
    pattern = re.sub(r"\(\?P<url>.*", "nothing", pattern)
    pattern = re.sub(r"\^\(\?P<app_label>.*", "kpis/", pattern)
    found = _AT.match(pattern)
    if not found or not re.search(r"[<(]", pattern):
        return f"/{pattern}"
    row = _row(found["app"], found["model"])
    pattern = re.sub(r"<path:object_id>|<id>|\^\(\[\^/\]\+\)", str(row.pk), pattern)
    if r"\([" in pattern or "([" in pattern:
        pattern = re.sub(r"\(\[\^/\]\+\)", str(row.history.first().history_id), pattern)
    return f"/{pattern.replace('$', '')}"


def _row(app: str, name: str) -> Model:
    model = next(one for one in admin.site._registry if one._meta.label_lower == f"{app}.{name}")
    return model.objects.order_by("pk").first() or model(pk=0)
