"""The planner's pages in a real browser: copying a reminder, closing a year and correcting it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import findings
from tests.browser.plan_in_use import log_in
from tests.factories import make_kpi, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(kikaku):
    strategy = make_plan(kikaku, projects=2)
    department = strategy.projects.first().kpis.first().department
    make_kpi(strategy.projects.first(), 9, department=department)
    return strategy


def test_reminder_is_copied_as_it_was_edited(page, live_server, plan):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/reminders/D01/")
    body = page.get_by_label("本文")
    body.fill(f"{body.input_value()}\n電話もください。")
    page.get_by_role("button", name="本文をコピー").click()

    expect(page.get_by_role("status")).to_have_text("本文をコピーしました。")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "・P1-9 指標9" in copied
    assert f"指標：{live_server.url}/plans/mihon/entry/2025/" in copied
    assert copied.endswith("電話もください。")


def test_reminder_is_copied_where_the_clipboard_is_withheld(page, live_server, plan):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/reminders/D01/")
    page.get_by_role("button", name="件名をコピー").click()

    expect(page.get_by_role("status")).to_have_text("件名をコピーしました。")
    page.get_by_label("本文").fill("")
    page.get_by_label("本文").press("Control+v")
    expect(page.get_by_label("本文")).to_have_value("令和7年度の実績入力のお願い")


def test_without_script_the_text_is_there_and_the_buttons_are_not(
    browser: Browser, live_server, plan
):
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/reminders/D01/")

    assert "・P1-9 指標9" in page.get_by_label("本文").input_value()
    expect(page.get_by_role("button", name="本文をコピー")).to_be_hidden()
    page.close()


def test_year_is_closed_and_corrected(page, live_server, plan):
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/overview/")
    page.get_by_role("link", name="締める前に確かめる").click()
    expect(page.get_by_role("main")).to_contain_text("前の年度（令和6年度）が締められていません")
    expect(page.get_by_role("listitem").filter(has_text="P1-9")).to_contain_text("指標9")
    page.get_by_label("覚え書き").fill("議会に報告済み")
    page.get_by_role("button", name="令和6年度から令和7年度までをまとめて締める").click()

    expect(page.get_by_role("status")).to_contain_text("令和6年度、令和7年度を締めました。")
    page.goto(f"{live_server.url}/plans/mihon/entry/2025/")
    expect(page.get_by_role("main")).to_contain_text("締め済み")
    page.goto(f"{live_server.url}/plans/mihon/entry/2025/overview/")
    page.get_by_role("link", name="締めた年度を改める").click()
    page.get_by_label("何を改めるか").fill("確定値が届いたため")
    page.get_by_role("button", name="令和7年度を改め始める").click()

    expect(page.get_by_role("status")).to_contain_text("令和7年度を改め始めました。")
    expect(page.get_by_role("main")).to_contain_text("訂正：確定値が届いたため")


@pytest.mark.refusals(422)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_findings(page, live_server, plan, kikaku, width):
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/overview/")
    page.get_by_label("締切の日").fill("6月末")
    page.get_by_role("button", name="締切を決める").click()
    expect(page.get_by_role("alert")).to_contain_text("日付「6月末」を読み取れません")
    found = findings(page)
    for path in (
        "/plans/mihon/entry/2025/overview/",
        "/plans/mihon/entry/2025/reminders/D01/",
        "/plans/mihon/entry/2026/close/",
        "/plans/mihon/departments/",
        "/plans/mihon/departments/?unset=1",
    ):
        page.goto(live_server.url + path)
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    page.goto(f"{live_server.url}/plans/mihon/entry/2025/close/")
    page.get_by_role("button", name="令和6年度から令和7年度までをまとめて締める").click()
    for path in (
        "/plans/mihon/entry/2025/overview/",
        "/plans/mihon/entry/2025/close/",
        "/plans/mihon/entry/2025/correct/",
    ):
        page.goto(live_server.url + path)
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path

    assert found == []
