"""Measure one size: what a person waits for each page, each save and each report."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.browser import Answer, Browser
from benchmarks.entry_form import EntryForm
from benchmarks.people import PASSWORD, PLANNER_NAME
from benchmarks.server import Server

FISCAL_YEAR = 2028  # the last of five years of actuals: the most that a page can have to show
EMPTY = "/benchmark/empty/"
_KPI = "P1-1"
_ENTRY = f"/entry/{FISCAL_YEAR}/"
_ENTRY_OF_ONE = f"{_ENTRY}{_KPI}/"
_PDF = f"/reports/{FISCAL_YEAR}/annual-report.pdf"
_CSV = f"/reports/{FISCAL_YEAR}/annual-report.csv"

_REQUESTS = 60
_WARM_UP = 12  # each of the server's four threads some times
# Requests so slow that they would take longer get fewer repetitions; the table says how many.
_MOST_SECONDS = 30
_MOST_WARM_UP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """One request's repetitions in milliseconds, beside the empty pages asked in between.

    `saved_rows` says how many rows a save changes: "", "one" or "all"; `by_script`, whether
    the page's script saves and gets back what changes on the page.
    """

    name: str
    path: str
    times: list[float]
    empty_times: list[float]
    size: int
    saved_rows: str = ""
    by_script: bool = False

    @property
    def median(self) -> float:
        """Half the requests took at most this."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """95 of 100 requests took at most this."""
        return statistics.quantiles(self.times, n=20, method="inclusive")[-1]

    @property
    def is_complete(self) -> bool:
        """Whether there was time for every repetition."""
        return len(self.times) == _REQUESTS

    @property
    def ratio(self) -> float:
        """The median as a multiple of the empty page's, asked alternately."""
        return self.median / statistics.median(self.empty_times)


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: its requests, and the process's peak memory in bytes after each stage."""

    timed: list[Timed]
    first_pdf: float
    memory: dict[str, int | None]


def measure(server: Server) -> Measured:
    """Log in, then pages and saves, then reports; memory in between."""
    browser = Browser(server.port)
    browser.log_in(PLANNER_NAME, PASSWORD)
    timed = [
        _page(browser, "dashboard", "/"),
        _page(browser, "KPI list", "/kpis/"),
        _page(browser, "entry page", _ENTRY),
        _save(browser, "save one row", _ENTRY_OF_ONE, "one"),
        _save(browser, "save one row, by the page's script", _ENTRY_OF_ONE, "one", by_script=True),
        _save(browser, "save the page, one row changed", _ENTRY, "one", requests=20),
        _save(browser, "save the page, every row changed", _ENTRY, "all", requests=20),
    ]
    memory = {"after pages and saves": server.peak_memory()}
    for path in (f"/kpis/{_KPI}/", "/projects/P1/"):
        browser.get(path)
    memory["after two pages with a chart"] = server.peak_memory()
    timed.append(_page(browser, "CSV", _CSV))
    first_pdf = browser.get(_PDF).milliseconds
    timed.append(_page(browser, "PDF", _PDF))
    memory["after the reports"] = server.peak_memory()
    return Measured(timed, first_pdf, memory)


def _page(browser: Browser, name: str, path: str) -> Timed:
    times, empty_times, answer = _repeat(browser, lambda: browser.get(path))
    return Timed(name, path, times, empty_times, len(answer.body))


def _save(
    browser: Browser,
    name: str,
    path: str,
    rows: str,
    *,
    by_script: bool = False,
    requests: int = _REQUESTS,
) -> Timed:
    """Save again and again; the page that a redirect leads to is opened, but not timed."""
    form = EntryForm(browser.get(path).body)

    def save() -> Answer:
        answer = browser.post(path, form.change(rows), by_script=by_script)
        form.saved(rows)
        if not by_script:
            # As a browser does; it also takes the message out that would else pile up.
            browser.get(_ENTRY_OF_ONE)
        return answer

    times, empty_times, answer = _repeat(browser, save, requests)
    return Timed(name, path, times, empty_times, len(answer.body), rows, by_script)


def _repeat(
    browser: Browser, ask: Callable[[], Answer], requests: int = _REQUESTS
) -> tuple[list[float], list[float], Answer]:
    """Warm up, then ask in turns with the empty page."""
    started = time.monotonic()
    for _ in range(_WARM_UP):
        browser.get(EMPTY)
        answer = ask()
        if time.monotonic() > started + _MOST_WARM_UP_SECONDS:
            break
    times, empty_times = [], []
    started = time.monotonic()
    while len(times) < requests and time.monotonic() < started + _MOST_SECONDS:
        empty_times.append(browser.get(EMPTY).milliseconds)
        answer = ask()
        times.append(answer.milliseconds)
    return times, empty_times, answer
