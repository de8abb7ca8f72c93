"""A row whose figure another plan enters: the keyboard and a pasted column pass over it."""

import pytest
from playwright.sync_api import expect

from kpis.models import YearlyActual
from tests.browser.axe import NARROW, complaints
from tests.browser.entry_page import cell, open_entry, paste, row, status
from tests.factories import make_kpi, make_source, record

pytestmark = pytest.mark.django_db(transaction=True)


def test_shared_figure_is_read_while_the_rows_around_it_are_entered(page, live_server, kpi, kikaku):
    record(make_source(make_kpi(kpi.project, 2)), {2025: 20}, kikaku)
    make_kpi(kpi.project, 3)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_entry(page, live_server.url)

    paste(page, "P1-1", "5\n21\n7")
    panel = page.locator("#paste")
    expect(panel.locator("tbody tr").nth(1)).to_contain_text(
        "令和7年度の数値は、見本市総合計画のP1-2「相談件数」で入力します"
    )
    panel.get_by_role("button", name="この内容を欄に入れる").click()
    page.get_by_role("button", name="すべて保存").click()
    expect(status(page, "P1-3")).to_contain_text("保存しました")
    expect(row(page, "P1-2").locator(".entry__taken")).to_have_text("20")

    cell(page, "P1-1").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "P1-3")).to_be_focused()
    row(page, "P1-2").get_by_text("要因分析・今後の方向性").click()
    cell(page, "P1-2", "analysis").fill("この計画から見た要因")
    cell(page, "P1-1").focus()
    expect(status(page, "P1-2")).to_contain_text("保存しました")

    assert complaints(page, NARROW) == []
    assert errors == []
    own = YearlyActual.objects.filter(kpi__project=kpi.project).order_by("kpi__number")
    assert list(own.values_list("value", "analysis")) == [
        (5, ""),
        (None, "この計画から見た要因"),
        (7, ""),
    ]
