"""The admin: no finding of axe but those of Django's own pages, which are listed by name."""

from itertools import cycle
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.admin_pages import (
    REFUSALS,
    STOCK_FINDINGS,
    StockFinding,
    is_looked_at,
    path_of,
)
from tests.browser.axe import NARROW, WIDE, complaints, complaints_of_all
from tests.browser.plan_in_use import log_in, make_plan_in_use
from tests.test_every_writing_url import patterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(*REFUSALS)]


@pytest.fixture
def desk(page, live_server):
    """The admin as the planner sees it."""
    make_plan_in_use()
    log_in(page, live_server.url)
    return page


def stock(address: str, rule: str, html: str) -> StockFinding | None:
    """The listed finding that a finding of axe is, if any."""
    path = urlsplit(address).path
    return next((one for one in STOCK_FINDINGS if one.covers(path, rule, html)), None)


def test_pages_have_no_finding_but_the_listed_ones(desk, live_server):
    seen = set()

    def is_known(*finding: str) -> bool:
        seen.add(stock(*finding))
        return stock(*finding) is not None

    pages = [one for one in patterns() if is_looked_at(one)]
    visits = [
        (live_server.url + path_of(one), (view,))
        for one, view in zip(pages, cycle((WIDE, NARROW)), strict=False)
    ]

    found = complaints_of_all(desk, visits, is_known)
    assert "\n".join(found) == ""
    assert set(STOCK_FINDINGS) - seen == set(), "These are found no more: take them off the list."


def test_refused_form_has_no_finding(desk, live_server):
    desk.goto(f"{live_server.url}/admin/projects/pillar/add/")
    desk.locator("input[name=_save]").click()
    expect(desk.locator(".errorlist").first).to_be_visible()
    found = complaints(desk, WIDE) + complaints(desk, NARROW)

    assert "\n".join(found) == ""
