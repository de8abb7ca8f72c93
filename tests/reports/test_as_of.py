"""`?as_of=` on a KPI's page: its figures as they stood when that day ended in Tokyo."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.recording import close_years_through, delete_actual, record_actual
from tests.clock import on
from tests.factories import (
    correct_from,
    final,
    make_department,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    record,
)
from tests.made_once import made_once


@pytest.fixture
@made_once
def kpi(kikaku):
    """Made on 1 June 2025, entered on the 10th, corrected at the end of the 30th."""
    with on("2025-06-01 09:00"):
        project = make_project(make_strategy())
        kpi = make_kpi(project, 1, name="支援件数", department=make_department())
    with on("2025-06-10 09:00"):
        record(kpi, {2024: 40}, kikaku)
    with on("2025-06-30 23:59"):
        record_actual(kpi, 2024, final(45, analysis="精査した"), user=kikaku, version=1)
    with on("2025-07-01 00:00"):
        record_actual(kpi, 2024, final(48), user=kikaku, version=2)
    return kpi


def first_year(page):
    return page.context["years"][0][0]


@pytest.mark.parametrize(
    ("day", "actual", "rate"),
    [
        ("2025-06-09", None, None),
        ("2025-06-10", 40, 80),
        ("2025-06-29", 40, 80),
        ("2025-06-30", 45, 90),
        ("2025-07-01", 48, 96),
        ("令和7年6月30日", 45, 90),
        ("２０２５／６／３０", 45, 90),
    ],
)
def test_figures_are_those_of_the_end_of_the_day(planner, kpi, day, actual, rate):
    page = planner.get("/plans/mihon/kpis/P1-1/", {"as_of": day})

    assert page.status_code == 200
    assert (first_year(page).actual, first_year(page).achievement) == (actual, rate)


def test_past_page_says_so_and_offers_no_entry(planner, kpi):
    html = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-06-30").content.decode()

    assert "令和7年6月30日（2025-06-30）時点の値です。" in html
    assert '<a href="/plans/mihon/kpis/P1-1/">現在の値を見る</a>' in html
    assert "精査した" in html
    assert "/plans/mihon/entry/2024/" not in html
    assert "/plans/mihon/entry/2024/" in planner.get("/plans/mihon/kpis/P1-1/").content.decode()


def test_history_beside_past_figures_ends_with_that_day(planner, kpi):
    page = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-06-29")

    assert [one.kind for one in page.context["changes"]] == [
        "実績値", "最終目標値", "重要業績評価指標",
    ]  # fmt: skip


def test_definition_targets_baseline_formula_and_bands_are_the_past_ones(planner, kpi):
    with on("2025-08-01 09:00"):
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=Decimal(10))
        FinalTarget.objects.get(kpi=kpi).delete()
        FinalTarget.objects.create(kpi=kpi, effective_from=2024, value=Decimal(99))
        kpi.name, kpi.unit, kpi.decimal_places = "新しい名前", "人", 1
        kpi.formula, kpi.baseline, kpi.baseline_year = "from_baseline", Decimal(20), 2023
        kpi.department.name = "新しい課"
        kpi.department.save()
        kpi.save()
        strategy = kpi.project.strategy
        strategy.rating_basis = "achievement"
        strategy.save()

    past = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-07-31")
    now = planner.get("/plans/mihon/kpis/P1-1/")

    definition = past.context["definition"]
    assert (definition.name, definition.unit, definition.decimal_places) == ("支援件数", "件", 0)
    assert (definition.formula, definition.baseline) == ("ratio", None)
    assert definition.department_name == "D01課"
    assert (first_year(past).final_target, first_year(past).expected) == (50, 50)
    assert past.context["rules"].rating_basis == "progress"
    assert "実績÷目標" in past.content.decode()
    assert now.context["definition"].name == "新しい名前"
    assert (first_year(now).final_target, first_year(now).expected) == (99, 10)
    assert now.context["rules"].rating_basis == "achievement"


def test_withdrawn_figure_and_reopened_year_stand_on_the_days_between(planner, kpi, kikaku):
    strategy = kpi.project.strategy
    with on("2025-08-01 09:00"):
        close_years_through(strategy, 2024, user=kikaku)
    with on("2025-08-03 09:00"):
        correct_from(strategy, 2024, user=kikaku, reason="誤り")
        delete_actual(kpi, 2024, user=kikaku, version=3)

    def stood(day):
        page = planner.get("/plans/mihon/kpis/P1-1/", {"as_of": day})
        assessed, _record, is_closed = page.context["years"][0]
        return assessed.actual, is_closed

    assert stood("2025-07-31") == (48, False)
    assert stood("2025-08-02") == (48, True)
    assert stood("2025-08-03") == (None, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("きのう", "日付「きのう」を読み取れません。2026-08-20 のように入力してください。"),
        ("2025-02-30", "日付「2025-02-30」を確かめてください。2月30日はありません。"),
        ("2999-12-31", "令和981年12月31日はまだ来ていません。"),
        ("9999-12-31", "日付「9999-12-31」の年を確かめてください。"),
        ("0001-01-01", "日付「0001-01-01」の年を確かめてください。"),
        ("1868-01-01", None),
    ],
)
def test_day_that_cannot_be_shown_is_refused_with_a_sentence(planner, kpi, typed, sentence):
    page = planner.get("/plans/mihon/kpis/P1-1/", {"as_of": typed})
    html = page.content.decode()

    assert f'value="{typed}"' in html
    if sentence is None:
        assert page.status_code == 200
        assert "この指標は令和7年6月1日に登録されました。" in html
        return
    assert page.status_code == 422
    assert sentence in html
    assert "下は現在の値です。" in html
    assert first_year(page).actual == 48


def test_tomorrow_is_refused_and_today_is_now(planner, kpi):
    today = timezone.localdate()

    assert (
        planner.get("/plans/mihon/kpis/P1-1/", {"as_of": today + timedelta(days=1)}).status_code
        == 422
    )
    assert first_year(planner.get("/plans/mihon/kpis/P1-1/", {"as_of": today})).actual == 48


def test_day_before_the_kpi_explains_itself(planner, kpi):
    html = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-05-31").content.decode()

    assert (
        "この指標は令和7年6月1日に登録されました。令和7年5月31日にはまだありませんでした。" in html
    )
    assert 'value="2025-05-31"' in html


def test_day_before_the_record_is_not_guessed(planner, kpi):
    Kpi.history.all().delete()
    nothing = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-06-30").content.decode()
    with on("2025-08-01 09:00"):
        kpi.save()
    later = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-06-30").content.decode()

    assert "この指標には変更の記録がありません" in nothing
    assert "この指標の変更の記録は令和7年8月1日に始まります。" in later


def test_figures_without_a_record_are_announced_as_missing(planner, kpi):
    YearlyActual.history.all().delete()
    html = planner.get("/plans/mihon/kpis/P1-1/?as_of=2025-07-01").content.decode()

    assert "変更の記録が始まる前に登録された値が一部あり、ここには含まれません。" in html


def test_today_without_a_past_is_todays_page(planner, kpi):
    assert planner.get("/plans/mihon/kpis/P1-1/?as_of=").status_code == 200
    assert "時点の値です" not in planner.get("/plans/mihon/kpis/P1-1/?as_of=").content.decode()


@pytest.mark.parametrize("projects", [1, 3])
def test_queries_do_not_grow_with_the_plan(planner, kikaku, django_assert_num_queries, projects):
    make_plan(kikaku, projects=projects)

    with django_assert_num_queries(33):
        planner.get("/plans/mihon/kpis/P1-1/", {"as_of": timezone.localdate()})
