"""Every page in every state: no finding of axe, nothing to scroll sideways, for everybody.

What each page is looked at for: WCAG 2.2 A and AA and axe's best practice, at 1280 and
390 CSS pixels, with text at 200%, in forced colours, with reduced motion.
"""

from itertools import cycle

import pytest

from entry.demo import read_demo, seed_demo
from entry.plan_file.loading import load_plan
from tests import mail
from tests.browser import acts
from tests.browser.axe import (
    LARGE_TEXT,
    NARROW,
    VIEWS,
    WIDE,
    complaints,
    complaints_of_all,
    look,
    too_wide,
)
from tests.browser.plan_in_use import log_in, make_plan_in_use
from tests.browser.states import NO_PAGES, OTHERS, PAGES, STATUSES
from tests.factories import make_strategy
from tests.test_every_writing_url import patterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(*STATUSES)]


def test_every_url_is_a_page_that_is_looked_at_or_none():
    ours = {one for one in patterns() if not one.startswith("admin/")}

    assert ours ^ {*PAGES, *NO_PAGES} == set(), (
        "Add a new URL to tests/browser/states.py: to PAGES with a path for each state that it "
        "shows, to NO_PAGES if it is a file or a part of a page."
    )


def test_pages_of_a_plan_in_use_have_no_findings(page, live_server):
    make_plan_in_use()
    log_in(page, live_server.url)
    visits = []
    for first, *others in PAGES.values():
        visits.append((first, VIEWS))
        visits += [
            (path, (view,)) for path, view in zip(others, cycle((NARROW, WIDE)), strict=False)
        ]

    found = complaints_of_all(page, [(live_server.url + path, views) for path, views in visits])
    assert "\n".join(found) == ""


@pytest.mark.refusals(403)
def test_pages_as_others_see_them_have_no_findings(page, live_server):
    make_plan_in_use()
    found = []
    for user, paths in OTHERS.items():
        log_in(page, live_server.url, user)
        for path in paths:
            page.goto(live_server.url + path)
            found += complaints(page, NARROW)

    assert "\n".join(found) == ""


@pytest.mark.parametrize("has_plan", [False, True], ids=["no plan", "plan without anything"])
def test_pages_with_nothing_to_show_have_no_findings(page, live_server, kikaku, has_plan):
    if has_plan:
        make_strategy()
    log_in(page, live_server.url)
    paths = [paths[0] for paths in PAGES.values()]
    visits = [
        (live_server.url + path, (view,))
        for path, view in zip(paths, cycle((WIDE, NARROW)), strict=False)
    ]

    found = complaints_of_all(page, visits)
    assert "\n".join(found) == ""


@pytest.mark.refusals(*acts.STATUSES)
def test_pages_after_something_was_done_have_no_findings(page, live_server, settings):
    settings.EMAIL_BACKEND = mail.WORKING
    make_plan_in_use()
    log_in(page, live_server.url)
    page.on("dialog", lambda asked: asked.accept())  # of unsaved work
    found = []
    for act, view in zip(acts.ACTS, cycle((NARROW, WIDE)), strict=False):
        act(page, live_server.url)
        found += [f"{act.__name__}: {one}" for one in complaints(page, view)]

    assert "\n".join(found) == ""


def test_real_plan_never_has_to_be_scrolled_sideways(page, live_server, settings):
    settings.DEMO = True
    load_plan("omuta_2024_2028")
    seed_demo()
    log_in(page, live_server.url, password=read_demo()["password"])
    found = []
    for path in (paths[0] for paths in PAGES.values()):
        page.goto(live_server.url + path)
        for view in (WIDE, NARROW, LARGE_TEXT):
            look(page, view)
            found += too_wide(page)

    assert "\n".join(found) == ""
