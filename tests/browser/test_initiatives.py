"""Entering initiatives in a real browser and reading one under its re-listing."""

import pytest
from playwright.sync_api import Browser, Page, expect

from projects.models import InitiativeListing, InitiativeProgress
from tests.browser.axe import findings
from tests.browser.plan_in_use import log_in
from tests.factories import make_initiative, make_project, make_strategy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(kikaku):
    home = make_project(make_strategy(), "P1")
    for number in (1, 2, 3):
        made = make_initiative(home, number)
    InitiativeListing.objects.create(
        project=make_project(home.strategy, "P2"), number=5, initiative=made
    )


def enter_three(page: Page) -> None:
    for number, status in ((1, "未着手"), (2, "完了"), (3, "実施中")):
        row = page.get_by_role("group", name=f"P1-{number}")
        row.get_by_label("状況").select_option(status)
        row.get_by_label("決算額（千円）").fill("１，２５０")
        row.get_by_label("取組実績").fill(f"{number}番目の実績")
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_role("status")).to_contain_text("令和7年度の取組3件を保存しました")


def test_three_are_entered_and_one_is_read_under_its_relisting(page, live_server, plan):
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/initiatives/")
    enter_three(page)
    page.goto(f"{live_server.url}/plans/mihon/projects/P2/?fy=2025")
    row = page.get_by_role("row").filter(has_text="再掲")
    expect(row).to_contain_text("実施中")
    expect(row).to_contain_text("3番目の実績")

    row.get_by_role("link", name="P1の取組3").click()
    year = page.get_by_role("article", name="令和7年度")
    expect(year).to_contain_text("1,250")
    expect(page.get_by_text("P2 P2プロジェクト の (5)")).to_be_visible()


def test_pages_work_without_script(browser: Browser, live_server, plan):
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/initiatives/")
    enter_three(page)
    page.get_by_role("link", name="総括").click()
    page.get_by_role("group", name="P1").get_by_label("総括").fill("上回った")
    page.get_by_role("button", name="すべて保存").click()

    expect(page.get_by_role("status")).to_contain_text("令和7年度の総括1件を保存しました")
    page.close()


@pytest.mark.refusals(409, 422)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_findings(page, live_server, plan, width):
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, live_server.url, path="/plans/mihon/entry/2025/initiatives/")
    enter_three(page)
    found = findings(page)
    InitiativeProgress.objects.update(version=7)
    page.get_by_role("group", name="P1-1").get_by_label("取組実績").fill("別の実績")
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_text("食い違っているところ")).to_be_visible()
    found += findings(page)
    for path in (
        "/plans/mihon/entry/2026/initiatives/",
        "/plans/mihon/entry/2025/initiatives/P1-1/",
        "/plans/mihon/entry/2025/reviews/",
        "/plans/mihon/initiatives/P1-3/",
        "/plans/mihon/initiatives/P2-5/",
        "/plans/mihon/projects/P2/?fy=2025",
    ):
        page.goto(live_server.url + path)
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path

    assert found == []
