"""Entering a figure in a real browser, with script and without."""

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry
from tests.browser.entry_page import status
from tests.browser.plan_in_use import log_in
from tests.factories import make_kpi, make_project, make_strategy, record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kpi(kikaku):
    kpi = make_kpi(make_project(make_strategy()), aggregation="cumulative")
    record(kpi, {2024: 12}, kikaku)
    return kpi


def open_entry(page: Page, base: str) -> None:
    log_in(page, base, path="/plans/mihon/entry/2025/")
    expect(page.get_by_role("heading", level=1)).to_have_text("令和7年度の実績入力")


def wait_for_script(page: Page) -> None:
    """Wait until the page's script has taken over; what is typed before it counts too."""
    page.locator("form[data-live]").wait_for()


def test_rating_follows_what_is_typed_and_nothing_is_saved_yet(page, live_server, kpi):
    open_entry(page, live_server.url)
    page.get_by_role("textbox", name="指標1 令和7年度の実績値").fill("９")

    row = page.get_by_role("row").filter(has_text="P1-1")
    expect(row).to_contain_text("A 順調 累計 21 → 進捗率 105.0%、達成率 42.0%")
    assert not YearlyActual.objects.filter(fiscal_year=2025).exists()


def test_field_of_a_state_shows_up_with_it(page, live_server, kpi):
    open_entry(page, live_server.url)
    wait_for_script(page)
    day = page.get_by_label("P1-1 集計が終わる予定の日")
    expect(day).to_be_hidden()

    page.get_by_label("P1-1 状態").select_option("集計中")
    day.fill("令和8年8月20日")
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_role("status")).to_contain_text("1件保存しました")
    assert YearlyActual.objects.get(fiscal_year=2025).expected_on.isoformat() == "2026-08-20"


def test_page_works_without_script(browser: Browser, live_server, kpi):
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    open_entry(page, live_server.url)
    page.get_by_role("textbox", name="指標1 令和7年度の実績値").fill("9")
    page.get_by_role("button", name="すべて保存").click()

    expect(page.get_by_role("status")).to_contain_text("令和7年度の実績を1件保存しました")
    assert YearlyActual.objects.get(fiscal_year=2025).value == 9
    page.close()


@pytest.fixture
def waited_for(kpi, kikaku):
    second = make_kpi(kpi.project, 2)
    entry = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(second, {2025: entry}, kikaku)
    return second


def test_figure_that_was_waited_for_makes_its_row_final(page, live_server, waited_for):
    open_entry(page, live_server.url)
    state = page.get_by_label("P1-2 状態")
    expect(state).to_have_value("pending")
    page.locator('[id="P1-2-value"]').focus()
    page.keyboard.type("26")

    expect(state).to_have_value("final")
    expect(status(page, "P1-2")).to_have_text("未保存（状態を「確定」にしました）")
    expect(page.get_by_label("P1-2 集計が終わる予定の日")).to_be_hidden()
    page.keyboard.press("Enter")  # to the button, and out of the row
    expect(status(page, "P1-2")).to_contain_text("保存しました")
    saved = YearlyActual.objects.get(kpi=waited_for)
    assert (saved.state, saved.value, saved.expected_on) == ("final", 26, None)


def test_figure_taken_out_again_leaves_the_row_waiting(page, live_server, waited_for):
    open_entry(page, live_server.url)
    figure = page.locator('[id="P1-2-value"]')
    figure.fill("2")
    figure.fill("")

    expect(page.get_by_label("P1-2 状態")).to_have_value("pending")
    expect(page.get_by_label("P1-2 集計が終わる予定の日")).to_have_value("2026-08-20")
    expect(status(page, "P1-2")).to_have_text("")
    expect(page.locator("#unsaved")).to_have_text("")


def test_state_chosen_by_hand_hides_the_day_and_lets_it_go(page, live_server, waited_for):
    open_entry(page, live_server.url)
    page.get_by_label("P1-2 状態").select_option("速報")
    page.get_by_label("P1-2 集計が終わる予定の日").evaluate("(day) => { day.value = '2026-9-1' }")
    page.locator('[id="P1-2-value"]').fill("26")
    page.get_by_role("button", name="すべて保存").click()

    expect(page.get_by_role("status")).to_contain_text("1件保存しました")
    saved = YearlyActual.objects.get(kpi=waited_for)
    assert (saved.state, saved.value, saved.expected_on) == ("provisional", 26, None)


def test_figure_that_was_waited_for_is_saved_without_script(
    browser: Browser, live_server, waited_for
):
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    open_entry(page, live_server.url)
    page.locator('[id="P1-2-value"]').fill("26")
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_role("row").filter(has_text="P1-2")).to_contain_text(
        "実績値が出たときは、状態を「確定」か「速報」にしてください。"
    )
    page.get_by_label("P1-2 状態").select_option("確定")
    page.get_by_role("button", name="すべて保存").click()

    expect(page.get_by_role("status")).to_contain_text("1件保存しました")
    saved = YearlyActual.objects.get(kpi=waited_for)
    assert (saved.state, saved.value, saved.expected_on) == ("final", 26, None)
    page.close()
