"""`0人（維持）` as it is printed, and targets that change from words to figures and back."""

import pytest

from entry.plan_workbook.told import Kind, kind_of
from kpis.models import FinalTarget, Kpi
from kpis.series import load_series
from tests.plan_workbooks import differences, exported, looked, rewritten, taken, with_sheets

pytestmark = pytest.mark.django_db

_KPIS = ("KPI番号", "指標名", "単位", "集計方法", "目指す方向")
_TARGETS = ("KPI番号", "目標値", "基準値")


def _file(target, baseline="", *, unit="人", counting="", direction=""):
    return with_sheets(
        指標=[_KPIS, ("P1-1", "待機児童数", unit, counting, direction)],
        目標=[_TARGETS, ("P1-1", target, baseline)],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2024", "0")],
    )


@pytest.mark.parametrize(
    ("written", "baseline", "unit", "value"),
    [
        ("0人（維持）", "0人", "人", 0),
        ("0人を保つ", "0", "人", 0),
        ("0人を維持する", "0", "人", 0),
        ("150経営体（維持）", "150経営体", "経営体", 150),
        ("15.0%(現状維持)", "15", "％", 15),
    ],
)
def test_a_figure_that_is_kept_is_a_figure(written, baseline, unit, value):
    file = _file(written, baseline, unit=unit, direction="以下")

    told = next(one for one in looked(file).notes if kind_of(one) is Kind.TARGETS)
    plan = taken(file)

    assert told == (
        f"シート「目標」の2行目 B列（目標値）：「{written}」を数字の目標の{value}と読み、"
        "基準値を保つ目標（許容幅0）としました。"
    )
    target = FinalTarget.objects.get()
    assert (target.value, target.tolerance, target.words) == (value, 0, "")
    assert load_series(plan)[0].assess(2024).achievement == 100
    assert looked(file).changes == []


def test_nought_that_is_kept_is_one_of_less_is_better():
    file = _file("0人（維持）", "0")

    assert (
        looked(file)
        .notes[0]
        .endswith("許容幅0）としました。目指す方向は空欄なので、以下としました。")
    )
    taken(file)
    assert Kpi.objects.get().direction == "decrease"
    (problem,) = looked(_file("0人（維持）", "0", direction="以上")).problems
    assert str(problem) == (
        "シート「指標」の2行目 E列（目指す方向）「以上」："
        "「0人（維持）」は0を保つ目標です。目指す方向を「以下」にしてください。"
    )


@pytest.mark.parametrize(
    ("written", "baseline", "counting", "why"),
    [
        ("150人（維持）", "142", "", "基準値の142と違うため"),
        ("150人（維持）", "", "", "基準値がないため"),
        ("150人（維持）", "150", "累計", "集計方法が累計のため"),
        ("150人以上を維持", "150", "", "条件「以上」があるため"),
    ],
)
def test_a_figure_that_cannot_be_kept_by_the_rules_is_one_to_reach(
    written, baseline, counting, why
):
    file = _file(written, baseline, counting=counting)

    assert looked(file).notes[0] == (
        f"シート「目標」の2行目 B列（目標値）：「{written}」を数字の目標の150と読みました。"
        f"{why}、基準値を保つ目標にはしていません。"
    )
    taken(file)
    target = FinalTarget.objects.get()
    assert (target.value, target.tolerance) == (150, None)


def test_words_stay_words_where_it_is_said_how_they_are_met():
    file = with_sheets(
        指標=[_KPIS, ("P1-1", "待機児童数", "人")],
        目標=[
            ("KPI番号", "目標値", "満たし方", "基準値"),
            ("P1-1", "0人（維持）", "人が決める", "0"),
        ],
    )

    assert looked(taken(file) and exported("mihon-2026")).changes == []
    assert FinalTarget.objects.get().words == "0人（維持）"


def test_a_figure_takes_the_place_of_words_and_words_of_a_figure():
    plan = taken(_file("現状を維持", "3", direction="以下"))

    figure = rewritten(exported(plan), {"目標!C2": "5"})
    assert differences(looked(figure)) == [
        ("目標", "P1-1／", "目標値", "現状を維持", "5"),
        ("目標", "P1-1／", "満たし方", "基準値を保つ", ""),
    ]
    assert looked(figure).notes == [
        "P1-1の目標が数字になったので、満たし方「基準値を保つ」を削除します。"
    ]
    taken(figure)
    words = rewritten(exported(plan), {"目標!C2": "現状を維持"})
    taken(words)
    target = FinalTarget.objects.get()
    assert (target.value, target.words, target.met_by) == (None, "現状を維持", "kept")
    assert looked(exported(plan)).changes == []


def test_a_figure_with_another_way_to_be_met_is_told_what_to_write():
    plan = taken(_file("現状を維持", "3", direction="以下"))

    file = rewritten(exported(plan), {"目標!C2": "5", "目標!F2": "人が決める"})

    assert [str(one) for one in looked(file).problems] == [
        (
            "シート「目標」の2行目 F列（満たし方）「人が決める」："
            "ことばの目標だけのものです。空欄にするか、削除と書いてください。"
        )
    ]


@pytest.mark.parametrize(
    ("unit", "written", "remedy"),
    [
        ("万人", "380千人", "単位が指標の「万人」と違います。38万人、または38と書いてください。"),
        ("人", "25名", "数字だけを書くか、シート「指標」の単位を直してください。"),
        ("件", "約97件", "「約」を消してください。"),
        ("経営体", "約97経営体", "「約」を消してください。"),
        ("件", "100〜120件", "片方の端だけを書いてください（例：100件以上）。"),
    ],
)
def test_what_is_nearly_a_figure_is_told_with_the_figure_to_write(unit, written, remedy):
    (problem,) = looked(_file(written, unit=unit)).problems

    assert (problem.place, problem.written) == ("シート「目標」の2行目 B列（目標値）", written)
    assert remedy in problem.message
