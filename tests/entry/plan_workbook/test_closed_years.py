"""Nothing that a workbook says changes what a closed year is."""

import pytest

from entry.plan_workbook.importing import WorkbookRefused
from kpis.recording import close_years_through
from kpis.series import load_series
from reports.annual.law import differences_from_kept
from tests.made_once import made_once
from tests.plan_workbooks import looked, taken, with_sheets

CODE = "mihon-2026"
PLAN = with_sheets(
    取組=[
        ("プロジェクト", "番号", "取組名"),
        ("P1", "1", "起業の支援"),
        ("P1", "2", "相談の窓口"),
    ],
    プロジェクト=[("記号", "柱", "名称"), ("P1", "1", "起業の応援"), ("P2", "1", "雇用")],
    指標=[
        ("KPI番号", "指標名", "単位"),
        ("P1-1", "起業件数", "件"),
        ("P1-2", "相談件数", "件"),
    ],
    目標=[("KPI番号", "目標値", "基準値"), ("P1-1", "50", "5"), ("P1-2", "60", "6")],
    年度目安=[("KPI番号", "2024", "2025"), ("P1-1", "10", "20")],
    実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2024", "9"), ("P1-2", "2024", "20")],
)
# Of each, what it would change of 2024, which is closed, and what is said.
CHANGES = {
    "a figure": {"実績": [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "10")]},
    "a figure that goes": {"実績": [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "削除")]},
    "an explanation": {"実績": [("KPI番号", "年度", "要因分析"), ("P1-1", "2024", "後から")]},
    "a target": {"目標": [("KPI番号", "目標値"), ("P1-1", "40")]},
    "a target year": {"目標": [("KPI番号", "目標年度"), ("P1-1", "2027")]},
    "a baseline": {"目標": [("KPI番号", "基準値"), ("P1-1", "4")]},
    "a yearly target": {"年度目安": [("KPI番号", "2024"), ("P1-1", "11")]},
    "a yearly target that goes": {"年度目安": [("KPI番号", "2024"), ("P1-1", "削除")]},
    "a KPI from the beginning": {
        "指標": [("KPI番号", "指標名", "単位"), ("P1-3", "新しい指標", "件")]
    },
    "a KPI that begins later": {"指標": [("KPI番号", "開始年度"), ("P1-1", "2025")]},
    "a KPI that goes": {
        "指標": [("KPI番号", "指標名"), ("P1-2", "削除")],
        "実績": [("KPI番号", "年度", "実績値"), ("P1-2", "2024", "削除")],
    },
    "a unit": {"指標": [("KPI番号", "単位"), ("P1-1", "人")]},
    "a former place": {
        "移動": [("KPI番号", "適用年度", "プロジェクト", "番号"), ("P1-1", "", "P2", "1"),
                 ("P1-1", "2025", "P1", "1")],
    },
    "the rules of rating": {
        "評価のきまり": [("対象", "方法", "使う率"), ("指標", "率", "達成率")]
    },
    "bands": {"評価区分": [("記号", "下限"), ("A", "90"), ("B", "")]},
    "rules of one KPI": {
        "評価のきまり": [("対象", "KPI番号", "方法", "使う率"), ("指標", "P1-1", "率", "達成率")]
    },
    "the first year": {"計画": [("項目", "内容"), ("計画コード", CODE), ("最初の年度", "2023")]},
    "the last year": {"計画": [("項目", "内容"), ("計画コード", CODE), ("最終年度", "2029")]},
    "an initiative that goes": {"取組": [("プロジェクト", "番号", "取組名"), ("P1", "2", "削除")]},
    "an initiative that begins later": {
        "取組": [("プロジェクト", "番号", "開始年度"), ("P1", "2", "2025")]
    },
}  # fmt: skip


@pytest.fixture
@made_once
def plan(kikaku):
    plan = taken(PLAN, is_in_force=True)
    close_years_through(plan, 2024, user=kikaku)
    return plan


@pytest.mark.parametrize("what", CHANGES)
def test_closed_year_stays_as_it_is(plan, what):
    file = {"計画": [("項目", "内容"), ("計画コード", CODE)], **CHANGES[what]}

    found = looked(file)
    assert found.changes
    assert ["締め済み" in one.message for one in found.problems] == [True], found.problems
    with pytest.raises(WorkbookRefused):
        taken(file)
    assert all(year.holds for year in differences_from_kept(plan))


def test_open_years_change_beside_closed_ones(plan):
    taken(
        {
            "計画": [("項目", "内容"), ("計画コード", CODE)],
            "計画期間": [("適用年度", "最終年度", "理由"), ("2025", "2029", "1年延ばした")],
            "指標": [
                ("KPI番号", "指標名", "単位", "開始年度", "開始の理由"),
                ("P1-3", "新しい指標", "件", "2025", "新たに測れる"),
            ],
            "目標": [
                ("KPI番号", "適用年度", "目標値", "理由"),
                ("P1-1", "2025", "40", "見直し"),
                ("P1-3", "", "9", ""),
            ],
            "年度目安": [("KPI番号", "2025"), ("P1-1", "18")],
            "柱": [("番号", "名称"), ("2", "ひとをそだてる")],
            "プロジェクト": [("記号", "柱", "名称"), ("P1", "2", ""), ("P2", "", "削除")],
            "実績": [("KPI番号", "年度", "実績値"), ("P1-1", "2025", "10")],
        }
    )

    plan.refresh_from_db()
    assert all(year.holds for year in differences_from_kept(plan))
    first, _second, third = load_series(plan)
    assert (first.assess(2025).expected, first.assess(2025).value) == (18, 10)
    assert [first.course.target(year).value for year in (2024, 2025)] == [50, 40]
    assert third.years == [2025, 2026, 2027, 2028, 2029]


def test_new_kpi_is_told_the_column_of_its_first_year(plan):
    new = {"計画": [("項目", "内容"), ("計画コード", CODE)], **CHANGES["a KPI from the beginning"]}

    (problem,) = looked(new).problems
    assert str(problem) == (
        "シート「指標」の2行目（開始年度）：令和6年度は締め済みです。"
        "指標を加えられるのは、締めていない年度からです。開始年度の列に、加わる年度を書いてください。"
    )
