"""A whole year's entry without a mouse: by typing, and by pasting one column from Excel."""

import pytest
from playwright.sync_api import expect

from entry.plan_file.loading import load_plan
from kpis.models import ActualState, YearlyActual
from tests.browser.entry_page import cell, open_entry, paste, row, status
from tests.factories import (
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)

pytestmark = pytest.mark.django_db(transaction=True)

# KPI → as written in Excel, as saved.
COLUMN = {
    "P1-1": ("13", "13"),
    "P1-2": ("15", "15"),
    "P2-1": ("2", "2"),
    "P2-2": ("60", "60"),
    "P3-1": ("150", "150"),
    "P3-2": ("64.9", "64.9"),
    "P3-3": ("100.0", "100"),
    "P4-1": ("50.9", "50.9"),
    "P4-2": ("0", "0"),
    "P5-1": ("69.9", "69.9"),
    "P5-2": ("52.5", "52.5"),
    "P5-3": ("24.0", "24"),
    "P6-1": ("1,334.9", "1334.9"),
    "A1-1": ("59", "59"),
    "A1-2": ("12", "12"),
    "A2-1": ("30.0", "30"),
}
COUNT_MICE = """
window.mice = [];
for (const kind of ["mousedown", "mouseup", "click", "pointerdown", "touchstart"]) {
  addEventListener(kind, (event) => {
    // A button pressed with the keyboard sends a click without a pointer.
    if (kind !== "click" || event.detail > 0) window.mice.push(kind);
  }, true);
}
"""


@pytest.fixture
def plan(kikaku):
    load_plan("omuta_2024_2028")


def saved(fiscal_year=2026):
    actuals = YearlyActual.objects.filter(fiscal_year=fiscal_year)
    return {actual.kpi.code: actual for actual in actuals}


def test_sixteen_actuals_from_one_column_of_excel(page, live_server, plan):
    page.add_init_script(COUNT_MICE)
    posts = []
    open_entry(page, live_server.url, fiscal_year=2026, plan="omuta-2024-2028")
    page.on("request", lambda asked: posts.append(asked.url) if asked.method == "POST" else None)
    paste(page, "P1-1", "".join(f"{written}\r\n" for written, _saved in COLUMN.values()))

    preview = page.get_by_role("region", name="貼り付ける内容の確認")
    expect(preview).to_contain_text("16指標に入ります。まだ保存していません。")
    expect(preview.get_by_role("heading")).to_be_focused()
    expect(preview.get_by_role("row").nth(13)).to_contain_text("P6-1")
    expect(preview.get_by_role("row").nth(13)).to_contain_text("（空） 1,334.9 千人")
    assert not YearlyActual.objects.exists()

    page.keyboard.press("Tab")  # the table, which scrolls
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="この内容を欄に入れる")).to_be_focused()
    page.keyboard.press("Enter")
    expect(preview).to_be_hidden()
    expect(page.locator("#unsaved")).to_have_text("未保存 16件")
    expect(status(page, "A2-1")).to_have_text("未保存")
    expect(row(page, "P1-1")).to_contain_text("参考 累計 13")
    assert not YearlyActual.objects.exists()

    expect(page.get_by_role("button", name="すべて保存")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("令和8年度の実績を16件保存しました。")
    expect(page.locator("#unsaved")).to_have_text("")
    figures = {code: f"{actual.value.normalize():f}" for code, actual in saved().items()}
    assert figures == {code: figure for code, (_written, figure) in COLUMN.items()}
    assert posts == [
        f"{live_server.url}/plans/omuta-2024-2028/entry/2026/paste/",
        f"{live_server.url}/plans/omuta-2024-2028/entry/2026/",
    ]
    assert page.evaluate("window.mice") == []


def test_whole_entry_by_keyboard_alone(page, live_server, plan):
    page.add_init_script(COUNT_MICE)
    open_entry(page, live_server.url, fiscal_year=2026, plan="omuta-2024-2028")
    page.get_by_role("link", name="次の未入力へ").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "P1-1")).to_be_focused()

    for written, _saved in list(COLUMN.values())[:-2]:
        page.keyboard.type(written)
        page.keyboard.press("Enter")
    expect(cell(page, "A1-2")).to_be_focused()
    page.keyboard.press("Tab")  # its state
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # 確定, 速報, 集計中
    page.keyboard.press("Tab")
    expect(cell(page, "A1-2", "expected_on")).to_be_focused()
    page.keyboard.type("R9.8.20")
    page.keyboard.press("Tab")  # the explanations, folded
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(cell(page, "A1-2", "analysis")).to_be_focused()
    page.keyboard.type("調査の途中")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # the next KPI's name
    page.keyboard.press("Tab")
    expect(cell(page, "A2-1")).to_be_focused()
    page.keyboard.type("30.0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="すべて保存")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("令和8年度の実績を16件保存しました。")
    assert page.url == f"{live_server.url}/plans/omuta-2024-2028/entry/2026/"
    actuals = saved()
    pending = actuals.pop("A1-2")
    figures = {code: f"{actual.value.normalize():f}" for code, actual in actuals.items()}
    assert figures == {code: figure for code, (_w, figure) in COLUMN.items() if code != "A1-2"}
    assert (pending.state, str(pending.expected_on), pending.analysis) == (
        ActualState.PENDING,
        "2027-08-20",
        "調査の途中",
    )
    assert page.evaluate("window.mice") == []


@pytest.fixture
def three(kikaku):
    project = make_project(make_strategy())
    return [make_kpi(project, number) for number in (1, 2, 3)]


def test_enter_goes_down_and_shift_enter_up_without_submitting(page, live_server, three):
    open_entry(page, live_server.url)
    cell(page, "P1-1").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "P1-2")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "P1-1")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "P1-1")).to_be_focused()
    assert not YearlyActual.objects.exists()


