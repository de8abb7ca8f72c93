"""The switch between plans: by mouse, by keyboard, narrow, and without any script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import NARROW, WIDE, complaints
from tests.browser.plan_in_use import log_in
from tests.factories import make_plan, make_strategy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plans(kikaku):
    make_plan(kikaku)
    make_strategy(code="beside", name="並ぶ計画", is_current=False)
    make_strategy(code="next", name="次の計画", is_current=False, state="preparing")


def switch_of(page: Page):
    return page.locator("details.plans > summary")


def test_switch_goes_to_the_plan_and_the_home_page_remembers_it(page, live_server, plans):
    log_in(page, live_server.url)
    expect(switch_of(page)).to_have_text("計画：見本市総合戦略")
    switch_of(page).click()
    expect(page.get_by_role("button", name="見本市総合戦略")).to_have_attribute(
        "aria-current", "true"
    )
    assert complaints(page, WIDE) == []
    page.get_by_role("button", name="次の計画").click()

    expect(page).to_have_url(re.compile(r"/plans/next/$"))
    expect(switch_of(page)).to_have_text("計画：次の計画")
    expect(page.get_by_text("準備中の計画です。見えているのは、企画担当だけです。")).to_be_visible()
    page.goto(live_server.url)
    expect(page).to_have_url(re.compile(r"/plans/next/$"))


def test_switch_works_by_keyboard_alone(page, live_server, plans):
    log_in(page, live_server.url)
    switch_of(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="並ぶ計画")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/plans/beside/$"))


def test_switch_works_narrow_and_without_script(browser: Browser, live_server, plans):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    log_in(page, live_server.url)
    switch_of(page).click()
    shown = page.get_by_role("button", name="並ぶ計画").bounding_box()
    assert shown is not None
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 390
    assert shown["height"] >= 44
    page.get_by_role("button", name="並ぶ計画").click()

    expect(page).to_have_url(re.compile(r"/plans/beside/$"))
    context.close()


@pytest.mark.refusals(422)
def test_switch_list_and_refusal_have_no_findings(page, live_server, plans):
    make_strategy(code="former", name="前の計画", is_current=False, state="ended")
    log_in(page, live_server.url)
    switch_of(page).click()
    found = complaints(page, NARROW)
    page.goto(f"{live_server.url}/plans/")
    page.get_by_text("実施中に戻す").first.click()
    found += complaints(page, WIDE)
    page.get_by_role("button", name="実施中に戻す").click()
    expect(page.get_by_role("alert")).to_have_text("＊戻す理由を書いてください。")

    assert found + complaints(page, NARROW) == []
