"""Every browser test watches its pages: no other host, nothing on the console."""

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.watched_page import Watch


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "refusals(*statuses, offline=False): the statuses that the test provokes on purpose, "
        "which the browser reports on its console; `offline`: and that no server answers",
    )


@pytest.fixture
def context(context: BrowserContext, request: pytest.FixtureRequest):
    """The browser of one test; at its end nothing may have been complained about."""
    asks_server = "live_server" in request.fixturenames
    origin = request.getfixturevalue("live_server").url if asks_server else "http://no-server"
    marks = list(request.node.iter_markers("refusals"))
    watch = Watch(
        origin,
        statuses=frozenset(status for mark in marks for status in mark.args),
        is_offline=any(mark.kwargs.get("offline") for mark in marks),
    )
    watch.over(context)
    yield context
    context.cookies()  # a round trip, behind which every event has arrived
    assert watch.complaints == []
