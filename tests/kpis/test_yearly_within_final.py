"""年度目安 of a sum never pass the final target in force, nor fall, by any door.

Of a KPI whose years stand alone both are doubts; a revision that leaves one behind is not saved.
"""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpis.models import FinalTarget, YearlyTarget
from kpis.plan_changes.targets import revise_target, spread_from_due
from kpis.plan_check import check_kpis
from kpis.plan_notices import notices
from kpis.recording import RecordingRefused, close_years_through
from kpis.targets import Target
from tests.factories import make_kpi

REMEDY = "年度目安を直すか消すか、最終目標値を改めてください。"
PASSED = f"年度目安が最終目標値を超えています：令和8年度の100（最終目標値80）。{REMEDY}"


def make_falling_short(project, **fields):
    """100 by the plan's end, 75 by FY2025 and 100 already by FY2026."""
    kpi = make_kpi(project, target=100, **fields)
    for year, value in ((2025, 75), (2026, 100)):
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=year, value=value)
    return kpi


@pytest.fixture
def kpi(project):
    return make_falling_short(project, aggregation="cumulative")


@pytest.fixture
def annual(project):
    return make_falling_short(project)


def refused(row) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return caught.value.messages


def not_revised(kpi, user, value, year=2024, **options) -> list[tuple[str, str]]:
    """At which fields, and why, an act is refused."""
    with pytest.raises(RecordingRefused) as caught:
        revise_target(kpi, Target(year, Decimal(value)), user=user, reason="改定", **options)
    return [(one.field, one.message) for one in caught.value.refusals]


def test_lowered_final_target_names_the_yearly_targets_beyond_it(kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(80)

    assert refused(target) == [PASSED]


def test_every_yearly_target_beyond_is_named(kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(70)

    assert refused(target) == [
        (
            "年度目安が最終目標値を超えています：令和7年度の75（最終目標値70）、"
            f"令和8年度の100（最終目標値70）。{REMEDY}"
        )
    ]


def test_revision_is_held_against_the_years_from_which_it_holds(kpi):
    FinalTarget(kpi=kpi, effective_from=2027, value=80, reason="改定").full_clean()

    assert refused(FinalTarget(kpi=kpi, effective_from=2026, value=80, reason="改定")) == [PASSED]


def test_revision_that_yearly_targets_rest_on_is_not_deleted(kpi):
    FinalTarget.objects.create(kpi=kpi, effective_from=2025, value=150, reason="改定")
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2027, value=120)

    with pytest.raises(ValidationError, match="令和9年度の120（最終目標値100）"):
        kpi.final_targets.get(effective_from=2025).delete()
    kpi.yearly_targets.get(fiscal_year=2027).delete()
    kpi.final_targets.get(effective_from=2025).delete()


def test_yearly_target_beyond_the_final_one_is_refused_of_a_sum(project):
    kpi = make_kpi(project, target=80, aggregation="cumulative")

    YearlyTarget(kpi=kpi, fiscal_year=2025, value=80).full_clean()
    assert refused(YearlyTarget(kpi=kpi, fiscal_year=2026, value=100)) == [PASSED]


def test_falling_yearly_target_is_refused_of_a_sum(project):
    kpi = make_kpi(project, target=80, aggregation="cumulative")
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=50)

    YearlyTarget(kpi=kpi, fiscal_year=2026, value=50).full_clean()
    assert refused(YearlyTarget(kpi=kpi, fiscal_year=2026, value=40)) == [
        (
            "累計の年度目安が、前の年度より小さくなっています：令和8年度の40（令和7年度は50）。"
            "累計は減らないので、年度目安を直すか消してください。"
        )
    ]


@pytest.mark.parametrize(
    ("direction", "values", "doubts"),
    [
        (
            "increase",
            {2025: 70, 2026: 100, 2027: 60},
            (
                "年度目安が最終目標値を超えています：令和8年度の100（最終目標値80）。"
                "年度目安が前の年度より小さくなっています：令和9年度の60（令和8年度は100）。"
            ),
        ),
        (
            "decrease",
            {2025: 90, 2026: 95, 2027: 70},
            (
                "年度目安が最終目標値を下回っています：令和9年度の70（最終目標値80）。"
                "年度目安が前の年度より大きくなっています：令和8年度の95（令和7年度は90）。"
            ),
        ),
    ],
)
def test_both_are_doubts_where_the_years_stand_alone(
    planner, project, kikaku, direction, values, doubts
):
    kpi = make_kpi(project, target=80, direction=direction)
    yearly = {year: Decimal(value) for year, value in values.items()}

    revise_target(kpi, Target(2024, Decimal(80)), yearly=yearly, user=kikaku, reason="年度目安")

    assert check_kpis(project.strategy) == []
    assert [one.heading for one in notices(project.strategy) if "確かめる" in one.label] == [
        "年度目安を確かめる指標（1件）"
    ]
    for page in ("/plans/mihon/kpis/P1-1/", "/plans/mihon/changes/targets/P1-1/"):
        shown = planner.get(page).content.decode()
        assert all(f"確かめてください：{one}。" in shown for one in doubts.split("。") if one)


def test_revision_that_leaves_a_yearly_target_beyond_it_is_refused_until_it_goes_along(
    annual, kikaku
):
    assert not_revised(annual, kikaku, 80) == [("yearly", PASSED)]
    assert annual.final_targets.get().value == 100

    both = {2025: Decimal(75), 2026: Decimal(78)}
    revise_target(annual, Target(2024, Decimal(80)), yearly=both, user=kikaku, reason="改定")

    assert annual.final_targets.get().value == 80
    assert dict(annual.yearly_targets.values_list("fiscal_year", "value")) == both


def test_revision_may_drop_them_or_spread_them_anew_in_the_same_step(kpi, kikaku):
    lowered = Target(2025, Decimal(80))

    assert not_revised(kpi, kikaku, 80, 2025) == [("yearly", PASSED)]
    spread = spread_from_due(kpi, lowered)
    revise_target(kpi, lowered, yearly=spread, user=kikaku, reason="改定")
    assert dict(kpi.yearly_targets.values_list("fiscal_year", "value")) == {
        2025: 35, 2026: 50, 2027: 65,
    }  # fmt: skip

    revise_target(kpi, Target(2025, Decimal(60)), yearly={}, user=kikaku, reason="改定")
    assert not kpi.yearly_targets.exists()
    assert list(kpi.final_targets.values_list("effective_from", "value")) == [
        (2024, 100),
        (2025, 60),
    ]


def test_direction_that_makes_the_other_targets_unbearable_is_refused(kpi):
    kpi.direction = "decrease"

    assert any("累計の指標は" in one for one in refused(kpi))


def test_check_plan_names_it(kpi):
    FinalTarget.objects.update(value=80)

    assert check_kpis(kpi.project.strategy) == [f"重要業績評価指標「P1-1 指標1」：{PASSED}"]


def test_closed_year_is_still_said_first(kpi, kikaku):
    close_years_through(kpi.project.strategy, 2026, user=kikaku)
    target = kpi.final_targets.get()
    target.value = Decimal(80)

    assert "令和8年度は締め済みのため、最終目標値は変えられません。" in refused(target)[0]
