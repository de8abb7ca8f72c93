"""Rows that save on their own: what they say, and that nothing typed is ever lost."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, expect

from accounts.models import Session
from accounts.role_names import PLANNER
from kpis.models import YearlyActual
from kpis.recording import close_years_through, record_actual
from tests.browser.axe import findings
from tests.browser.entry_page import cell, open_entry, paste, row, status
from tests.factories import PASSWORD, final, make_kpi, make_project, make_strategy, record

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"^保存しました \d{1,2}:\d{2}$")


@pytest.fixture
def kpis(kikaku):
    project = make_project(make_strategy())
    kpis = [make_kpi(project, number) for number in (1, 2, 3)]
    record(kpis[0], {2024: final(4, analysis="昨年の要因")}, kikaku)
    return kpis


@pytest.fixture
def entry(page, live_server, kpis):
    """The page, left as it is without being asked at the end of a test."""
    open_entry(page, live_server.url)
    return page


def values(fiscal_year=2025):
    actuals = YearlyActual.objects.filter(fiscal_year=fiscal_year).order_by("kpi__number")
    return {actual.kpi.code: actual.value for actual in actuals}


def test_row_saves_when_it_is_left_and_says_when(entry):
    cell(entry, "P1-1").fill("１２件")
    expect(status(entry, "P1-1")).to_have_text("未保存")
    expect(entry.locator("#unsaved")).to_have_text("未保存 1件")
    cell(entry, "P1-1", "state").focus()  # still in the row
    expect(status(entry, "P1-1")).to_have_text("未保存")
    cell(entry, "P1-2").focus()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(status(entry, "P1-1")).to_have_attribute("aria-live", "polite")
    expect(cell(entry, "P1-1")).to_have_value("12")  # as it was read
    expect(cell(entry, "P1-2")).to_be_focused()
    expect(entry.locator("#unsaved")).to_have_text("")
    expect(entry.locator("#waiting")).to_have_text("2")
    assert values() == {"P1-1": 12}
    assert findings(entry) == []


def test_row_put_back_as_it_was_is_clean(entry, kpis, kikaku):
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-1").fill("")
    cell(entry, "P1-2").focus()

    expect(status(entry, "P1-1")).to_have_text("")
    expect(entry.locator("#unsaved")).to_have_text("")
    assert values() == {}


def test_row_can_be_saved_again_and_withdrawn(entry):
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    cell(entry, "P1-1").fill("13")
    cell(entry, "P1-2").focus()
    expect(row(entry, "P1-1")).to_contain_text("13 → 進捗率 26.0%")
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    cell(entry, "P1-1", "state").select_option("未入力に戻す")
    cell(entry, "P1-1", "state").focus()
    cell(entry, "P1-2").focus()

    expect(cell(entry, "P1-1")).to_have_value("")
    expect(cell(entry, "P1-1", "state")).to_have_value("final")
    expect(row(entry, "P1-1")).to_contain_text("未入力")
    assert values() == {}
    assert YearlyActual.history.filter(fiscal_year=2025).count() == 3


def test_change_during_a_save_is_saved_afterwards(entry, live_server):
    held = []

    def hold_the_first(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    entry.route("**/plans/mihon/entry/2025/P1-1/", hold_the_first)
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text("保存しています")
    cell(entry, "P1-1").fill("13")
    cell(entry, "P1-2").focus()
    held[0].continue_()

    expect(row(entry, "P1-1")).to_contain_text("13 → 進捗率 26.0%")
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(cell(entry, "P1-1")).to_have_value("13")
    assert values() == {"P1-1": 13}


@pytest.mark.refusals(422)
def test_row_that_cannot_be_read_says_why_and_saves_once_it_is_right(entry):
    cell(entry, "P1-1").fill("12人")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text("保存できません：実績値を確かめてください")
    expect(row(entry, "P1-1")).to_contain_text("「12人」を数字として読み取れません")
    expect(cell(entry, "P1-1")).to_have_attribute("aria-invalid", "true")
    expect(cell(entry, "P1-1")).to_have_value("12人")
    assert findings(entry) == []

    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(cell(entry, "P1-1")).not_to_have_attribute("aria-invalid", "true")
    expect(row(entry, "P1-1").locator(".error-text")).to_have_count(0)


def test_doubt_asks_for_a_word_and_keeps_it(entry):
    expect(cell(entry, "P1-1", "confirmation")).to_be_hidden()
    cell(entry, "P1-1").fill("40")
    expect(row(entry, "P1-1")).to_contain_text("確認：前年度（4件）の10倍以上です。")
    word = entry.get_by_label("P1-1 確認のひとこと")
    expect(word).to_be_visible()
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert values() == {"P1-1": 40}
    assert findings(entry) == []

    word.fill("制度が変わった")
    cell(entry, "P1-2").focus()
    expect(row(entry, "P1-1")).to_contain_text("確認済み：前年度（4件）の10倍以上です。")
    entry.reload()
    expect(word).to_have_value("制度が変わった")
    assert YearlyActual.objects.get(fiscal_year=2025).confirmation == "制度が変わった"
    assert findings(entry) == []


def test_previous_explanation_opens_with_one_click(entry):
    before = row(entry, "P1-1").get_by_text("前年度の説明")
    expect(entry.get_by_text("昨年の要因")).to_be_hidden()
    before.click()
    expect(entry.get_by_text("昨年の要因")).to_be_visible()


def test_explanation_can_be_written_before_the_figure(entry):
    row(entry, "P1-2").get_by_text("要因分析・今後の方向性").click()
    cell(entry, "P1-2", "analysis").fill("値はまだ")
    cell(entry, "P1-1").focus()

    expect(status(entry, "P1-2")).to_have_text(SAVED)
    expect(row(entry, "P1-2")).to_contain_text("（記入あり）")
    expect(entry.locator("#waiting")).to_have_text("3")


@pytest.mark.refusals(401)
def test_expired_session_says_so_and_loses_no_text(entry, live_server, context):
    Session.objects.all().delete()
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-1", "state").focus()
    row(entry, "P1-1").get_by_text("要因分析・今後の方向性").click()
    cell(entry, "P1-1", "analysis").fill("長い説明")
    cell(entry, "P1-2").fill("5")
    expect(status(entry, "P1-1")).to_have_text("保存できません：ログインの期限が切れました")
    cell(entry, "P1-3").focus()
    expect(status(entry, "P1-2")).to_have_text("保存できません：ログインの期限が切れました")
    assert values() == {}
    assert findings(entry) == []

    link = row(entry, "P1-1").get_by_role("link", name="別のタブでログインする")
    expect(link).to_have_attribute("rel", "noopener")
    with context.expect_page() as opened:
        link.click()
    other = opened.value
    other.get_by_label("利用者名").fill("kikaku")
    other.get_by_label("パスワード").fill(PASSWORD)
    other.get_by_role("button", name="ログイン").click()
    other.wait_for_url(f"{live_server.url}/plans/mihon/")
    row(entry, "P1-1").get_by_role("button", name="もう一度保存する").click()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(status(entry, "P1-2")).to_have_text(SAVED)
    assert values() == {"P1-1": 12, "P1-2": 5}
    assert YearlyActual.objects.get(kpi__number=1, fiscal_year=2025).analysis == "長い説明"


@pytest.mark.refusals(401)
def test_session_that_expires_before_save_all_keeps_the_page(entry):
    paste(entry, "P1-1", "1\n2\n")
    entry.get_by_role("button", name="この内容を欄に入れる").click()
    Session.objects.all().delete()
    entry.get_by_role("button", name="すべて保存").click()

    expect(entry.get_by_role("status")).to_have_text("保存できません：ログインの期限が切れました")
    expect(cell(entry, "P1-2")).to_have_value("2")
    assert values() == {}


@pytest.mark.refusals(offline=True)
def test_server_out_of_reach_keeps_the_row_unsaved(entry, context):
    context.set_offline(True)
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text("保存できません：サーバーにつながりません")
    expect(entry.locator("#unsaved")).to_have_text("未保存 1件")
    context.set_offline(False)
    row(entry, "P1-1").get_by_role("button", name="もう一度保存する").click()

    expect(status(entry, "P1-1")).to_have_text(SAVED)
    assert values() == {"P1-1": 12}


def collide(entry, kpi, tantou):
    """tantou saves 9 while the page's author writes 15."""
    record_actual(kpi, 2025, final(9, analysis="先の説明"), user=tantou, version=0)
    cell(entry, "P1-1").fill("15")
    row(entry, "P1-1").get_by_text("要因分析・今後の方向性").click()
    cell(entry, "P1-1", "analysis").fill("後の説明")
    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text("保存できません：ほかの人の保存と食い違っています")


