"""A carried-over KPI's page: the plans before beside its own years, and never in its rates."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import Kpi
from kpis.recording import ActualEntry
from projects.models import PlanState
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import main_of, said

NEW = "/plans/next/kpis/P2-3/"
OLD = "/plans/mihon/kpis/P1-1/"


@pytest.fixture
def old(project, kikaku):
    kpi = make_kpi(project, 1, name="支援件数", aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9, 2027: ActualEntry("provisional", Decimal(20))}, kikaku)
    return kpi


@pytest.fixture
def following(old):
    return make_strategy(
        code="next", name="次の計画", first_year=2029, last_year=2031, is_current=False
    )


@pytest.fixture
def new(old, following, kikaku):
    kpi = make_kpi(
        make_project(following, "P2"), 3, target=30, name="支援した件数",
        aggregation="cumulative", carried_from=old,
    )  # fmt: skip
    record(kpi, {2029: 8}, kikaku)
    return kpi


def rows(page, heading):
    """The rows of the table under a heading, as people read them."""
    section = next(one for one in main_of(page).split("<section") if f">{heading}" in one)
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip()
        for row in re.findall(r"<tr role=\"row\".*?</tr>", section, re.DOTALL)[1:]
    ]


def described(page):
    """What the wide chart says in words."""
    return re.search(r"<desc[^>]*>(.*?)</desc>", page.context["chart"].wide)[1]


def test_old_figures_stand_beside_the_new_in_table_and_chart(planner, new):
    page = planner.get(NEW)

    assert "「見本市総合戦略」の P1-1 支援件数 を引き継いだ指標です。" in said(page)
    assert f'<a href="{OLD}">P1-1 支援件数</a>' in main_of(page)
    assert rows(page, "前の計画での実績") == [
        "令和6年度 12 12", "令和7年度 9 21", "令和8年度 － － 未入力",
        "令和9年度 20 41 参考", "令和10年度 － － 未入力",
    ]  # fmt: skip
    assert described(page).startswith(
        "令和6年度（前の計画） 12件。令和7年度（前の計画） 21件。令和8年度（前の計画） 未入力。"
        "令和9年度（前の計画） 41件（参考）。令和10年度（前の計画） 未入力。"
        "令和11年度 8件、目安 10件。"
    )
    assert "前の計画の累計" in page.context["chart"].narrow


def test_old_figures_are_in_no_rate(planner, new):
    page = planner.get(NEW)

    assert "累計 令和11年度から 8 件" in said(page)
    assert page.context["kpi_year"].assessment.progress == 80


def test_old_page_says_what_carries_it_on_to_whom_sees_that_plan(
    planner, editor, new, following, kikaku, tantou
):
    sentence = "この指標は、「次の計画」の P2-3 支援した件数 に引き継がれています。"
    following.state = PlanState.PREPARING
    following.save()

    planner.force_login(kikaku)
    assert sentence in said(planner.get(OLD))
    planner.force_login(tantou)
    assert "引き継がれています" not in said(planner.get(OLD))


def test_way_back_leads_over_several_plans(planner, new, kikaku):
    third = make_strategy(
        code="third", name="その次", first_year=2032, last_year=2036, is_current=False
    )
    make_kpi(make_project(third), 1, aggregation="cumulative", carried_from=new)
    page = planner.get("/plans/third/kpis/P1-1/")

    assert [one.code for one, _is_drawn in page.context["earlier"]] == ["P2-3", "P1-1"]
    assert said(page).count("を引き継いだ指標です") == 1
    assert described(page).startswith("令和6年度（前の計画） 12件。")
    assert "令和11年度（前の計画） 8件。" in described(page)


@pytest.mark.parametrize("other", [{"unit": "人"}, {"aggregation": "annual"}])
def test_figures_of_another_kind_are_in_the_table_alone(planner, new, other):
    Kpi.objects.filter(pk=new.pk).update(**other)
    page = planner.get(NEW)

    assert rows(page, "前の計画での実績")[0].startswith("令和6年度 12")
    assert "単位か集計方法が今の計画と違うため、図には並べていません。" in said(page)
    assert "前の計画" not in described(page)


def test_years_that_both_plans_have_are_drawn_as_the_later_ones(planner, new, following):
    following.first_year = 2027
    following.save()

    assert described(planner.get(NEW)).count("令和9年度") == 1


def test_past_day_shows_the_kpi_alone(planner, new):
    text = said(planner.get(f"{NEW}?as_of=2026-11-01"))
    assert "前の計画での実績" not in text


def queries(planner, kpi):
    with CaptureQueriesContext(connection) as captured:
        assert (
            planner.get(f"/plans/{kpi.project.strategy.code}/kpis/{kpi.code}/").status_code == 200
        )
    return len(captured)


@pytest.mark.parametrize("plans", [1, 3])
def test_page_takes_one_query_more_however_many_plans(planner, new, plans):
    kpis = [new.carried_from, new]
    for number in range(1, plans):
        first = 2030 + 10 * number
        later = make_strategy(
            code=f"later{number}", first_year=first, last_year=first + 4, is_current=False
        )
        kpi = make_kpi(make_project(later), 1, aggregation="cumulative", carried_from=kpis[-1])
        kpis.append(kpi)
    related = [queries(planner, kpi) for kpi in kpis]
    Kpi.objects.update(carried_from=None)
    Kpi.history.update(carried_from=None)

    alone = [queries(planner, kpi) for kpi in kpis]
    assert related == [count + 1 for count in alone]
    assert alone[:2] == [21, 21]


def test_history_names_the_kpi_with_its_plan(planner, new):
    assert "引き継ぎ元の指標： 空欄 → 見本市総合戦略のP1-1「支援件数」" in said(
        planner.get("/plans/next/history/")
    )
