"""計画を始める: what a planner does before a workbook's pages show what they can show.

As in tests/browser/acts.py: in this order, each leaves its page open.
"""

import re

from playwright.sync_api import Page, expect

from kpis.models import Kpi
from tests.browser.entry_page import press
from tests.plan_workbooks import PLAN, Sheets, content_of, exported, with_sheets

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Beside a plan of the name that all others of the tests have.
_OWN = {"計画名": "見本市総合計画"}


def _choose(page: Page, url: str, content: bytes | Sheets) -> None:
    page.goto(url)
    content = content if isinstance(content, bytes) else content_of(content)
    file = {"name": "計画.xlsx", "mimeType": _XLSX, "buffer": content}
    page.get_by_label("取り込むワークブック").set_input_files(file)
    press(page, "内容を確かめる")


def workbook_has_faults(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/")
    page.get_by_role("link", name="計画を始める", exact=True).click()
    page.get_by_role("link", name="ワークブックを選ぶ").click()
    targets = [("KPI番号", "目標値"), ("P1-1", "約50"), ("P9-9", "80以上")]
    _choose(page, page.url, with_sheets(目標=targets))
    expect(page.get_by_role("alert")).to_contain_text("2件の誤りがあるため、何も書き込んでいません")


def new_plan_is_looked_over(page: Page, base: str) -> None:
    del base
    sheets = with_sheets(
        計画=[(item, _OWN.get(item, text)) for item, text in PLAN],
        目標=[("KPI番号", "目標値"), ("P1-1", "50以上")],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "R6", "10"), ("P1-1", "R7", "30")],
        公表=[
            ("KPI番号", "年度", "率の種類", "率"),
            ("P1-1", "R6", "達成率", "20.0"),
            ("P1-1", "R7", "達成率", "61.5"),
        ],
    )
    _choose(page, page.url, sheets)
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true })")
    expect(page.get_by_role("region", name="一致しないもの")).to_contain_text("61.5")


def new_plan_is_taken_in(page: Page, base: str) -> None:
    press(page, "準備中の計画として取り込む")
    expect(page).to_have_url(f"{base}/plans/mihon-2026/draft/")
    expect(page.get_by_role("status")).to_contain_text("準備中の計画として取り込みました")


def draft_is_not_to_be_deleted_yet(page: Page, base: str) -> None:
    del base
    press(page, "準備中の計画を削除する")
    expect(page.get_by_role("main")).to_contain_text("まだ削除していません")


def draft_is_put_into_force(page: Page, base: str) -> None:
    press(page, "実施する")
    expect(page.get_by_role("main")).to_contain_text("まだ準備中です")
    page.get_by_label("を実施してよい").check()
    press(page, "実施する")
    expect(page).to_have_url(f"{base}/plans/")
    expect(page.get_by_role("status")).to_contain_text("実施中にしました")


def workbook_changes_what_somebody_else_changed(page: Page, base: str) -> None:
    content = exported("mihon-2026")
    Kpi.objects.filter(project__strategy__code="mihon-2026").update(name="改めた名")
    _choose(page, f"{base}/plans/mihon-2026/workbook/", content)
    expect(page.get_by_role("checkbox", name="ファイルのとおりにする")).to_have_count(1)


def conflict_is_decided(page: Page, base: str) -> None:
    page.get_by_role("checkbox", name="ファイルのとおりにする").check()
    press(page, "この内容で変える")
    expect(page.get_by_role("alert")).to_contain_text("計画を変える理由を書いてください")
    page.get_by_label("理由").fill("名前を改めたため")
    press(page, "この内容で変える")
    expect(page).to_have_url(f"{base}/plans/mihon-2026/changes/")
    expect(page.get_by_role("status")).to_have_text(re.compile("「計画.xlsx」のとおりに"))


def empty_plan_lacks_a_name(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/new/empty/")
    press(page, "準備中の計画を作る")
    expect(page.get_by_role("alert")).to_contain_text("計画名を入力してください")


def empty_plan_is_begun(page: Page, base: str) -> None:
    del base
    page.get_by_label("計画名").fill("空の計画")
    press(page, "準備中の計画を作る")
    expect(page.get_by_role("main")).to_contain_text("柱、プロジェクト、指標がまだありません")


BEGINNING_ACTS = (
    workbook_has_faults,
    new_plan_is_looked_over,
    new_plan_is_taken_in,
    draft_is_not_to_be_deleted_yet,
    draft_is_put_into_force,
    workbook_changes_what_somebody_else_changed,
    conflict_is_decided,
    empty_plan_lacks_a_name,
    empty_plan_is_begun,
)
