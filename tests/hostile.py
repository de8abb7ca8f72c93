"""Values that nobody means: for query strings, ids in addresses, and fields of forms.

Which parameters a page knows is not listed anywhere: `parameters_of` opens it and watches what
it asks its query string for.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.contrib.admin import ModelAdmin
from django.http import QueryDict
from django.test import Client
from django.urls import resolve

from tests.url_patterns import EXAMPLES, example, patterns

NUMBERS = (
    "-1", "0", "²", "１", "٣", "1" * 20, "-" + "9" * 20, "9" * 400, "9" * 5000, "1e999999", "1.5",
    "nan", "2147483648", "9223372036854775807", "9223372036854775808", "0x10", "True",
)  # fmt: skip
DAYS = (
    "9999-12-31",
    "0001-01-01",
    "10000-01-01",
    "2024-02-30",
    "1" * 40 + "-01-01",
    "令和99年12月31日",
)
TEXTS = (
    "", " ", "\x00", "a\x00b", "\ufffe", "\U0010ffff", "\ud800", "a" * 5000, "ア" * 3000, "(a+)+$",
    "%", "_5F", "'; DROP TABLE x;--", "<script>", "../../etc/passwd", "{{7*7}}", "\n", "..", "[]",
)  # fmt: skip
VALUES = (*NUMBERS, *DAYS, *TEXTS)
# Every lookup that Django knows of a name, and relations.
LOOKUPS = (
    "id__in", "name__regex", "name__iregex", "name__contains", "user__password__startswith",
    "nothing", "pk", "_changelist_filters", "id__range", "project__strategy__name__regex",
)  # fmt: skip
# What Django's lists take of themselves, whether or not they ask for it by name.
OF_LISTS = ("q", "o", "p", "all", "e", "_popup", "_to_field", "_facets")
_OF_AUTOCOMPLETION = {"app_label": "kpis", "model_name": "kpi", "field_name": "department"}


@contextmanager
def watched() -> Iterator[set[str]]:
    """The names that query strings and forms are asked for meanwhile."""
    names: set[str] = set()

    def watching(method):
        original = getattr(QueryDict, method)

        def asked(self, key, *arguments, **keywords):
            if isinstance(key, str):
                names.add(key)
            return original(self, key, *arguments, **keywords)

        return mock.patch.object(QueryDict, method, asked, create=True)

    with watching("__getitem__"), watching("get"), watching("getlist"), watching("__contains__"):
        yield names


def parameters_of(client: Client, url: str) -> set[str]:
    """The names of what a page takes in its query string: the fields of a form to be filled in."""
    with watched() as names:
        client.get(url, _OF_AUTOCOMPLETION if "autocomplete" in url else {})
    view = getattr(resolve(url.partition("?")[0]).func, "model_admin", None)
    if isinstance(view, ModelAdmin) and url.count("/") == 4:
        names |= {*OF_LISTS, *LOOKUPS, *_filters_of(view)}
    if isinstance(view, ModelAdmin) and url.endswith("/add/"):
        names |= {field.name for field in view.opts.get_fields()}
    return names - {"csrfmiddlewaretoken"}


def _filters_of(own: ModelAdmin) -> Iterator[str]:
    for one in own.list_filter:
        if isinstance(one, str):
            yield from (f"{one}__exact", f"{one}__id__exact", f"{one}__isnull", f"{one}__gte", one)
        else:
            yield getattr(one, "parameter_name", "")
    if own.date_hierarchy:
        yield from (f"{own.date_hierarchy}__{part}" for part in ("year", "month", "day"))


def pages() -> list[str]:
    """An address of every page, as the examples of the plan have it."""
    return [example(pattern) for pattern in patterns() if "(?P<url>" not in pattern]


def addresses_with(value: str) -> Iterator[str]:
    """Every address that has a place for an id or a code, with a value in each of them in turn."""
    for pattern in patterns():
        for placeholder, _text in EXAMPLES:
            if re.search(placeholder, pattern):
                typed = re.sub(placeholder, lambda _found: value, pattern)
                yield example(typed)
