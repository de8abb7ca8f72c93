"""Rules of KPIs and targets that need more than one table."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpis.models import FinalTarget, Kpi, YearlyTarget
from kpis.recording import close_years_through
from tests.factories import make_kpi, make_project, make_strategy, record


def refused(row):
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return "".join(caught.value.messages)


@pytest.mark.parametrize(
    ("kpi", "value", "why"),
    [
        ({}, 0, "目標値を0より大きくしてください"),
        ({}, -5, "目標値を0より大きくしてください"),
        ({"direction": "decrease"}, -1, "目標値を0以上にしてください"),
        ({"formula": "deviation", "direction": "decrease"}, 0, "0より大きくしてください"),
        ({"formula": "from_baseline", "baseline": Decimal(50)}, 40, "基準値より大きくして"),
        ({"formula": "from_baseline", "baseline": Decimal(50)}, 50, "基準値より大きくして"),
        (
            {"formula": "from_baseline", "baseline": Decimal(50), "direction": "decrease"},
            60,
            "基準値より小さくして",
        ),
        ({}, Decimal("12.5"), "整数で入力してください"),
    ],
)
def test_target_that_the_formula_cannot_bear_is_refused(project, kpi, value, why):
    kpi = make_kpi(project, target=None, **kpi)

    assert why in refused(FinalTarget(kpi=kpi, effective_from=2024, value=value))
    if (value, kpi.direction) != (0, "increase"):
        assert why in refused(YearlyTarget(kpi=kpi, fiscal_year=2025, value=value))


def test_nothing_may_be_due_in_a_year_where_more_is_better(project):
    kpi = make_kpi(project)

    YearlyTarget(kpi=kpi, fiscal_year=2025, value=0).full_clean()
    kpi.formula, kpi.baseline = "from_baseline", Decimal(-5)
    YearlyTarget(kpi=kpi, fiscal_year=2025, value=0).full_clean()
    kpi.baseline = Decimal(0)
    assert "基準値より大きくして" in refused(YearlyTarget(kpi=kpi, fiscal_year=2025, value=0))


def test_target_of_zero_is_right_where_less_is_better(project):
    kpi = make_kpi(project, target=None, direction="decrease")
    FinalTarget(kpi=kpi, effective_from=2024, value=0, reason="計画").full_clean()


@pytest.mark.parametrize("year", [2023, 2029])
def test_target_outside_the_plan_is_refused(project, year):
    kpi = make_kpi(project, target=None)

    assert "計画期間（令和6年度から令和10年度まで）" in refused(
        FinalTarget(kpi=kpi, effective_from=year, value=5)
    )


def test_last_year_has_no_yearly_target(project):
    assert "最終目標値を使ってください" in refused(
        YearlyTarget(kpi=make_kpi(project), fiscal_year=2028, value=5)
    )


def test_revision_needs_a_reason(project):
    kpi = make_kpi(project)

    assert "目標を改めた理由" in refused(FinalTarget(kpi=kpi, effective_from=2026, value=60))
    FinalTarget(kpi=kpi, effective_from=2026, value=60, reason="国の目標の改定").full_clean()


def test_second_target_of_a_year_is_refused(project):
    kpi = make_kpi(project)
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=10)

    assert "この年度から適用する最終目標値はすでにあります。" in refused(
        FinalTarget(kpi=kpi, effective_from=2024, value=60, reason="x")
    )
    assert "この年度の目安はすでにあります。" in refused(
        YearlyTarget(kpi=kpi, fiscal_year=2025, value=20)
    )


def test_yearly_target_lies_before_the_target_year_in_force(project):
    kpi = make_kpi(project)
    kpi.final_targets.update(target_year=2026)

    YearlyTarget(kpi=kpi, fiscal_year=2025, value=20).full_clean()
    assert "目標年度（令和8年度）の目安は最終目標値です。" in refused(
        YearlyTarget(kpi=kpi, fiscal_year=2026, value=20)
    )
    FinalTarget.objects.create(
        kpi=kpi, effective_from=2026, value=60, target_year=2028, reason="延期"
    )
    YearlyTarget(kpi=kpi, fiscal_year=2026, value=20).full_clean()


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ({"value": 60}, "最終目標値"),
        ({"is_strict": True}, "最終目標値"),
        ({"target_year": 2026}, "最終目標値"),
        ({"baseline": 40}, "最終目標値"),
        ({"value": None, "words": "増加", "met_by": "better"}, "最終目標値"),
    ],
)
def test_row_that_changes_what_a_closed_year_had_in_force_is_refused(project, kikaku, row, changed):
    kpi = make_kpi(project)
    for year in (2024, 2025):
        close_years_through(project.strategy, year, user=kikaku)
    said = {"value": 50, "reason": "改定"} | row

    FinalTarget(kpi=kpi, effective_from=2026, **said).full_clean()
    assert f"令和7年度は締め済みのため、{changed}は変えられません" in refused(
        FinalTarget(kpi=kpi, effective_from=2025, **said)
    )


def test_target_without_a_kpi_is_refused_as_a_field(project):
    assert "このフィールドには NULL を指定できません。" in refused(
        FinalTarget(effective_from=2024, value=5)
    )


def test_closed_year_keeps_its_target_baseline_and_yearly_target(project, kikaku):
    kpi = make_kpi(project)
    yearly = YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=10)
    close_years_through(project.strategy, 2024, user=kikaku)
    target = kpi.final_targets.get()

    target.value = 60
    assert "令和6年度は締め済みのため、最終目標値は変えられません" in refused(target)
    yearly.value = 11
    assert "令和6年度は締め済みのため、年度目安は変えられません" in refused(yearly)
    kpi.baseline = Decimal(3)
    assert "令和6年度は締め済みのため、基準値は変えられません" in refused(kpi)
    for row in (kpi.final_targets.get(), kpi.yearly_targets.get()):
        with pytest.raises(ValidationError, match="締めた年度を改めるときに直してください"):
            row.delete()
    with pytest.raises(ValidationError, match="「指標を終える」で終えてください"):
        Kpi.objects.get().delete()


def test_revision_for_open_years_leaves_closed_ones_alone(project, kikaku):
    kpi = make_kpi(project)
    close_years_through(project.strategy, 2024, user=kikaku)

    FinalTarget(kpi=kpi, effective_from=2025, value=60, reason="改定").full_clean()
    assert "締め済み" in refused(FinalTarget(kpi=kpi, effective_from=2024, value=60, reason="改定"))


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("aggregation", "cumulative", "集計方法"),
        ("direction", "decrease", "目指す方向"),
        ("formula", "deviation", "達成率の算式"),
    ],
)
def test_what_rates_rest_on_is_fixed_once_an_actual_exists(project, kikaku, field, value, label):
    kpi = make_kpi(project)
    setattr(kpi, field, value)
    kpi.full_clean()

    record(make_kpi(project, 2), {2024: 5}, kikaku)
    recorded = Kpi.objects.get(number=2)
    setattr(recorded, field, value)
    assert f"{label}は変えられません" in refused(recorded)


def test_decimals_cannot_fall_below_what_is_recorded(project, kikaku):
    kpi = make_kpi(project, decimal_places=1)
    record(kpi, {2024: "5.5"}, kikaku)
    kpi.decimal_places = 0

    assert "小数桁数は減らせません" in refused(kpi)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"aggregation": "cumulative", "direction": "decrease"}, "累計の指標は"),
        ({"aggregation": "cumulative", "formula": "deviation"}, "累計の指標は"),
        ({"formula": "from_baseline"}, "基準値が要ります"),
        ({"decimal_places": 5}, "4"),
        ({"baseline": Decimal("1.5")}, "基準値は整数で"),
    ],
)
def test_kpi_whose_settings_do_not_fit_is_refused(project, fields, why):
    kpi = Kpi(project=project, number=1, name="指標", unit="件", **fields)

    assert why in refused(kpi)


def test_nothing_moves_to_another_plan(project, kikaku):
    measured = make_kpi(project, 2)
    record(measured, {2024: 9}, kikaku)
    elsewhere = make_project(make_strategy(code="other", is_current=False), "P9")
    kpi = make_kpi(project)
    kpi.project = measured.project = elsewhere
    project.strategy = elsewhere.strategy
    project.pillar = elsewhere.pillar

    assert "別の計画のプロジェクトへは移せません" in refused(kpi)
    assert "実績が入力されているため、別の計画へは移せません。" in refused(measured)
    assert "プロジェクトは別の計画へ移せません" in refused(project)


def test_plan_keeps_the_years_that_have_figures(project, kikaku):
    record(make_kpi(project), {2025: 5}, kikaku)
    strategy = project.strategy
    strategy.first_year = 2026

    assert "その年度は期間から外せません" in refused(strategy)


def test_plan_keeps_the_years_that_have_figures_beside_others(project, kikaku):
    record(make_kpi(project), {2024: 4, 2025: 5}, kikaku)
    strategy = project.strategy
    strategy.first_year = 2025

    assert "その年度は期間から外せません" in refused(strategy)


def test_closed_year_keeps_the_period_its_rates_rest_on(project, kikaku):
    strategy = project.strategy
    close_years_through(strategy, 2024, user=kikaku)
    strategy.last_year = 2030

    assert "計画期間はここでは変えられません" in refused(strategy)


def test_project_measured_in_a_closed_year_cannot_be_deleted(project, kikaku):
    make_kpi(project)
    close_years_through(project.strategy, 2024, user=kikaku)

    with pytest.raises(ValidationError, match="プロジェクトは削除できません"):
        project.delete()


@pytest.mark.parametrize(
    ("baseline", "sentence"),
    [
        (50, "最終目標値50：算式「基準値からの伸び」では、目標値を基準値より大きくしてください。"),
        (25, "年度目安20：算式「基準値からの伸び」では、目標値を基準値より大きくしてください。"),
    ],
)
def test_formula_that_a_saved_target_cannot_bear_is_refused(project, baseline, sentence):
    kpi = make_kpi(project, target=50)
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=20)
    kpi.formula, kpi.baseline = "from_baseline", Decimal(baseline)

    assert refused(kpi) == sentence


def test_formula_that_saved_targets_bear_is_taken(project):
    kpi = make_kpi(project, target=50)
    kpi.formula, kpi.baseline = "from_baseline", Decimal(10)
    kpi.full_clean()


def test_decimals_cannot_fall_below_what_is_aimed_at(project):
    kpi = make_kpi(project, target="50.5", decimal_places=1)
    kpi.decimal_places = 0

    assert refused(kpi) == "これより細かい目標値が入力されています。小数桁数は減らせません。"


def test_missing_baseline_is_said_once(project):
    kpi = make_kpi(project)
    kpi.formula = "from_baseline"

    assert (
        refused(kpi) == "算式「基準値からの伸び」には基準値が要ります。基準値を入力してください。"
    )
