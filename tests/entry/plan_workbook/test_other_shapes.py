"""Plans that are judged otherwise: they come in, go out, come in again, and say what was published.

All that stands in the sheets 公表 is reckoned by hand.
"""

import pytest
from django.db import transaction

from tests.plan_workbooks import PLAN, differences, exported, looked, taken
from tests.rated_otherwise import TEN_MARKS

_PARTS = {
    "計画": PLAN,
    "柱": [("番号", "名称"), ("1", "しごとをつくる")],
    "プロジェクト": [("記号", "柱", "名称"), ("P1", "1", "起業の応援")],
}
# From a baseline on, upwards and downwards, with ten marks: two decimals, cut.
FROM_BASELINE = {
    **_PARTS,
    "評価のきまり": [
        ("対象", "方法", "使う率", "上限", "下限", "桁", "端数"),
        ("指標", "率", "進捗率", "なし", "なし", "2", "切り捨て"),
    ],
    "評価区分": [
        ("名称", "下限", "遅れ"),
        *(
            (one.label, "" if one.lower is None else str(one.lower), "○" if one.is_late else "")
            for one in TEN_MARKS
        ),
    ],
    "指標": [
        ("KPI番号", "指標名", "単位", "目指す方向", "達成率の算式"),
        ("P1-1", "従業者数", "人", "以上", "基準値からの伸び"),
        ("P1-2", "空き店舗", "件", "以下", "基準値からの伸び"),
        ("P1-3", "収支", "百万円", "以上", "基準値からの伸び"),
    ],
    "目標": [
        ("KPI番号", "目標値", "基準値"),
        ("P1-1", "200", "100"),
        ("P1-2", "20", "50"),
        ("P1-3", "-10", "-60"),
    ],
    "実績": [
        ("KPI番号", "年度", "実績値"),
        *(("P1-1", year, value) for year, value in ((2024, 95), (2025, 130), (2026, 180))),
        *(("P1-2", year, value) for year, value in ((2024, 52), (2025, 40), (2026, 30))),
        *(("P1-3", year, value) for year, value in ((2024, "△65"), (2025, "-40"), (2026, 0))),
    ],
    "公表": [
        ("KPI番号", "年度", "率の種類", "率", "評価"),
        # 120, 140 and 160 are due
        ("P1-1", "2024", "", "△25.00", "未着手に近い"),
        ("P1-1", "2025", "", "75.00", "やや遅れ"),
        ("P1-1", "2026", "", "133.33", "目標を上回る"),
        ("P1-1", "2024", "達成率", "-5.00", ""),
        ("P1-1", "2026", "達成率", "80.00", ""),
        # 44, 38 and 32 are due
        ("P1-2", "2024", "", "-33.33", "未着手に近い"),
        ("P1-2", "2025", "", "83.33", "やや順調"),
        ("P1-2", "2026", "", "111.11", "目標どおり"),
        # -50, -40 and -30 are due
        ("P1-3", "2024", "", "-50.00", "未着手に近い"),
        ("P1-3", "2025", "", "100.00", "目標どおり"),
        ("P1-3", "2026", "", "200.00", "目標を大きく上回る"),
    ],
}
# Goals alone, without a unit, in words; people give letters.
GOALS_BY_LETTERS = {
    "計画": PLAN,
    "評価のきまり": [("対象", "方法"), ("指標", "人"), ("プロジェクト", "なし")],
    "評価区分": [
        ("記号", "名称"), ("S", "期待を超える"), ("A", "期待どおり"), ("B", "やや不足"),
        ("C", "不足"),
    ],
    "柱": _PARTS["柱"],
    "指標": [
        ("KPI番号", "指標名", "単位", "小数桁数"),
        ("G0-1", "住みやすさ", "なし", "2"),
        ("G1-1", "働きやすさ", "なし", "0"),
        ("G1-2", "仕組みづくり", "なし", "0"),
    ],
    "目標": [
        ("KPI番号", "目標値", "満たし方", "基準値"),
        ("G0-1", "3.5", "", "3.1"),
        ("G1-1", "向上", "基準値より良い", "50"),
        ("G1-2", "協議会の設置", "人が決める", ""),
    ],
    "実績": [
        ("KPI番号", "年度", "実績値", "評価の案", "評価の案の理由", "評価", "評価の理由"),
        ("G0-1", "2024", "3.15", "A", "伸びている", "B", "伸びが足りない"),
        ("G1-1", "2024", "52", "", "", "A 期待どおり", "基準値より良い"),
        ("G1-2", "2024", "準備会を開いた", "", "", "やや不足", "設置に至らない"),
        ("G1-2", "2025", "協議会を設けた", "S", "早く設けた", "", ""),
    ],
    "公表": [
        ("KPI番号", "年度", "率の種類", "率", "評価"),
        ("G0-1", "2024", "達成率", "90.0", "B"),
        ("G1-1", "2024", "", "", "期待どおり"),
        ("G1-2", "2024", "", "－", "B やや不足"),
        ("G1-2", "2025", "", "", "―"),
    ],
}  # fmt: skip
# By position: better, as good as, or worse than before by 3% of it; the baseline comes first.
BY_POSITION = {
    **_PARTS,
    "評価のきまり": [("対象", "方法"), ("指標", "位置"), ("プロジェクト", "なし")],
    "評価区分": [
        ("記号", "相手", "関係", "許容幅", "遅れ"),
        ("↗", "最終目標", "達する", "", ""),
        ("↗", "前の値", "より良い", "3%", ""),
        ("→", "前の値", "同程度", "3％", ""),
        ("↘", "その他", "", "", "○"),
    ],
    "指標": [
        ("KPI番号", "指標名", "単位", "目指す方向"),
        ("P1-1", "観光客", "千人", "以上"),
        ("P1-2", "待ち時間", "分", "以下"),
    ],
    "目標": [
        ("KPI番号", "目標値", "基準値", "基準値の年度"),
        ("P1-1", "120", "100", "2023"),
        ("P1-2", "10", "40", "2023"),
    ],
    "実績": [
        ("KPI番号", "年度", "実績値"),
        *(("P1-1", 2024 + at, value) for at, value in enumerate((104, 102, 98, 120))),
        *(("P1-2", 2024 + at, value) for at, value in enumerate((41, 38, 39, 10))),
    ],
    "公表": [
        ("KPI番号", "年度", "評価"),
        # 100→104 +4%, →102 -1.9%, →98 -3.9%, 120 reaches the target
        ("P1-1", "2024", "↗"), ("P1-1", "2025", "→"), ("P1-1", "2026", "↘"), ("P1-1", "2027", "↗"),
        # 40→41 within 3%, →38 better by 7.3%, →39 within 3% of 38 (1.14)
        ("P1-2", "2024", "→"), ("P1-2", "2025", "↗"), ("P1-2", "2026", "→"), ("P1-2", "2027", "↗"),
    ],
}  # fmt: skip


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("file", "summary"),
    [
        (FROM_BASELINE, "率 11／11　評価 9／9"),
        (GOALS_BY_LETTERS, "率 2／2　評価 4／4"),
        (BY_POSITION, "率 0／0　評価 8／8"),
    ],
    ids=["from a baseline", "goals by letters", "by position"],
)
def test_plan_of_another_shape_comes_in_goes_out_and_says_what_was_published(db, file, summary):
    found = looked(file)
    assert found.problems == []
    assert [str(one) for one in found.trial.different] == []
    assert found.trial.summary == summary
    with transaction.atomic():
        first = exported(taken(file))
        transaction.set_rollback(True)
    plan = taken(first)
    assert exported(plan) == first
    assert differences(looked(file)) == []
    assert looked(file).trial == found.trial