@pytest.fixture
def editor(tantou):
    """Somebody who may record the KPIs too."""
    tantou.groups.set([Group.objects.get(name=PLANNER)])
    return tantou


@pytest.mark.refusals(409)
def test_conflict_shows_both_and_overwrites_when_told(entry, kpis, editor):
    collide(entry, kpis[0], editor)
    conflict = row(entry, "P1-1")
    for text in (
        "tantouさんが",
        "保存されている値：9件（確定）",
        "あなたの入力：15",
        "先の説明",
        "後の説明",
    ):
        expect(conflict).to_contain_text(text)
    assert findings(entry) == []
    cell(entry, "P1-1").focus()
    cell(entry, "P1-2").focus()  # leaving again decides nothing
    assert values() == {"P1-1": 9}

    conflict.get_by_role("button", name="自分の入力で上書きする").press("Enter")
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    expect(cell(entry, "P1-1")).to_be_focused()
    history = YearlyActual.history.filter(fiscal_year=2025).order_by("version")
    assert [(int(one.value), one.analysis) for one in history] == [
        (9, "先の説明"),
        (15, "後の説明"),
    ]


@pytest.mark.refusals(409)
def test_conflict_takes_what_is_saved_and_gives_the_own_text_back(entry, kpis, editor):
    collide(entry, kpis[0], editor)
    row(entry, "P1-1").get_by_role("button", name="保存されている値を使う").press("Enter")
    expect(cell(entry, "P1-1")).to_have_value("9")
    expect(cell(entry, "P1-1", "analysis")).to_have_value("先の説明")
    expect(row(entry, "P1-1")).to_contain_text("後の説明")
    expect(entry.locator("#unsaved")).to_have_text("")
    assert findings(entry) == []

    row(entry, "P1-1").get_by_role("button", name="自分の入力に戻す").press("Enter")
    expect(cell(entry, "P1-1")).to_have_value("15")
    expect(cell(entry, "P1-1", "analysis")).to_have_value("後の説明")
    expect(status(entry, "P1-1")).to_have_text("未保存")
    assert values() == {"P1-1": 9}


