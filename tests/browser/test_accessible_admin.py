"""The admin: no finding of axe but those of Django's own pages, which are listed by name."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.admin_pages import REFUSALS, STOCK_FINDINGS, path_of, shows_nothing
from tests.browser.axe import NARROW, WIDE, look, rules_broken, too_wide
from tests.browser.plan_in_use import log_in, make_plan_in_use
from tests.test_every_writing_url import patterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(*REFUSALS)]

CHANGED = "KPI番号,指標名\r\nP1-1,書き換えた\r\nP1-2,指標2\r\n"
WRONG = "KPI番号,単位,小数桁数\r\nP1-1,件,9\r\nP9-9,件,0\r\n"


@pytest.fixture
def desk(page, live_server):
    """The admin as somebody sees it who may see all of it."""
    make_plan_in_use()
    User.objects.filter(username="kikaku").update(is_superuser=True)
    log_in(page, live_server.url)
    return page


def complaints(page: Page, *views, seen: set | None = None) -> list[str]:
    """What is wrong with the page and is not one of the stock findings, which go to `seen`."""
    found = []
    path = "/" + page.url.split("/", 3)[3]
    for view in views:
        look(page, view)
        found += too_wide(page)
        for rule, html in rules_broken(page):
            stock = next((one for one in STOCK_FINDINGS if one.covers(path, rule, html)), None)
            if stock is None:
                found.append(f"{view.name}: {path}: {rule}: {html}")
            elif seen is not None:
                seen.add(stock)
    return found


def test_pages_have_no_finding_but_the_listed_ones(desk, live_server):
    found, seen = [], set()
    pages = [one for one in patterns() if one.startswith("admin/") and not shows_nothing(one)]
    for at, pattern in enumerate(pages):
        desk.goto(live_server.url + path_of(pattern))
        found += complaints(desk, (WIDE, NARROW)[at % 2], seen=seen)

    assert "\n".join(found) == ""
    assert set(STOCK_FINDINGS) - seen == set(), "These are found no more: take them off the list."


def choose_file(page: Page, base: str, content: str) -> None:
    page.goto(f"{base}/admin/kpis/kpi/import/")
    file = {"name": "kpis.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("input[type=submit]").click()


@pytest.mark.refusals(422)
def test_preview_and_refusal_of_a_file_have_no_findings(desk, live_server):
    choose_file(desk, live_server.url, CHANGED)
    expect(desk.locator(".import-preview")).to_contain_text("書き換えた")
    found = complaints(desk, WIDE, NARROW)
    choose_file(desk, live_server.url, WRONG)
    expect(desk.locator(".import-problems")).to_contain_text("プロジェクトP9は")
    found += complaints(desk, WIDE, NARROW)

    assert "\n".join(found) == ""


def test_refused_form_has_no_finding_but_the_listed_ones(desk, live_server):
    desk.goto(f"{live_server.url}/admin/projects/department/add/")
    desk.locator("input[name=_save]").click()
    expect(desk.locator(".errorlist").first).to_be_visible()
    found = complaints(desk, WIDE, NARROW)

    assert "\n".join(found) == ""
