"""Taking a file in a real browser, without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from kpis.models import YearlyActual
from tests.browser.axe import findings
from tests.browser.plan_in_use import log_in
from tests.factories import make_plan

pytestmark = pytest.mark.django_db(transaction=True)


def open_import(page: Page, base: str) -> None:
    log_in(page, base, path="/plans/mihon/entry/2025/import/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "令和7年度の実績をファイルから取り込む"
    )


def choose(page: Page, content: str) -> None:
    file = {"name": "実績.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()


def test_file_is_exported_changed_looked_over_and_taken(browser: Browser, live_server, kikaku):
    make_plan(kikaku)
    page = browser.new_page(java_script_enabled=False, locale="ja-JP")
    open_import(page, live_server.url)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV で書き出す").click()
    text = download.value.path().read_text(encoding="utf-8-sig")

    choose(page, text.replace(",31,", ",1300,"))
    expect(page.get_by_role("main")).to_contain_text("1指標の1か所が変わります")
    expect(page.get_by_role("row", name="P1-1 指標1")).to_be_visible()
    expect(page.get_by_role("row", name="実績値 31件 1,300件")).to_be_visible()
    page.get_by_role("button", name="この内容で取り込む").click()

    expect(page.get_by_role("main")).to_contain_text("令和7年度の実績を1件取り込みました")
    assert YearlyActual.objects.get(kpi__number=1, fiscal_year=2025).value == 1300
    page.close()


@pytest.mark.refusals(422)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_the_import_have_no_findings(page, live_server, kikaku, width):
    make_plan(kikaku)
    page.set_viewport_size({"width": width, "height": 900})
    open_import(page, live_server.url)
    found = findings(page)
    choose(page, "KPI番号,年度,実績値,版,メモ\r\nP1-1,R7,400,1,x\r\n")
    page.get_by_role("button", name="この内容で取り込む").wait_for()
    found += findings(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    choose(page, "KPI番号,年度,実績値\r\nP1-1,R6,約5\r\nP1-2,R7,9\r\n")
    page.get_by_role("alert").wait_for()
    found += findings(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("link", name="2行目 B列（年度）").click()
    assert found == []
