"""Which KPI may take its figures from which, and what may change while it does."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from kpis.models import Kpi
from kpis.plan_check import check_everything
from kpis.recording import close_years_through
from projects.models import PlanState
from tests.factories import final, make_kpi, make_project, make_source, make_strategy, record

pytestmark = pytest.mark.django_db


def sentences(kpi, **fields):
    """What a KPI is told that is changed so; empty where it may be."""
    for name, value in fields.items():
        setattr(kpi, name, value)
    try:
        kpi.full_clean()
    except ValidationError as refusal:
        return refusal.messages
    return []


def test_kpi_may_take_its_figures_from_another_plans(kpi):
    assert sentences(kpi, source=make_source()) == []


def test_source_is_no_kpi_of_the_same_plan(kpi, project):
    assert sentences(kpi, source=make_kpi(project, 2)) == [
        "元の指標は、別の計画の指標から選んでください。"
    ]


def test_source_is_no_kpi_of_a_plan_in_preparation(kpi):
    source = make_source()
    type(source.project.strategy).objects.filter(code="sogo").update(state=PlanState.PREPARING)
    source = Kpi.objects.get(pk=source.pk)

    assert sentences(kpi, source=source) == [
        (
            "見本市総合計画は準備中のため、その指標を元の指標にできません。"
            "実施中か終了した計画の指標を選んでください。"
        )
    ]


def test_there_are_no_chains(kpi, source):
    third = make_kpi(make_project(make_strategy(code="third", name="第三計画", is_current=False)))

    assert sentences(third, source=kpi) == [
        (
            "見本市総合戦略のP1-1は、見本市総合計画のP1-2から数値を受け取っています。"
            "元の指標には見本市総合計画のP1-2を選んでください。"
        )
    ]
    assert sentences(source, source=Kpi.objects.get(pk=third.pk)) == [
        (
            "この指標は見本市総合戦略のP1-1に数値を渡しているため、元の指標を持てません。"
            "元の指標を空にしてください。"
        )
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"unit": "人"}, "単位は、元の指標（見本市総合計画のP1-2）と同じ「人」にしてください。"),
        (
            {"decimal_places": 1},
            "小数桁数は、元の指標（見本市総合計画のP1-2）と同じ「1」にしてください。",
        ),
        (
            {"direction": "decrease"},
            "目指す方向は、元の指標（見本市総合計画のP1-2）と同じ「以下を目指す」にしてください。",
        ),
        (
            {"aggregation": "cumulative"},
            "元の指標（見本市総合計画のP1-2）が累計のため、集計方法は「累計（のべ）」にしてください。",
        ),
    ],
)
def test_unit_decimals_direction_and_a_running_total_are_the_sources(kpi, fields, sentence):
    assert sentences(kpi, source=make_source(**fields)) == [sentence]


def test_yearly_figures_may_be_added_up_elsewhere(kpi):
    assert sentences(kpi, source=make_source(), aggregation="cumulative") == []


def test_figures_of_ones_own_are_named_where_the_source_has_these_years(kpi, kikaku):
    record(kpi, {2024: 5, 2025: 6, 2028: 7}, kikaku)

    assert sentences(kpi, source=make_source()) == [
        (
            "令和6年度、令和7年度の実績が、この指標に入力されています。"
            "元の指標（見本市総合計画のP1-2）がある年度なので、"
            "先にその実績を「未入力に戻す」で取り消してください。"
        )
    ]


def test_figure_that_the_taker_cannot_bear_is_named(kpi, kikaku):
    source = make_source(formula="from_baseline", baseline=Decimal(0), target=10)
    record(source, {2023: -5, 2025: -1}, kikaku)
    (sentence,) = sentences(kpi, source=source)

    assert sentence.startswith("見本市総合計画のP1-2の令和7年度の実績が合いません：")


def test_closed_year_keeps_its_source(kpi, source, kikaku):
    close_years_through(kpi.project.strategy, 2025, user=kikaku)

    assert sentences(kpi, source=None) == [
        "令和6年度、令和7年度は締め済みのため、元の指標は変えられません。締めた年度を改めるときに直してください。"
    ]


def test_new_kpi_brings_no_figures_into_a_closed_year(project, kikaku):
    close_years_through(project.strategy, 2024, user=kikaku)
    late = Kpi(project=project, number=9, name="あとから", unit="件", source=make_source())

    assert sentences(late) == [
        "令和6年度は締め済みです。指標を加えられるのは、締めていない年度からです。"
    ]
    late.first_year = 2025
    assert sentences(late) == []


def test_formula_stays_while_the_source_has_figures(kpi, source, kikaku):
    record(source, {2025: 5}, kikaku)

    assert sentences(kpi, formula="deviation") == [
        "実績が入力されているため、達成率の算式は変えられません。新しい指標として登録してください。"
    ]


def test_takers_follow_their_source(kpi, source):
    source.unit, source.decimal_places = "団体", 1
    source.full_clean()
    source.save()
    kpi.refresh_from_db()

    assert (kpi.unit, kpi.decimal_places) == ("団体", 1)
    newest = kpi.history.latest()
    assert (newest.unit, newest.history_change_reason) == ("団体", "元の指標に合わせる")


def test_source_does_not_become_what_a_taker_cannot_follow(kpi, source):
    source.decimal_places = 1
    source.full_clean()
    source.save()
    kpi.final_targets.update(value=Decimal("50.5"))

    assert sentences(Kpi.objects.get(pk=source.pk), decimal_places=0) == [
        (
            "数値を渡している見本市総合戦略のP1-1に合いません："
            "これより細かい目標値が入力されています。小数桁数は減らせません。"
        )
    ]


def test_source_is_not_deleted_from_under_its_takers(source):
    with pytest.raises(ProtectedError):
        source.delete()

    assert Kpi.objects.filter(pk=source.pk).exists()


@pytest.mark.parametrize("last_year", [2026, 2028])
def test_period_of_the_source_stays_where_a_taker_closed_a_year(kpi, source, kikaku, last_year):
    year = max(last_year, 2027)
    close_years_through(kpi.project.strategy, year, user=kikaku)
    plan = source.project.strategy
    plan.last_year = last_year

    with pytest.raises(ValidationError) as refused:
        plan.full_clean()
    named = "令和9年度" if year == 2027 else "令和10年度"
    assert refused.value.messages == [
        (
            f"見本市総合戦略が、この計画と数値を共有して{named}を締めています。"
            "その年度は、計画期間に出し入れできません。"
        )
    ]


def test_period_of_the_source_takes_in_no_year_with_a_takers_own_figure(kpi, source, kikaku):
    record(kpi, {2028: 5}, kikaku)
    plan = source.project.strategy
    plan.last_year = 2028

    with pytest.raises(ValidationError) as refused:
        plan.full_clean()
    assert refused.value.messages == [
        (
            "この計画の指標を元にする見本市総合戦略のP1-1に、令和10年度の実績が入力されています。"
            "その年度は、計画期間に出し入れできません。"
        )
    ]


def test_check_plan_tells_what_went_round_the_rules(kpi, source):
    assert check_everything(kpi.project.strategy) == []
    Kpi.objects.filter(pk=source.pk).update(unit="人")

    assert check_everything(kpi.project.strategy) == [
        (
            "重要業績評価指標「P1-1 支援件数」："
            "単位は、元の指標（見本市総合計画のP1-2）と同じ「人」にしてください。"
        )
    ]


def test_value_finer_than_the_taker_is_told_of_by_check_plan(kpi, source, kikaku):
    record(source, {2025: final(5)}, kikaku)
    source.actuals.update(value=Decimal("5.5"))

    assert check_everything(kpi.project.strategy) == [
        (
            "重要業績評価指標「P1-1 支援件数」：見本市総合計画のP1-2の令和7年度の実績が合いません："
            "実績値は整数で入力してください。この指標は小数を使いません。"
        )
    ]
