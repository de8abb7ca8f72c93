"""計画期間を変える: its screen, and what every page says then; where both screens are found."""

import pytest

from kpis.models import FinalTarget, YearlyTarget
from kpis.recording import close_fiscal_year
from projects.models import FormerPeriod, Strategy
from reports.models import PlanChange
from tests.clock import on
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import said

PERIOD, RULES = "/plans/mihon/changes/period/", "/plans/mihon/changes/rules/"


@pytest.fixture
def plan(kikaku):
    """100 by 2028, on pace in 2024 and 2025; both are closed."""
    strategy = make_strategy()
    kpi = make_kpi(make_project(strategy), target=100, aggregation="cumulative")
    record(kpi, {2024: 20, 2025: 18}, kikaku)
    for year in (2024, 2025):
        close_fiscal_year(strategy, year, user=kikaku)
    return strategy


def confirmed(planner, at, **typed):
    """Fill the form in, look it over and confirm it; the page of the look over."""
    page = planner.post(at, typed)
    assert page.status_code == 200, said(page)
    done = planner.post(at, {"confirmed": page.context["signed"]})
    assert (done.status_code, done.url) == (302, "/plans/mihon/changes/")
    return said(page)


def test_look_over_names_years_that_are_over_and_not_closed(client, kikaku):
    kpi = make_kpi(make_project(make_strategy()), target=100, aggregation="cumulative")
    record(kpi, {2024: 20}, kikaku)
    change = {"first_year": "R6", "last_year": "R12", "reason": "議決"}
    end = {"last_year": "R7", "reason": "廃止"}
    ended = "令和6年度、令和7年度は終わった年度ですが、まだ締めていないので、"
    with on("2026-10-01 09:00"):
        client.force_login(kikaku)
        assert ended in said(client.post(PERIOD, change))
        assert "終わった年度" not in said(client.post("/plans/mihon/changes/kpis/P1-1/end/", end))
    with on("2024-10-01 09:00"):
        client.force_login(kikaku)
        assert "終わった年度" not in said(client.post(PERIOD, change))


def test_plan_is_extended_on_its_screen(planner, plan):
    form = said(planner.get(PERIOD))
    assert "今の計画期間 令和6年度から令和10年度まで" in form
    assert "令和6年度、令和7年度。この年度の目安、率、評価と、最初の年度は変わりません。" in form
    assert "最初の年度 必須" not in form

    looked_over = confirmed(planner, PERIOD, last_year="R12", reason="議決")

    assert "対象 令和6年度から令和12年度まで" in looked_over
    assert "目標の年度" not in looked_over
    assert "令和8年度 年度目安 60件 52件" in looked_over
    assert "P1-1 指標1 令和12年度 年度目安 なし 100件" in looked_over
    assert (Strategy.objects.get().last_year, FormerPeriod.objects.get().held_until) == (2030, 2025)
    assert PlanChange.objects.get().kind == "計画期間の変更"
    assert "令和6年度から令和10年度、令和8年度から令和12年度" in said(planner.get(PERIOD))


def test_what_goes_with_a_shorter_period_is_named_before(planner, plan):
    YearlyTarget.objects.create(kpi=plan.projects.get().kpis.get(), fiscal_year=2027, value=70)

    looked_over = confirmed(planner, PERIOD, last_year="2027", reason="短縮")

    assert "P1-1「指標1」の令和9年度の年度目安は、この変更と同時に消えます。" in looked_over
    assert not YearlyTarget.objects.exists()


def test_refusal_stands_at_the_field_with_what_was_typed(planner, plan):
    page = planner.post(PERIOD, {"last_year": "2024", "reason": "短縮"})

    assert page.status_code == 422
    assert (
        "最終年度：令和7年度は締め済みです。計画期間から外せません。"
        "最終年度は、令和7年度以後にしてください。"
    ) in said(page)
    assert 'value="2024"' in page.content.decode()
    assert Strategy.objects.get().last_year == 2028


def test_every_plan_of_the_list_leads_to_its_changes(planner, plan, kanri):
    page = planner.get("/plans/").content.decode()

    assert f'href="{PERIOD}"' in page
    assert 'href="/plans/mihon/changes/"' in page


def test_screens_are_the_planners(client, plan, kanri):
    client.force_login(kanri)

    assert [client.get(at).status_code for at in (PERIOD, RULES)] == [403, 403]
    assert f'href="{PERIOD}"' not in client.get("/plans/").content.decode()


def test_planner_is_led_there_in_the_last_years(planner, plan, kikaku):
    with on("2026-11-01"):
        assert "計画は最後の2年に入りました。" not in said(planner.get("/plans/mihon/"))
    with on("2027-11-01"):
        planner.force_login(kikaku)
        page = planner.get("/plans/mihon/")
    assert "計画は最後の2年に入りました。" in said(page)
    assert f'href="{PERIOD}"' in page.content.decode()


def test_target_of_a_year_that_left_is_named(planner, plan):
    kpi = plan.projects.get().kpis.get()
    FinalTarget.objects.create(kpi=kpi, effective_from=2028, value=120, reason="改定")

    looked_over = confirmed(planner, PERIOD, last_year="2027", reason="短縮")

    assert "P1-1「指標1」の令和10年度からの目標の改定は、この変更と同時に消えます。" in looked_over
    assert kpi.final_targets.count() == 1
