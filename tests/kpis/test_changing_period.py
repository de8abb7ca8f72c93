"""計画期間を変える: what is due anew, what closed years keep, what stands in the way."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from kpis.models import FinalTarget, YearlyTarget
from kpis.plan_changes.period import Outside, change_period, last_years_as_known, with_period
from kpis.progress import load_progress
from kpis.recording import RecordingRefused, close_fiscal_year
from kpis.series import load_series
from projects.models import EntryDeadline, FormerPeriod, PlanState, RatingRules, Strategy
from tests.factories import make_initiative, make_kpi, make_strategy, record
from tests.factories import record_progress as record_work


@pytest.fixture
def kpi(project):
    return make_kpi(project, target=100, aggregation="cumulative")


@pytest.fixture
def strategy_closed(project, kpi, kikaku):
    """100 by 2028, 2024 to 2027 closed."""
    record(kpi, {2024: 20, 2025: 20, 2026: 20, 2027: 20}, kikaku)
    for year in range(2024, 2028):
        close_fiscal_year(project.strategy, year, user=kikaku)
    return project.strategy


def change(strategy, user, last_year, first_year=2024, reason="議決により延長"):
    return change_period(
        strategy, first_year=first_year, last_year=last_year, user=user, reason=reason
    )


def refusals(strategy, user, last_year, **fields):
    before = Strategy.objects.values_list("first_year", "last_year").get(pk=strategy.pk)
    with pytest.raises(RecordingRefused) as caught:
        change(strategy, user, last_year, **fields)
    assert Strategy.objects.values_list("first_year", "last_year").get(pk=strategy.pk) == before
    assert not FormerPeriod.objects.exists()
    return [(one.field, one.message) for one in caught.value.refusals]


def due(strategy):
    (series,) = load_series(strategy)
    return {year: round(float(series.course.expected(year)), 1) for year in strategy.years}


def test_extended_plan_spreads_what_is_left_from_the_open_year_on(strategy_closed, kikaku):
    plan = change(strategy_closed, kikaku, 2030)

    assert due(plan) == {
        2024: 20, 2025: 40, 2026: 60, 2027: 80, 2028: 86.7, 2029: 93.3, 2030: 100,
    }  # fmt: skip
    assert list(plan.former_periods.values_list("held_until", "last_year", "reason")) == [
        (2027, 2028, "議決により延長")
    ]
    assert load_progress(plan, 2027).is_final is load_progress(plan, 2029).is_final is False
    assert load_progress(plan, 2030).is_final
    assert last_years_as_known(plan) == [(2024, 2028), (2028, 2030)]
    assert AuditEntry.objects.filter(kind="plan").values_list("what", "before", "after").get() == (
        "見本市総合戦略の計画期間を変えた（理由：議決により延長）",
        "令和6年度から令和10年度まで",
        "令和6年度から令和12年度まで",
    )
    row = plan.history.first()
    assert (row.history_user, row.history_change_reason) == (kikaku, "議決により延長")


def test_last_closed_year_stays_the_last_that_it_knew(strategy_closed, kpi, kikaku):
    record(kpi, {2028: 10}, kikaku)
    close_fiscal_year(strategy_closed, 2028, user=kikaku)

    plan = change(strategy_closed, kikaku, 2029)

    assert due(plan) == {2024: 20, 2025: 40, 2026: 60, 2027: 80, 2028: 100, 2029: 100}
    assert [load_progress(plan, year).is_final for year in (2027, 2028, 2029)] == [
        False, True, True,
    ]  # fmt: skip


def test_change_that_is_taken_back_leaves_no_trace_in_the_years(strategy_closed, kikaku):
    before = due(strategy_closed)
    change(strategy_closed, kikaku, 2030)
    change(strategy_closed, kikaku, 2029)
    assert FormerPeriod.objects.get().last_year == 2028

    plan = change(strategy_closed, kikaku, 2028, reason="取りやめ")

    assert due(plan) == before
    assert not FormerPeriod.objects.exists()
    assert FormerPeriod.history.filter(history_type="-").count() == 1


def test_second_change_after_a_further_closing_keeps_both(strategy_closed, kikaku):
    change(strategy_closed, kikaku, 2030)
    close_fiscal_year(strategy_closed, 2028, user=kikaku)

    plan = change(strategy_closed, kikaku, 2029)

    assert last_years_as_known(plan) == [(2024, 2028), (2028, 2030), (2029, 2029)]
    assert due(plan) == {2024: 20, 2025: 40, 2026: 60, 2027: 80, 2028: 86.7, 2029: 100}


def test_shortening_takes_along_what_never_comes_to_hold(project, kpi, kikaku):
    plan = project.strategy
    for year, value in ((2026, 50), (2027, 70)):
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=year, value=value)
    FinalTarget.objects.create(kpi=kpi, effective_from=2028, value=120, reason="改定")
    EntryDeadline.objects.create(strategy=plan, fiscal_year=2027, due_on="2028-06-30")
    RatingRules.objects.create(
        strategy=plan, effective_from=2027, rating_basis="achievement", bands=plan.bands
    )
    outside = Outside(with_period(plan, 2024, 2026))
    assert outside.goes_in_words == [
        "令和9年度の実績入力の締切",
        "P1-1「指標1」の令和8年度の年度目安",
        "P1-1「指標1」の令和9年度の年度目安",
        "P1-1「指標1」の令和10年度からの目標の改定",
        "令和9年度からの評価のきまりの改定",
    ]

    plan = change(plan, kikaku, 2026)

    assert due(plan) == {2024: 33.3, 2025: 66.7, 2026: 100}
    assert not YearlyTarget.objects.exists()
    assert not EntryDeadline.objects.exists()
    assert not RatingRules.objects.exists()
    assert kpi.final_targets.get().effective_from == 2024
    assert not FormerPeriod.objects.exists()


def test_year_that_says_something_stays_in_the_plan(project, kpi, kikaku):
    record(kpi, {2028: 5}, kikaku)
    initiative = make_initiative(project)
    record_work(initiative, kikaku, 2028)

    assert refusals(project.strategy, kikaku, 2027) == [
        (
            "last_year",
            (
                "計画期間の外になる年度に、実績か要因分析があります：P1-1「指標1」の令和10年度。"
                "入力画面で取り消してから、期間を変えてください。"
            ),
        ),
        (
            "last_year",
            (
                "計画期間の外になる年度に、取組の実績があります：P1の取組1の令和10年度。"
                "入力画面で取り消してから、期間を変えてください。"
            ),
        ),
    ]


def test_kpi_that_would_never_live_stays_in_the_way(project, kpi, kikaku):
    kpi.first_year = 2028
    kpi.save()

    ((field, sentence),) = refusals(project.strategy, kikaku, 2027)

    assert field == "last_year"
    assert "P1-1「指標1」。始まりと終わりの年度を改めてから" in sentence


def test_target_that_is_due_later_stays_in_the_way_while_it_is_in_force(project, kpi, kikaku):
    kpi.final_targets.update(target_year=2028)
    sentence = (
        "計画期間の外になる年度に、目標年度があります：P1-1「指標1」（目標年度 令和10年度）。"
        "「目標を見直す」で目標年度を改めてから、期間を変えてください。"
    )
    assert refusals(project.strategy, kikaku, 2027) == [("last_year", sentence)]

    FinalTarget.objects.create(
        kpi=kpi, effective_from=2025, value=90, target_year=2026, reason="改定"
    )
    close_fiscal_year(project.strategy, 2024, user=kikaku)

    assert due(change(project.strategy, kikaku, 2027)) == {
        2024: 20, 2025: 55, 2026: 90, 2027: 90,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"last_year": 2023}, "last_year", "最終年度は最初の年度以後にしてください。"),
        ({"last_year": 2028}, "last_year", "計画期間は、今も令和6年度から令和10年度までです。"),
        (
            {"last_year": 2025},
            "last_year",
            (
                "令和8年度、令和9年度は締め済みです。計画期間から外せません。"
                "最終年度は、令和9年度以後にしてください。"
            ),
        ),
        (
            {"last_year": 2030, "first_year": 2023},
            "first_year",
            (
                "締め済みの年度（令和6年度、令和7年度、令和8年度、令和9年度）があるため、"
                "最初の年度（令和6年度）は変えられません。"
            ),
        ),
        (
            {"last_year": 2030, "reason": " "},
            "reason",
            "変える理由を書いてください（報告書に載ります）。",
        ),
    ],
)
def test_what_a_closed_year_would_not_bear_is_refused(
    strategy_closed, kikaku, fields, field, sentence
):
    assert refusals(strategy_closed, kikaku, **fields) == [(field, sentence)]


def test_plan_without_a_closed_year_may_begin_in_another(project, kpi, kikaku):
    plan = change(project.strategy, kikaku, 2028, first_year=2025)
    assert due(plan) == {2025: 25, 2026: 50, 2027: 75, 2028: 100}

    plan = change(project.strategy, kikaku, 2028, first_year=2023)
    assert due(plan)[2023] == 16.7
    assert kpi.final_targets.get().effective_from == 2023


@pytest.mark.parametrize("name", ["tantou", "kanri"])
def test_others_do_not_change_the_period(project, name, request):
    with pytest.raises(PermissionDenied, match="計画を変えるのは企画担当です。"):
        change(project.strategy, request.getfixturevalue(name), 2030)


def test_ended_plan_keeps_its_period(kikaku):
    plan = make_strategy(state=PlanState.ENDED)

    with pytest.raises(PermissionDenied, match="終了した計画です"):
        change(plan, kikaku, 2030)
