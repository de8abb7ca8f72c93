"""What a printed plan says otherwise than the workbook has it: read, and told."""

import pytest

from kpis.models import FinalTarget, YearlyTarget
from tests.plan_workbooks import looked, taken, with_sheets

pytestmark = [pytest.mark.django_db, pytest.mark.asked_once]


def _refusals(**sheets):
    return [str(one) for one in looked(with_sheets(**sheets)).problems]


def test_a_target_of_the_last_year_among_the_yearly_ones_is_the_final_one():
    yearly = [("KPI番号", "2024", "2027", "令和10年度"), ("P1-1", "10", "40", "50")]

    for targets in ([("KPI番号", "目標値"), ("P1-1", "50")], [("KPI番号", "目標値")]):
        file = with_sheets(目標=targets, 年度目安=yearly)
        assert "P1-1の令和10年度の年度目安50は、最終目標値としました。" in looked(file).notes

    taken(file)
    assert FinalTarget.objects.get().value == 50
    assert [*YearlyTarget.objects.values_list("fiscal_year", "value")] == [(2024, 10), (2027, 40)]


def test_a_target_of_the_last_year_that_is_another_is_told():
    yearly = [("KPI番号", "2028"), ("P1-1", "60")]

    (problem,) = _refusals(年度目安=yearly)

    assert problem.startswith(
        "シート「年度目安」の2行目 B列（2028）「60」：最終年度（令和10年度）の"
    )


def test_how_words_are_met_is_read_out_of_them_and_told():
    file = with_sheets(目標=[("KPI番号", "目標値", "基準値"), ("P1-1", "増加", "30")])

    assert looked(file).notes == [
        "P1-1の満たし方が空欄なので、目標「増加」から「基準値より良い」としました。"
    ]
    taken(file)
    target = FinalTarget.objects.get()
    assert (target.words, target.met_by) == ("増加", "better")


def test_words_that_do_not_say_how_they_are_met_are_told_at_their_cell():
    (problem,) = _refusals(目標=[("KPI番号", "目標値"), ("P1-1", "毎年5件")])

    assert problem == (
        "シート「目標」の2行目 B列（目標値）「毎年5件」：数字でないので、ことばの目標です。"
        "満たし方の列に、基準値より良い・基準値を保つ・人が決めるのどれかを書いてください。"
        "数字の目標なら、数字だけを書いてください。"
    )


def test_a_rank_to_reach_is_a_target_downwards():
    plan = taken(
        with_sheets(
            指標=[("KPI番号", "指標名", "単位"), ("P1-1", "順位", "位")],
            目標=[("KPI番号", "目標値"), ("P1-1", "10位以内")],
        )
    )

    target = FinalTarget.objects.get(kpi__project__strategy=plan)
    assert (target.value, target.kpi.direction) == (10, "decrease")


def test_bounds_of_bands_are_read_with_their_sign():
    bands = [("名称", "下限"), ("順調", "80％以上"), ("やや遅れ", "60%"), ("遅れ", "")]

    plan = taken(with_sheets(評価区分=bands))

    assert [one.get("lower") for one in plan.bands] == ["80", "60", None]


def test_a_band_that_cannot_be_read_is_told_alone():
    bands = [("名称", "下限"), ("順調", "八割"), ("遅れ", "")]

    (problem,) = _refusals(評価区分=bands)

    assert problem.startswith("シート「評価区分」の2行目 B列（下限）「八割」：")


def test_units_and_years_that_are_read_are_told_once():
    file = with_sheets(
        指標=[("KPI番号", "指標名", "単位"), ("P1-1", "起業件数", "件"), ("P1-2", "転入", "人")],
        目標=[
            ("KPI番号", "目標値", "基準値", "基準値の年度"),
            ("P1-1", "50件以上", "３０件", "令和5年度"),
            ("P1-2", "1,200人", "1,000", "令和5年度"),
        ],
    )

    assert looked(file).notes == [
        "シート「目標」の2行目 B列（目標値）：「50件以上」を「50（条件：以上）」と読みました。",
        "シート「目標」の2行目 D列（基準値の年度）ほか1セル：「令和5年度」を「2023」と読みました。",
        (
            "シート「目標」の2行目 C列（基準値）「３０件」ほか1セル："
            "単位を除いて、数字だけを読みました。"
        ),
    ]
