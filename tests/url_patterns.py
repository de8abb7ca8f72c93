"""Every URL pattern of the app, and an address that each takes."""

import re
from collections.abc import Iterator

from django.urls import get_resolver

from tests.writing_urls import YEAR

EXAMPLES = (
    (r"<slug:plan_code>", "mihon"),
    (r"\^\(\?P<page>history.*", "history.csv"),
    (r"\^\(\?P<page>.*", "kpis/"),
    (r"<fy:\w+>", str(YEAR)),
    (r"<kpi:\w+>", "P1-1"),
    (r"<project:\w+>", "P1"),
    (r"<report:\w+>", "annual-report.csv"),
    (r"<int:\w+>", "1"),
    (r"<slug:department_code>", "D01"),
    (r"<slug:extension>", "xlsx"),
    (r"<path:\w+>|<id>", "1"),
    (r"\^\(\[\^/\]\+\)/history/\(\[\^/\]\+\)/\$", "1/history/1/"),
    (r"\^\(\?P<app_label>\w+.*", "kpis/"),
    (r"\(\?P<url>\.\*\)\$", "nothing"),
)


def patterns() -> list[str]:
    """Every URL pattern of the app, as it is written, from the root on."""

    def walk(found, before: str) -> Iterator[str]:
        for one in found:
            here = f"{before}{one.pattern}"
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, here)
            else:
                yield here

    return sorted(set(walk(get_resolver().url_patterns, "")))


def example(pattern: str) -> str:
    """A path that the pattern takes."""
    for placeholder, text in EXAMPLES:
        pattern = re.sub(placeholder, text, pattern)
    return f"/{pattern}"
