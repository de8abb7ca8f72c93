"""What somebody at the screen sees when a save fails: what is known, and what they typed."""

import re
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Page, expect

from entry.views import sheet
from kpis.models import YearlyActual
from omuta_strategy.database.outage import WRITERS
from tests.browser.axe import NARROW, WIDE, complaints
from tests.browser.entry_page import cell, open_entry, row, status
from tests.factories import make_kpi, make_project, make_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(500, 503)]

NUMBER = re.compile(r"[0-9a-f]{4}-[0-9a-f]{6}")


@pytest.fixture(autouse=True)
def kpis(kikaku, monkeypatch):
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 0.3)
    project = make_project(make_strategy())
    yield [make_kpi(project, number) for number in (1, 2)]
    WRITERS.answered()


@contextmanager
def somebody_else_writes():
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_row_says_that_it_is_not_saved_and_saves_on_another_try(page, live_server):
    open_entry(page, live_server.url)
    with somebody_else_writes():
        cell(page, "P1-1").fill("12")
        cell(page, "P1-2").focus()
        expect(status(page, "P1-1")).to_have_text("保存できません：サーバーがいま保存できません")
        expect(row(page, "P1-1")).to_contain_text("ただいま混み合っています。")
        expect(row(page, "P1-1")).to_contain_text("この送信では、何も保存していません。")
        expect(row(page, "P1-1")).to_contain_text(NUMBER)
        assert complaints(page, NARROW) == []
    page.wait_for_timeout(1000 * WRITERS.try_again)
    row(page, "P1-1").get_by_role("button", name="もう一度保存する").click()

    expect(status(page, "P1-1")).to_contain_text("保存しました")
    assert YearlyActual.objects.get().value == 12


def test_row_whose_answer_failed_after_it_was_saved_is_not_called_unsaved(
    page, live_server, monkeypatch
):
    def fault(*_, **__):
        raise RuntimeError("a fault of ours")

    open_entry(page, live_server.url)
    monkeypatch.setattr(sheet, "render", fault)
    cell(page, "P1-1").fill("12")
    cell(page, "P1-2").focus()

    expect(status(page, "P1-1")).to_have_text("保存しました（画面は更新できませんでした）")
    expect(row(page, "P1-1")).to_contain_text("保存は終わっています。")
    expect(page.locator("#unsaved")).to_have_text("")
    assert YearlyActual.objects.get().value == 12
    monkeypatch.undo()
    row(page, "P1-1").get_by_role("link", name="画面を読み直す").click()
    expect(cell(page, "P1-1")).to_have_value("12")
    expect(status(page, "P1-1")).to_have_text("")


def test_without_script_the_page_gives_back_what_was_typed(browser: Browser, live_server):
    with closing(browser.new_context(java_script_enabled=False)) as context:
        page: Page = context.new_page()
        open_entry(page, live_server.url, has_script=False)
        cell(page, "P1-1").fill("12")
        row(page, "P1-1").locator("summary").filter(has_text="要因分析").click()
        cell(page, "P1-1", "analysis").fill("一行目\n<b>二行目</b>")
        with somebody_else_writes():
            page.get_by_role("button", name="すべて保存").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("ただいま混み合っています")
            expect(page.locator("main")).to_contain_text(NUMBER)
            expect(page.locator("dd").last).to_have_text("一行目\n<b>二行目</b>")
        page.wait_for_timeout(1000 * WRITERS.try_again)
        page.get_by_role("button", name="もう一度送る").click()

        expect(page.get_by_role("status").first).to_contain_text("保存しました")
    saved = YearlyActual.objects.get()
    assert (saved.value, saved.analysis) == (12, "一行目\n<b>二行目</b>")


def test_error_page_has_no_findings(page, live_server):
    open_entry(page, live_server.url)
    cell(page, "P1-1").fill("12")
    long = "要因の分析。" * 40
    cell(page, "P1-1", "analysis").evaluate("(field, text) => { field.value = text }", long)
    with somebody_else_writes():
        page.evaluate("document.getElementById('sheet').submit()")
        expect(page.get_by_role("heading", level=1)).to_have_text("ただいま混み合っています")
        assert complaints(page, WIDE) + complaints(page, NARROW) == []
