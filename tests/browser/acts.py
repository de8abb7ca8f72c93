"""What a person does on a page before it shows a refusal, a conflict, or that it has saved.

Each act leaves the page that it is about open, in the plan of tests/browser/plan_in_use.py.
They run in this order in one plan, as one day at the desk.
"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account, Session
from kpis.models import Kpi, YearlyActual
from kpis.recording import (
    ProgressEntry,
    ReviewEntry,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from omuta_strategy import error_pages
from projects.models import Department, Initiative, InitiativeStatus, Project
from tests.browser.beginning_acts import BEGINNING_ACTS
from tests.browser.changing_acts import CHANGING_ACTS
from tests.browser.entry_page import cell, paste, press, row, status
from tests.browser.plan_in_use import log_in
from tests.factories import PASSWORD, final

# What the acts below are refused with on purpose.
STATUSES = (401, 403, 409, 422, 429)


def explanations_are_unfolded(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true })")


def figure_cannot_be_read(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    cell(page, "P1-5").fill("12人")
    cell(page, "P2-2").focus()
    expect(status(page, "P1-5")).to_have_text("保存できません：実績値を確かめてください")
    press(page, "すべて保存")
    expect(page.get_by_role("alert")).to_contain_text("1件のエラー")


def figure_is_saved_with_a_doubt(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    cell(page, "P1-4").fill("900")
    cell(page, "P2-2").focus()
    expect(status(page, "P1-4")).to_contain_text("保存しました")
    expect(row(page, "P1-4")).to_contain_text("確認：")


def somebody_else_was_faster(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    saved = YearlyActual.objects.get(kpi__project__code="P1", kpi__number=1, fiscal_year=2025)
    record_actual(
        saved.kpi, 2025, final(33, analysis="先の説明"), user=_tantou(), version=saved.version
    )
    cell(page, "P1-1").fill("35")
    cell(page, "P1-5").focus()
    expect(row(page, "P1-1")).to_contain_text("保存されている値：33件")


def own_figure_gives_way(page: Page, base: str) -> None:
    press(page, "保存されている値を使う")
    expect(row(page, "P1-1")).to_contain_text("あなたが入力していた内容は、まだ戻せます")


def column_is_pasted(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    paste(page, "P1-1", "900\t要因\t方向\nx\n3\n4\n5\n6\n7\n8\n")
    expect(page.get_by_role("region", name="貼り付ける内容の確認")).to_contain_text("まだ保存して")


def session_has_expired(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/")
    page.context.clear_cookies(name="sessionid")
    cell(page, "P1-5").fill("8")
    cell(page, "P2-2").focus()
    expect(status(page, "P1-5")).to_have_text("保存できません：ログインの期限が切れました")


def form_is_too_old(page: Page, base: str) -> None:
    log_in(page, base, path="/plans/mihon/entry/2025/overview/")
    page.context.clear_cookies(name="csrftoken")
    press(page, "締切を決める")
    expect(page.get_by_role("heading", level=1)).to_have_text("画面の有効期限が切れました")


def cost_cannot_be_read(page: Page, base: str) -> None:
    log_in(page, base)
    page.goto(f"{base}/plans/mihon/entry/2025/initiatives/")
    cell(page, "P1-1", "cost").fill("約100")
    cell(page, "P1-2", "summary").focus()
    expect(page.locator('.texts__row[data-code="P1-1"]')).to_contain_text("「約100」を")
    press(page, "すべて保存")
    expect(page.locator("#said")).to_have_text("保存できていない行が1件あります（P1-1）。")


def progress_is_refused_without_script(page: Page, base: str) -> None:
    page.locator("#sheet").evaluate("(form) => form.submit()")
    expect(page.get_by_role("alert")).to_contain_text("1件のエラー")


def somebody_else_wrote_the_progress(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/initiatives/")
    entry = ProgressEntry(InitiativeStatus.DONE, "先の実績")
    initiative = Initiative.objects.get(name="P1の取組1")
    record_initiative_progress(initiative, 2025, entry, user=_tantou(), version=1)
    cell(page, "P1-1", "summary").fill("後の実績")
    cell(page, "P1-2", "summary").focus()
    expect(page.locator('.texts__row[data-code="P1-1"]')).to_contain_text("食い違っているところ")


def review_is_saved(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/reviews/")
    cell(page, "P2", "summary").fill("上回った")
    cell(page, "P1", "summary").focus()
    expect(page.locator('.texts__row[data-code="P2"]')).to_contain_text("保存しました")


def somebody_else_wrote_the_review(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/reviews/")
    project = Project.objects.get(code="P1")
    record_project_review(project, 2025, ReviewEntry("先の総括"), user=_planner(), version=1)
    cell(page, "P1", "summary").fill("後の総括")
    cell(page, "P2", "summary").focus()
    expect(page.locator('.texts__row[data-code="P1"]')).to_contain_text("食い違っているところ")


def _choose_file(page: Page, base: str, content: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/import/")
    file = {"name": "実績.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("取り込むファイル").set_input_files(file)
    press(page, "内容を確かめる")


def file_has_faults(page: Page, base: str) -> None:
    _choose_file(page, base, "KPI番号,年度,実績値\r\nP1-1,R6,約5\r\nP9-9,R7,9\r\n")
    expect(page.get_by_role("alert")).to_contain_text("1件も取り込んでいません")


def file_is_looked_over(page: Page, base: str) -> None:
    kpi = Kpi.objects.get(project__code="P2", number=2)
    version = YearlyActual.objects.get(kpi=kpi, fiscal_year=2025).version
    rows = f"KPI番号,年度,実績値,要因分析,版,メモ\r\nP2-2,R7,400,増えた,{version},x\r\n"
    _choose_file(page, base, rows)
    expect(page.get_by_role("main")).to_contain_text("1指標の2か所が変わります")


def file_is_taken(page: Page, base: str) -> None:
    press(page, "この内容で取り込む")
    expect(page.get_by_role("main")).to_contain_text("令和7年度の実績を1件取り込みました")


def deadline_cannot_be_read(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/overview/")
    page.get_by_label("締切の日").fill("6月末")
    press(page, "締切を決める")
    expect(page.get_by_role("alert")).to_contain_text("日付「6月末」を読み取れません")


def reminder_has_no_text(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/reminders/D01/")
    page.get_by_label("本文").fill("")
    press(page, "メールで送る")
    expect(page.get_by_label("本文")).to_have_attribute("aria-invalid", "true")


def departments_are_assigned(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/departments/")
    page.get_by_label("指標 P1-5").select_option(label="D02課")
    press(page, "すべて保存")
    expect(page.get_by_role("status")).to_contain_text("所管課を1件変えました")


def somebody_else_assigned_it(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/departments/")
    Kpi.objects.filter(project__code="P1", number=5).update(
        department=Department.objects.get(code="D01")
    )
    page.get_by_label("指標 P1-5").select_option(label="未設定")
    press(page, "すべて保存")
    expect(page.get_by_role("alert")).to_contain_text("1件の食い違い")


def form_came_too_late(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2024/correct/")
    page.locator("textarea").fill("数え方を誤っていたため")
    Session.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    press(page, "令和6年度を改め始める")
    page.get_by_label("利用者名").fill("kikaku")
    page.get_by_label("パスワード").fill(PASSWORD)
    press(page, "ログイン")
    expect(page.get_by_role("heading", level=1)).to_have_text("まだ保存していない入力")
    expect(page.get_by_text("数え方を誤っていたため")).to_be_visible()


def kept_form_is_sent(page: Page, base: str) -> None:
    page.locator("textarea, input").evaluate_all(
        "(all) => all.filter((one) => one.name === 'reason').forEach((one) => { one.value = '' })"
    )
    press(page, "この内容を送る")
    expect(page).to_have_url(f"{base}/plans/mihon/entry/2024/correct/")
    expect(page.get_by_role("alert")).to_contain_text("改めるのかを書いてください")


def password_is_not_ones_own_yet(page: Page, base: str) -> None:
    Account.objects.update(must_change_password=True)
    log_in(page, base, path="/password/")
    page.goto(f"{base}/plans/mihon/history/")
    expect(page).to_have_url(f"{base}/password/")
    expect(page.get_by_role("status")).to_contain_text("はじめに、パスワードを自分だけが知る")
    Account.objects.update(must_change_password=False)
    log_in(page, base)


def password_is_too_short(page: Page, base: str) -> None:
    page.goto(f"{base}/password/")
    for field in page.locator("input[type=password]").all():
        field.fill("short")
    press(page, "変更する")
    expect(page.get_by_role("alert")).to_contain_text("変更していません")


def year_is_reopened_without_a_reason(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2024/correct/")
    press(page, "令和6年度を改め始める")
    expect(page.get_by_role("alert")).to_contain_text("改めるのかを書いてください")


def edition_has_no_reason(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/reports/2024/issue/")
    press(page, "第3版を発行する")
    expect(page.get_by_role("alert")).to_contain_text("理由")


def year_is_closed(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2025/close/")
    press(page, "令和7年度を締める")
    expect(page.get_by_role("status")).to_contain_text("令和7年度を締めました。")


def edition_is_about_to_be_issued(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/reports/2025/issue/")
    expect(page.get_by_role("button", name="第1版を発行する")).to_be_visible()


def edition_is_issued(page: Page, base: str) -> None:
    press(page, "第1版を発行する")
    expect(page.get_by_role("status")).to_contain_text("第1版を発行しました")


def _fill_in_the_next_plan(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/next/")
    page.get_by_text("取組 2件").first.click()
    page.get_by_label("計画名").fill("次の総合戦略")
    page.get_by_label("計画コード").fill("following")


def _split_a_department(page: Page, base: str, day: str) -> None:
    page.goto(f"{base}/reorganisations/new/")
    page.locator("#day").fill(day)
    page.get_by_role("combobox", name="D02課").select_option(label="なくなる")
    press(page, "続ける")
    page.get_by_role("checkbox", name="D04課").check()
    press(page, "内容を確かめる")


def reorganisation_cannot_be_read(page: Page, base: str) -> None:
    _split_a_department(page, base, "きのう")
    expect(page.get_by_role("alert")).to_contain_text("機構改革は、まだ準備していません")


def reorganisation_is_looked_over(page: Page, base: str) -> None:
    _split_a_department(page, base, "令和82年4月1日")
    expect(page.get_by_role("heading", name="機構改革の確認")).to_be_visible()


def next_plan_cannot_be_read(page: Page, base: str) -> None:
    _fill_in_the_next_plan(page, base)
    page.get_by_label("基準値 件（P1-1）").fill("約30")
    press(page, "内容を確かめる")
    expect(page.get_by_role("alert")).to_contain_text("「約30」を数字として読み取れません")
    expect(page.get_by_label("計画名")).to_have_value("次の総合戦略")


def next_plan_is_looked_over(page: Page, base: str) -> None:
    page.get_by_label("基準値 件（P1-1）").fill("30")
    page.get_by_label("P2-2 指標2").uncheck()
    press(page, "内容を確かめる")
    expect(page.get_by_role("main")).to_contain_text("指標6")
    expect(page.get_by_role("main")).to_contain_text("指標（1件） P2-2 指標2")


def next_plan_is_begun(page: Page, base: str) -> None:
    press(page, "この内容で始める")
    expect(page).to_have_url(f"{base}/plans/following/entry/2029/overview/")
    expect(page.get_by_role("status")).to_contain_text("「次の総合戦略」を準備中の計画として")


def carried_over_kpi_is_read(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/following/kpis/P1-1/")
    before = page.get_by_role("region", name="前の計画での実績")
    expect(before.get_by_role("row", name="令和7年度")).to_contain_text("33")
    page.get_by_role("link", name="P1-1 指標1").first.click()
    expect(page.get_by_role("main")).to_contain_text("に引き継がれています")


def page_is_not_for_this_role(page: Page, base: str) -> None:
    log_in(page, base, "tantou")
    page.goto(f"{base}/plans/mihon/entry/2025/close/")
    expect(page.get_by_role("heading", level=1)).to_have_text("この操作はできません")


def _try_to_log_in(page: Page, base: str) -> None:
    page.goto(f"{base}/login/")
    page.get_by_label("利用者名").fill("kanri")
    page.get_by_label("パスワード").fill("wrong")
    press(page, "ログイン")


def password_is_wrong(page: Page, base: str) -> None:
    page.context.clear_cookies()
    _try_to_log_in(page, base)
    expect(page.get_by_role("alert")).to_contain_text("利用者名かパスワードが違います")


def name_is_locked(page: Page, base: str) -> None:
    for _attempt in range(4):
        _try_to_log_in(page, base)
    expect(page.get_by_role("heading", level=1)).to_have_text("ログインを止めています")


def server_fails(page: Page, base: str) -> None:
    told = {"told": error_pages._FAULT, "number": "3f9c-02ab7d"}
    page.set_content(render_to_string("500.html", told))


def _planner() -> User:
    return User.objects.get(username="kikaku")


def _tantou() -> User:
    """Somebody else who may record the same figures and texts."""
    return User.objects.get(username="tantou")


ACTS = (
    explanations_are_unfolded,
    figure_cannot_be_read,
    figure_is_saved_with_a_doubt,
    somebody_else_was_faster,
    own_figure_gives_way,
    column_is_pasted,
    session_has_expired,
    form_is_too_old,
    cost_cannot_be_read,
    progress_is_refused_without_script,
    somebody_else_wrote_the_progress,
    review_is_saved,
    somebody_else_wrote_the_review,
    file_has_faults,
    file_is_looked_over,
    file_is_taken,
    deadline_cannot_be_read,
    reminder_has_no_text,
    departments_are_assigned,
    somebody_else_assigned_it,
    form_came_too_late,
    kept_form_is_sent,
    password_is_not_ones_own_yet,
    password_is_too_short,
    year_is_reopened_without_a_reason,
    edition_has_no_reason,
    *CHANGING_ACTS,
    year_is_closed,
    edition_is_about_to_be_issued,
    edition_is_issued,
    reorganisation_cannot_be_read,
    reorganisation_is_looked_over,
    next_plan_cannot_be_read,
    next_plan_is_looked_over,
    next_plan_is_begun,
    carried_over_kpi_is_read,
    *BEGINNING_ACTS,
    page_is_not_for_this_role,
    password_is_wrong,
    name_is_locked,
    server_fails,
)
