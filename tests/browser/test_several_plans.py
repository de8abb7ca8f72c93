"""A strategy's last year, reported while its successor runs, beside a plan that shares figures."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kpis.models import FinalTarget, Kpi
from kpis.recording import close_years_through
from projects.models import Department, Strategy
from tests import clock
from tests.browser.axe import WIDE, complaints
from tests.browser.entry_page import cell, status
from tests.browser.plan_in_use import log_in
from tests.factories import make_kpi, make_plan, make_project, make_strategy, make_user, record

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEXT, BESIDE = "/plans/mihon/", "/plans/strategy-2029/", "/plans/sogo/"


@pytest.fixture
def plans(kikaku):
    """見本市総合戦略, 2024–2028 with 2028 still open, of whose four KPIs two are 総合計画's."""
    strategy = make_plan(kikaku)
    department = Department.objects.get(code="D01")
    department.members.add(make_user("hanako", role="所管課担当"))
    beside = make_strategy(
        code="sogo", name="見本市総合計画", first_year=2026, last_year=2030, is_current=False
    )
    home = make_project(beside, name="暮らし")
    for number in (1, 2):
        own = strategy.projects.get().kpis.get(number=number)
        record(own, {2026: 40, 2027: 45}, kikaku)
        source = make_kpi(home, number, name=f"共有{number}", department=department)
        taker = make_kpi(strategy.projects.get(), number + 2, name=f"共有{number}")
        record(taker, {2024: 10, 2025: 20}, kikaku)
        taker.source = source
        taker.department = department
        taker.save()
        record(source, {2026: 30, 2027: 35}, kikaku)
    for year in range(2024, 2028):
        close_years_through(strategy, year, user=kikaku)
    return strategy


def enter(page, base, path, **values):
    """Type figures into an entry page, each saved by leaving its row."""
    page.goto(f"{base}{path}")
    for code, value in values.items():
        field = cell(page, code.replace("_", "-"))
        field.fill(value)
        field.press("Tab")
        page.locator("h1").click()
        expect(status(page, code.replace("_", "-"))).to_contain_text("保存しました")


def begin_the_next_plan(page, base):
    page.goto(f"{base}{OLD}reports/")
    page.get_by_role("link", name="次の計画を始める").click()
    page.get_by_label("計画名").fill("第2期見本市総合戦略")
    page.get_by_label("計画コード").fill("strategy-2029")
    page.get_by_label("理由").fill("第1期が令和10年度で終わるため")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("main")).to_contain_text("令和11年度から令和15年度まで")
    page.get_by_role("button", name="この内容で始める").click()
    expect(page.get_by_role("status")).to_contain_text("準備中の計画として始めました")
    # What the planners then set in the administration.
    for kpi in Kpi.objects.filter(project__strategy__code="strategy-2029"):
        FinalTarget.objects.create(kpi=kpi, effective_from=2029, value=Decimal(60), reason="策定")
    page.goto(f"{base}/plans/")
    card = page.locator("section").filter(has_text="第2期見本市総合戦略")
    card.get_by_label("実施してよい").check()
    card.get_by_role("button", name="実施中にする").click()
    expect(page.get_by_role("status")).to_contain_text(
        "「第2期見本市総合戦略」を実施中にしました。"
    )


def enter_what_is_asked_for(page, base):
    """The department's list names both plans' last year; every figure is entered once."""
    log_in(page, base, "hanako", "/work/")
    asked = page.locator("section").filter(has_text="令和10年度")
    expect(asked.filter(has_text="見本市総合戦略")).to_contain_text("未入力は2")
    expect(asked.filter(has_text="見本市総合計画")).to_contain_text("未入力は2")
    assert complaints(page, WIDE) == []
    enter(page, base, f"{OLD}entry/2028/", P1_1="48", P1_2="51")
    expect(cell(page, "P1-3")).to_have_count(0)
    expect(page.locator('[data-code="P1-3"]')).to_contain_text("共有する指標です")
    enter(page, base, f"{BESIDE}entry/2028/", P1_1="38", P1_2="39")
    enter(page, base, f"{NEXT}entry/2029/", P1_1="12")
    page.goto(f"{base}/work/")
    expect(page.get_by_role("main")).not_to_contain_text("未入力は2")


