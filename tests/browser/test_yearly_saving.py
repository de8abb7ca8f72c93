"""Initiatives and reviews save row by row, and nothing typed into them is ever lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Session
from kpis.recording import close_years_through
from projects.models import InitiativeProgress, ProjectReview
from tests.browser.axe import findings
from tests.browser.plan_in_use import log_in
from tests.factories import PASSWORD, make_initiative, make_project, make_strategy

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"^保存しました \d{1,2}:\d{2}$")
EXPIRED = "保存できません：ログインの期限が切れました"


@pytest.fixture
def project(kikaku):
    project = make_project(make_strategy(), "P1")
    for number in (1, 2):
        make_initiative(project, number)
    make_project(project.strategy, "P2")
    return project


@pytest.fixture
def entry(page, live_server, project):
    return open_entry(page, live_server.url, "/plans/mihon/entry/2025/initiatives/")


def open_entry(page: Page, base: str, path: str) -> Page:
    log_in(page, base, path=path)
    page.locator("form[data-live]").wait_for()
    return page


def cell(page, code, name):
    return page.locator(f'[id="{code}-{name}"]')


def row(page, code):
    return page.locator(f'.texts__row[data-code="{code}"]')


def status(page, code):
    return row(page, code).locator('[data-part="status"]')


def write(page, code="P1-1", text="12回"):
    """Fill a row and go on to the next."""
    cell(page, code, "status").select_option("ongoing")
    cell(page, code, "summary").fill(text)
    cell(page, "P1-2", "status").focus()


def texts():
    return list(InitiativeProgress.objects.values_list("summary", flat=True))


def test_row_saves_when_it_is_left_and_says_when(entry):
    cell(entry, "P1-1", "status").select_option("ongoing")
    cell(entry, "P1-1", "cost").fill("１２５０")
    cell(entry, "P1-1", "summary").fill("12回")
    expect(status(entry, "P1-1")).to_have_text("未保存")
    expect(entry.locator("#unsaved")).to_have_text("未保存 1件")
    cell(entry, "P1-2", "summary").focus()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(cell(entry, "P1-1", "cost")).to_have_value("1,250")
    expect(cell(entry, "P1-2", "summary")).to_be_focused()
    expect(cell(entry, "P1-1", "status").locator('[value=""]')).to_have_text("未入力に戻す")
    expect(row(entry, "P1-1")).to_contain_text("kikakuさんが保存")
    expect(entry.locator("#waiting")).to_contain_text("まだ入っていないのは1")
    expect(entry.locator("#unsaved")).to_have_text("")
    assert findings(entry) == []

    write(entry, text="13回")
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert texts() == ["13回"]


def test_review_saves_when_it_is_left(page, live_server, project):
    open_entry(page, live_server.url, "/plans/mihon/entry/2025/reviews/")
    cell(page, "P1", "summary").fill("上回った")
    cell(page, "P2", "summary").focus()

    expect(status(page, "P1")).to_have_text(SAVED)
    assert ProjectReview.objects.get().summary == "上回った"
    assert findings(page) == []


def test_change_during_a_save_is_saved_afterwards(entry):
    held = []
    entry.route(
        "**/plans/mihon/entry/2025/initiatives/",
        lambda route: route.continue_() if held else held.append(route),
    )
    write(entry)
    expect(status(entry, "P1-1")).to_have_text("保存しています")
    write(entry, text="13回")
    held[0].continue_()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(cell(entry, "P1-1", "summary")).to_have_value("13回")
    assert texts() == ["13回"]


@pytest.mark.refusals(422)
def test_wrong_row_says_why_and_saves_once_it_is_right(entry):
    cell(entry, "P1-1", "cost").fill("約100")
    cell(entry, "P1-2", "summary").focus()
    expect(status(entry, "P1-1")).to_contain_text("保存できません：")
    expect(row(entry, "P1-1")).to_contain_text("「約100」を読み取れません")
    expect(cell(entry, "P1-1", "cost")).to_have_attribute("aria-invalid", "true")
    assert findings(entry) == []
    entry.get_by_role("button", name="すべて保存").click()
    expect(entry.get_by_role("status")).to_have_text("保存できていない行が1件あります（P1-1）。")

    cell(entry, "P1-1", "cost").fill("100")
    write(entry)
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(row(entry, "P1-1").locator(".error-text, [aria-invalid]")).to_have_count(0)


@pytest.mark.refusals(401)
def test_expired_session_says_so_and_loses_no_text(entry, context, live_server):
    Session.objects.all().delete()
    write(entry)
    expect(status(entry, "P1-1")).to_have_text(EXPIRED)
    expect(cell(entry, "P1-1", "summary")).to_have_value("12回")
    assert findings(entry) == []

    with context.expect_page() as opened:
        row(entry, "P1-1").get_by_role("link", name="別のタブでログインする").click()
    opened.value.get_by_label("利用者名").fill("kikaku")
    opened.value.get_by_label("パスワード").fill(PASSWORD)
    opened.value.get_by_role("button", name="ログイン").click()
    opened.value.wait_for_url(f"{live_server.url}/plans/mihon/")
    row(entry, "P1-1").get_by_role("button", name="もう一度保存する").click()
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert texts() == ["12回"]


@pytest.mark.refusals(offline=True)
def test_server_out_of_reach_keeps_the_row_unsaved(entry, context):
    context.set_offline(True)
    write(entry)
    expect(status(entry, "P1-1")).to_have_text("保存できません：サーバーにつながりません")
    context.set_offline(False)
    row(entry, "P1-1").get_by_role("button", name="もう一度保存する").click()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert texts() == ["12回"]


@pytest.mark.refusals(409)
def test_year_closed_meanwhile_loses_no_text(entry, project, kikaku):
    close_years_through(project.strategy, 2025, user=kikaku)
    write(entry)

    expect(status(entry, "P1-1")).to_have_text("保存できません：締め済みです")
    expect(row(entry, "P1-1")).to_contain_text("令和7年度は締め済みです")
    expect(cell(entry, "P1-1", "summary")).to_have_value("12回")


def collide(page):
    write(page)
    expect(status(page, "P1-1")).to_have_text(SAVED)
    InitiativeProgress.objects.update(version=7, summary="先の実績")
    write(page, text="後の実績")
    expect(status(page, "P1-1")).to_have_text("保存できません：ほかの人の保存と食い違っています")


@pytest.mark.refusals(409)
def test_conflict_shows_both_and_overwrites_when_told(entry):
    collide(entry)
    for text in ("kikakuさんが", "先の実績", "後の実績"):
        expect(row(entry, "P1-1")).to_contain_text(text)
    assert findings(entry) == []
    cell(entry, "P1-1", "summary").focus()
    cell(entry, "P1-2", "summary").focus()  # leaving again decides nothing
    entry.get_by_role("button", name="すべて保存").click()
    expect(entry.get_by_role("status")).to_contain_text("保存できていない行が1件")
    assert texts() == ["先の実績"]

    row(entry, "P1-1").get_by_role("button", name="自分の入力で上書きする").press("Enter")
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert texts() == ["後の実績"]


@pytest.mark.refusals(409)
def test_conflict_takes_what_is_saved_and_gives_the_own_text_back(entry):
    collide(entry)
    row(entry, "P1-1").get_by_role("button", name="保存されている内容を使う").press("Enter")
    expect(cell(entry, "P1-1", "summary")).to_have_value("先の実績")
    expect(row(entry, "P1-1")).to_contain_text("後の実績")
    expect(entry.locator("#unsaved")).to_have_text("")
    assert findings(entry) == []

    row(entry, "P1-1").get_by_role("button", name="自分の入力に戻す").press("Enter")
    expect(cell(entry, "P1-1", "summary")).to_have_value("後の実績")
    expect(status(entry, "P1-1")).to_have_text("未保存")
    assert texts() == ["先の実績"]


def test_leaving_with_unsaved_work_warns(entry):
    asked = []
    entry.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    cell(entry, "P1-1", "summary").focus()
    entry.keyboard.type("12")
    entry.evaluate("setTimeout(() => location.assign('/'), 0)")
    entry.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(cell(entry, "P1-1", "summary")).to_have_value("12")


def test_answer_that_says_nothing_of_the_row_is_no_save_and_is_not_asked_for_again(entry):
    asked = []

    def answer(route):
        asked.append(route)
        route.fulfill(status=200, content_type="text/html", body="<p>another page</p>")

    entry.route("**/plans/mihon/entry/2025/initiatives/", answer)
    write(entry)

    expect(status(entry, "P1-1")).to_have_text("保存できません：サーバーで問題が起きました")
    expect(cell(entry, "P1-1", "summary")).to_have_value("12回")
    entry.wait_for_timeout(500)
    assert len(asked) == 1