@pytest.mark.refusals(422)
def test_pasting_names_what_does_not_fit_or_cannot_be_read(page, live_server, three, kikaku):
    record(three[1], {2025: 7}, kikaku)
    open_entry(page, live_server.url)
    text = '8\t"一行目\n二行目 ""引用"""\t続けます\n\t\t\n12x\t\t\n99\n100\n'
    paste(page, "P1-1", text)

    preview = page.get_by_role("region", name="貼り付ける内容の確認")
    expect(preview).to_contain_text("読み取れないものが1件")
    expect(preview).to_contain_text("2行は、下に指標がないため入りません：「99」「100」")
    expect(preview.get_by_role("row").nth(2)).to_contain_text("7 空欄のため変えません")
    expect(preview.get_by_role("row").nth(3)).to_contain_text("「12x」を数字として読み取れません")
    preview.get_by_role("button", name="この内容を欄に入れる").press("Enter")

    expect(cell(page, "P1-1", "analysis")).to_have_value('一行目\n二行目 "引用"')
    expect(cell(page, "P1-1", "next_steps")).to_have_value("続けます")
    expect(cell(page, "P1-2")).to_have_value("7")
    expect(cell(page, "P1-3")).to_have_value("12x")
    page.keyboard.press("Enter")  # すべて保存
    expect(page.get_by_role("alert")).to_contain_text(
        "1件のエラーがあるため、1件も保存していません"
    )
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("エラー：令和7年度の実績入力 ｜ 見本市 進捗管理")
    assert YearlyActual.objects.count() == 1

    cell(page, "P1-3").fill("12")
    page.get_by_role("button", name="すべて保存").press("Enter")
    expect(page.get_by_role("status")).to_have_text("令和7年度の実績を2件保存しました。")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert YearlyActual.objects.get(kpi=three[0]).analysis == '一行目\n二行目 "引用"'


def test_cancelled_paste_changes_nothing(page, live_server, three):
    open_entry(page, live_server.url)
    paste(page, "P1-2", "1\n2\n")
    expect(page.get_by_role("region", name="貼り付ける内容の確認")).to_contain_text("2指標")
    page.keyboard.press("Escape")

    expect(cell(page, "P1-2")).to_be_focused()
    expect(cell(page, "P1-2")).to_have_value("")
    expect(page.locator("#unsaved")).to_have_text("")


def test_row_left_for_a_paste_waits_until_it_is_decided(page, live_server, three):
    open_entry(page, live_server.url)
    cell(page, "P1-1").fill("5")
    paste(page, "P1-1", "1\n2\n")
    expect(page.get_by_role("region", name="貼り付ける内容の確認")).to_contain_text("2指標")
    expect(status(page, "P1-1")).to_have_text("未保存")
    assert not YearlyActual.objects.exists()


def test_focus_stays_where_one_goes_while_a_paste_waits(page, live_server, three):
    open_entry(page, live_server.url)
    paste(page, "P1-1", "5\n6")
    expect(page.get_by_role("heading", name="貼り付ける内容の確認")).to_be_focused()
    cell(page, "P1-3").fill("7")
    cell(page, "P1-1").focus()

    expect(cell(page, "P1-1")).to_be_focused()
    assert not YearlyActual.objects.exists()


def test_pasted_figure_makes_a_pending_row_final(page, live_server, three):
    open_entry(page, live_server.url)
    cell(page, "P1-1", "state").select_option("集計中")
    cell(page, "P1-1", "expected_on").fill("2026-08-20")
    paste(page, "P1-1", "1\n2\n")
    preview = page.get_by_role("region", name="貼り付ける内容の確認")
    expect(preview).to_contain_text("状態は「集計中」から「確定」に変わります。")
    preview.get_by_role("button", name="この内容を欄に入れる").press("Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("令和7年度の実績を2件保存しました。")
    assert [actual.state for actual in saved(2025).values()] == ["final", "final"]


def test_single_cell_is_pasted_like_any_text(page, live_server, three):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_entry(page, live_server.url)
    page.evaluate("navigator.clipboard.writeText('12\\r\\n')")
    cell(page, "P1-1").focus()
    page.keyboard.press("Control+V")

    expect(cell(page, "P1-1")).to_have_value("12")
    expect(page.locator("#paste")).to_be_hidden()


def test_column_pasted_with_control_v_is_laid_out(page, live_server, three):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_entry(page, live_server.url)
    page.evaluate("navigator.clipboard.writeText('12\\r\\n13\\r\\n')")
    cell(page, "P1-2").focus()
    page.keyboard.press("Control+V")

    expect(page.get_by_role("region", name="貼り付ける内容の確認")).to_contain_text("2指標")


def test_editor_pastes_into_their_own_kpis(page, live_server, three):
    tantou = make_user("tantou")
    three[2].department = make_department("D01", tantou)
    three[2].save()
    open_entry(page, live_server.url, user="tantou")
    paste(page, "P1-3", "5\n6\n")

    preview = page.get_by_role("region", name="貼り付ける内容の確認")
    expect(preview).to_contain_text("1行は、下に指標がないため入りません：「6」")