@pytest.mark.refusals(409)
def test_save_all_never_overwrites_an_undecided_conflict(entry, kpis, editor):
    collide(entry, kpis[0], editor)
    entry.get_by_role("button", name="すべて保存").click()

    expect(entry.get_by_role("alert")).to_contain_text("1件の食い違い")
    assert values() == {"P1-1": 9}


@pytest.mark.refusals(409)
def test_year_closed_meanwhile_loses_no_text(entry, kpis, kikaku):
    close_years_through(kpis[0].project.strategy, 2025, user=kikaku)
    cell(entry, "P1-1").fill("12")
    cell(entry, "P1-2").focus()

    expect(status(entry, "P1-1")).to_have_text("保存できません：締め済みです")
    expect(row(entry, "P1-1")).to_contain_text("令和7年度は締め済みです")
    expect(cell(entry, "P1-1")).to_have_value("12")


def test_leaving_with_unsaved_work_warns(entry, live_server):
    asked = []
    entry.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    cell(entry, "P1-1").focus()
    entry.keyboard.type("12")
    entry.evaluate("setTimeout(() => location.assign('/'), 0)")
    entry.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(cell(entry, "P1-1")).to_have_value("12")

    cell(entry, "P1-2").focus()
    expect(status(entry, "P1-1")).to_have_text(SAVED)
    entry.goto(f"{live_server.url}/")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", [1280, 390])
def test_preview_of_a_paste_has_no_findings(entry, width):
    entry.set_viewport_size({"width": width, "height": 900})
    paste(entry, "P1-1", "40\t要因\t方向\nx\n3\n4\n")
    expect(entry.get_by_role("region", name="貼り付ける内容の確認")).to_contain_text("3指標")

    assert findings(entry) == []
    assert entry.evaluate("document.documentElement.scrollWidth") == width


def test_doubt_without_script_is_asked_after_saving(browser: Browser, live_server, kpis):
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    open_entry(page, live_server.url, has_script=False)
    cell(page, "P1-1").fill("40")
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_role("status")).to_have_text("令和7年度の実績を1件保存しました。")
    expect(row(page, "P1-1")).to_contain_text("確認：前年度（4件）の10倍以上です。")
    page.get_by_label("P1-1 確認のひとこと").fill("制度が変わった")
    page.get_by_role("button", name="すべて保存").click()

    expect(row(page, "P1-1")).to_contain_text("確認済み：")
    assert YearlyActual.objects.get(fiscal_year=2025).confirmation == "制度が変わった"
    page.close()
