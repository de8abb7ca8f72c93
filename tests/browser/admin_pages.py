"""Every URL of the admin as a page, and what axe finds in the parts that are Django's own."""

import re
from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Model

_AT = re.compile(r"^admin/(?P<app>\w+)/(?P<model>\w+)/")

# Patterns, or ends of them, that show nothing.
NO_PAGES = {
    "admin/login/": "leads to the login page",
    "admin/logout/": "takes a POST alone",
    "admin/password_change/": "leads to the password page",
    "admin/jsi18n/": "a script",
    "admin/autocomplete/": "data for a field",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads to the object's page",
    "/<path:object_id>/": "leads to the page that changes it",
}


@dataclass(frozen=True)
class StockFinding:
    """What axe finds in a part of a page that Django or a package writes, and we do not.

    `pages` matches the path, `html` is a part of each piece that the rule names.
    """

    rule: str
    pages: str
    html: str
    why: str

    def covers(self, path: str, rule: str, html: str) -> bool:
        """Whether this is that finding."""
        return rule == self.rule and self.html in html and bool(re.search(self.pages, path))


_INLINES = r"/(kpi|initiative|project)/(\d+/change|add)/"
_AUTOCOMPLETE = r"/(kpi|finaltarget|yearlytarget|initiative|initiativelisting)/(\d+/change|add)/"
_TWO_LISTS = r"/(user|group|department)/(\d+/change|add)/"
STOCK_FINDINGS = (
    StockFinding(
        "label-title-only", r"/admin/\w+/\w+/$", 'id="searchbar"',
        "the search field's label is an image, which narrow screens don't show",
    ),
    StockFinding(
        "label-title-only", _INLINES, "_helptext",
        "the fields of a table of rows are named by the column's head alone",
    ),
    StockFinding("label", _INLINES, 'name="', "the same"),
    StockFinding("select-name", _INLINES, 'name="', "the same"),
    StockFinding(
        "empty-table-header", _INLINES, "<th",
        "the table of rows has two columns without a head, for the row's name and for deleting",
    ),
    StockFinding(
        "aria-input-field-name", _AUTOCOMPLETE, "select2-",
        "the select2 that Django brings gives its field no name; the select behind it has one",
    ),
    StockFinding(
        "aria-prohibited-attr", _TWO_LISTS, "search-label-icon",
        "the icon beside the two lists' filters has a name and no role",
    ),
)  # fmt: skip

REFUSALS = (403, 404)

# These three pages have one template for every model; two models stand for all.
_ALIKE = ("/delete/", "/plans/mihon/history/", "/plans/mihon/history/([^/]+)/$")
_STAND_FOR_ALL = ("admin/kpis/kpi/", "admin/projects/department/")


def is_looked_at(pattern: str) -> bool:
    """Whether a pattern of the URL configuration is a page of the admin that a test opens."""
    if not pattern.startswith("admin/") or any(
        pattern == one or (one[0] == "/" and pattern.endswith(one)) for one in NO_PAGES
    ):
        return False
    return not pattern.endswith(_ALIKE) or pattern.startswith(_STAND_FOR_ALL)


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
