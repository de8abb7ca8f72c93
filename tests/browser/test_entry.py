"""Entering a figure in a real browser, with script and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from kpis.models import YearlyActual
from tests.factories import PASSWORD, make_kpi, make_project, make_strategy, record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kpi(kikaku):
    kpi = make_kpi(make_project(make_strategy()), aggregation="cumulative")
    record(kpi, {2024: 12}, kikaku)
    return kpi


def open_entry(page: Page, base: str) -> None:
    page.goto(f"{base}/login/?next=/entry/2025/")
    page.get_by_label("利用者名").fill("kikaku")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("令和7年度の実績入力")


def test_rating_follows_what_is_typed_and_nothing_is_saved_yet(page, live_server, kpi):
    open_entry(page, live_server.url)
    page.get_by_role("textbox", name="指標1 令和7年度の実績値").fill("９")

    row = page.get_by_role("row").filter(has_text="P1-1")
    expect(row).to_contain_text("A 順調 累計 21 → 進捗率 105.0%、達成率 42.0%")
    assert not YearlyActual.objects.filter(fiscal_year=2025).exists()


def test_field_of_a_state_shows_up_with_it(page, live_server, kpi):
    open_entry(page, live_server.url)
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
