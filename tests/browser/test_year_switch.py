"""Another year without a full reload: the address, the back button and the login stay right."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.plan_in_use import log_in
from tests.factories import PASSWORD, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dashboard(page, live_server, kikaku) -> Page:
    make_plan(kikaku)
    log_in(page, live_server.url)
    page.evaluate("window.loadedOnce = true")
    return page


def switch_to(page: Page, year: str) -> None:
    page.get_by_role("navigation", name="年度").get_by_role("link", name=year).click()


def test_year_is_swapped_announced_and_has_its_own_address(dashboard):
    switch_to(dashboard, "令和6")

    expect(dashboard).to_have_url(re.compile(r"/\?fy=2024$"))
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("令和6年度の進捗")
    expect(dashboard.locator("#said-page")).to_contain_text("令和6年度の進捗")
    expect(dashboard).to_have_title("令和6年度の進捗 ｜ 見本市 進捗管理")
    expect(dashboard.locator("#year-2024")).to_be_focused()
    assert dashboard.evaluate("window.loadedOnce") is True


def test_back_button_shows_the_year_before(dashboard):
    switch_to(dashboard, "令和6")
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("令和6年度の進捗")
    dashboard.go_back()

    expect(dashboard.get_by_role("heading", level=1)).to_have_text("令和7年度の進捗")
    dashboard.go_forward()
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("令和6年度の進捗")


@pytest.mark.refusals(401)
def test_expired_session_leads_to_the_login_and_back(dashboard):
    dashboard.context.clear_cookies()
    switch_to(dashboard, "令和8")

    expect(dashboard.get_by_label("利用者名")).to_be_visible()
    dashboard.get_by_label("利用者名").fill("kikaku")
    dashboard.get_by_label("パスワード").fill(PASSWORD)
    dashboard.get_by_role("button", name="ログイン").click()
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("令和8年度の進捗")
