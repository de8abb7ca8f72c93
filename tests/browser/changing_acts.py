"""What a planner does to change a plan, a part of the day of tests/browser/acts.py."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from kpis.models import YearlyActual
from kpis.recording import record_actual
from tests.browser.entry_page import press
from tests.factories import final


def target_is_looked_over(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/changes/targets/P1-1/")
    page.get_by_label("最終目標値").fill("60")
    page.get_by_label("理由").fill("2年で目標に届いたため")
    press(page, "変わるところを確かめる")
    expect(page.get_by_role("heading", level=1)).to_have_text("目標を見直す：確認")
    expect(page.get_by_role("main")).to_contain_text("60件")


def kpi_end_is_looked_over(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/changes/kpis/P2-1/end/")
    page.get_by_label("最後の年度").fill("令和6年度")
    page.get_by_label("理由").fill("事業が終わったため")
    press(page, "変わるところを確かめる")
    expect(page.get_by_role("status")).to_have_text("P2-1の令和7年度の実績も取り消します。")


def kpi_is_replaced(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/changes/kpis/P2-1/replace/")
    page.get_by_label("指標名").fill("新しい調べ方での割合")
    page.get_by_label("理由").fill("調査が変わったため")
    press(page, "変わるところを確かめる")
    press(page, "この内容で変える")
    expect(page.get_by_role("main")).to_contain_text("P2-1 指標1から差し替えた指標です。")


def rules_cannot_be_read(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/changes/rules/")
    page.get_by_label("1行目の下限（%）").first.fill("50")
    press(page, "変わるところを確かめる")
    expect(page.get_by_role("alert")).to_contain_text("良い区分から順に小さく")


def closed_year_is_corrected(page: Page, base: str) -> None:
    page.goto(f"{base}/plans/mihon/entry/2024/correct/")
    page.get_by_label("何を改めるか").fill("数え方を誤っていたため")
    press(page, "令和6年度を改め始める")
    expect(page.get_by_role("status")).to_contain_text("令和6年度を改め始めました。")
    saved = YearlyActual.objects.get(kpi__project__code="P1", kpi__number=1, fiscal_year=2024)
    record_actual(
        saved.kpi, 2024, final(19), user=User.objects.get(username="kikaku"), version=saved.version
    )
    page.goto(f"{base}/plans/mihon/entry/correction/")
    page.get_by_text("改めるのをやめて、もとに戻す").click()
    expect(page.get_by_role("row").filter(has_text="実績値")).to_contain_text("19件")


def correction_is_given_up(page: Page, base: str) -> None:
    press(page, "もとに戻す")
    expect(page.get_by_role("status")).to_contain_text("改める前のとおりに戻しました")


CHANGING_ACTS = (
    target_is_looked_over,
    kpi_end_is_looked_over,
    kpi_is_replaced,
    rules_cannot_be_read,
    closed_year_is_corrected,
    correction_is_given_up,
)