def close_and_issue(page, base):
    log_in(page, base, "kikaku", f"{OLD}entry/2028/close/")
    page.get_by_role("button", name="令和10年度を締める").click()
    page.goto(f"{base}{OLD}reports/2028/issue/")
    page.get_by_role("button", name=re.compile("発行する")).click()
    expect(page).to_have_url(f"{base}{OLD}reports/2028/editions/1/")
    expect(page.get_by_role("main")).to_contain_text("見本市総合計画のP1-1")


@pytest.mark.refusals(409)
def test_last_year_is_reported_while_the_next_plan_runs(page, live_server, plans):
    base = live_server.url
    with clock.on("2029-07-10 10:00"):
        log_in(page, base)
        begin_the_next_plan(page, base)
        enter_what_is_asked_for(page, base)
        close_and_issue(page, base)

        # Each plan's dashboard has its own year and figures.
        page.goto(f"{base}{OLD}?fy=2028")
        expect(page.get_by_role("main")).to_contain_text("4指標中4指標の平均")
        row = page.get_by_role("row").filter(has_text="P1-3")
        expect(row).to_contain_text("38")
        page.goto(f"{base}{NEXT}?fy=2029")
        expect(page.get_by_role("heading", level=1)).to_have_text("令和11年度の進捗")
        expect(page.get_by_role("main")).to_contain_text("4指標中")
        # And its own history.
        page.goto(f"{base}{OLD}history/?fy=2028")
        expect(page.get_by_role("main")).to_contain_text("48件")
        expect(page.get_by_role("main")).not_to_contain_text("12件")
        page.goto(f"{base}{NEXT}history/?fy=2029")
        expect(page.get_by_role("main")).to_contain_text("12件")
        expect(page.get_by_role("main")).not_to_contain_text("48件")
        # The old series stands beside the new one.
        page.goto(f"{base}{NEXT}kpis/P1-1/?fy=2029")
        expect(page.get_by_role("main")).to_contain_text("48")

        # What the closed year counts is locked where it is entered.
        page.goto(f"{base}{BESIDE}entry/2028/P1-1/")
        cell(page, "P1-1").fill("99")
        page.locator("h1").click()
        expect(page.locator('[data-code="P1-1"]')).to_contain_text(
            "見本市総合戦略（P1-3）で締め済み"
        )
        # Old addresses lead to the plan that has the year; the edition's bytes stay.
        page.goto(f"{base}/kpis/P1-1/?fy=2029")
        expect(page).to_have_url(f"{base}{NEXT}kpis/P1-1/?fy=2029")
        name = "reports/2028/editions/1/annual-report.csv"
        assert (
            page.request.get(f"{base}/{name}").body()
            == page.request.get(f"{base}{OLD}{name}").body()
        )

        page.goto(f"{base}/plans/")
        card = page.locator("section").filter(has_text="第2期見本市総合戦略")
        card.get_by_role("button", name="主たる計画にする").click()
        old = page.locator("section").filter(
            has=page.get_by_role("link", name="見本市総合戦略", exact=True)
        )
        old.get_by_role("button", name="終了する").click()
        expect(page.get_by_role("status")).to_contain_text("「見本市総合戦略」を終了しました。")
        page.goto(f"{base}{OLD}entry/2028/")
        expect(page.get_by_role("main")).to_contain_text("終了した計画の実績は")
        page.goto(f"{base}{OLD}kpis/P1-1/?fy=2028")
        expect(page.get_by_role("main")).to_contain_text("48")
        expect(page.get_by_role("main").get_by_role("link", name="入力")).to_have_count(0)
    assert Strategy.objects.get(is_current=True).code == "strategy-2029"
