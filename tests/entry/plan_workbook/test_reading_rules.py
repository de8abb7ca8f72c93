"""How sheets, columns and cells are read, whatever people write from a printed plan."""

import pytest

from common.spreadsheets.refusals import FileRefused
from entry.plan_workbook.workbook import read_workbook
from kpis.models import FinalTarget, Kpi, YearlyTarget
from kpis.recording import ActualEntry  # noqa: F401
from kpis.series import load_series
from projects.bands import DEFAULT_BANDS, bands_to_data
from projects.models import Department, Initiative, Project
from tests.entry.actuals_files import csv_bytes
from tests.plan_workbooks import (
    PLAN,
    SMALL,
    content_of,
    differences,
    exported,
    looked,
    taken,
    with_sheets,
)

pytestmark = [pytest.mark.django_db, pytest.mark.asked_once]


def problems_of(**sheets):
    return [str(one) for one in looked(with_sheets(**sheets)).problems]


# Sheets and columns


def test_sheets_go_by_name_and_columns_by_heading_in_any_order_and_width():
    file = {
        "目標": [("目標値", "ＫＰＩ番号"), ("５０", "ｐ１－１")],
        " 指 標 ": [("単位", "指標名", "KPI 番号"), ("件", "起業件数", "Ｐ１−１")],
        "プロジェクト": [("名称", "柱", "記号"), ("起業の応援", "１", "Ｐ１")],
        "柱": [("名称", "番号"), ("しごとをつくる", "１")],
        "計画": [("内容", "項目"), *((content, item) for item, content in PLAN[1:])],
    }

    assert looked(file).problems == []
    plan = taken(file)
    assert str(Kpi.objects.get()) == "P1-1 起業件数"
    assert FinalTarget.objects.get().value == 50
    assert differences(looked(SMALL)) == []
    assert plan.code == "mihon-2026"


def test_what_is_not_used_is_listed():
    found = looked(
        with_sheets(
            メモ=[("あれこれ",)],
            記入例=[("シート", "例")],
            指標=[
                ("KPI番号", "指標名", "単位", "担当者", None),
                ("P1-1", "起業件数", "件", "山田", "余白"),
            ],
            計画=[*PLAN, ("議決の日", "2023-12-20")],
        )
    )

    assert found.problems == []
    assert found.notes[:2] == [
        "シート「指標」で使わない列：「担当者」（値が1行にあります）、「見出しのない列」。",
        "使わないシート：「メモ」。",
    ]
    assert found.notes[2].startswith(
        "シート「計画」の8行目 A列（項目）：「議決の日」は使いません（使える項目：計画コード、"
    )


def test_workbook_without_what_is_required_is_refused_sheet_by_sheet():
    assert [str(one) for one in looked({"柱": SMALL["柱"]}).problems] == [
        "シート「計画」がないか、データの行がありません。ひな形のとおりに加えてください。",
        "シート「指標」がないか、データの行がありません。ひな形のとおりに加えてください。",
    ]
    with pytest.raises(FileRefused, match="計画のシートがありません。使えるシート：計画、"):
        read_workbook(content_of({"Sheet1": [("KPI番号",)]}))
    with pytest.raises(FileRefused, match="CSVには、シートが1つしか入りません"):
        read_workbook(csv_bytes(["KPI番号"], ["P1-1"]))


def test_sheet_that_cannot_be_read_is_told_once_and_not_again_where_it_is_referred_to():
    doubled = [("番号", "名称", "番号"), ("1", "しごとをつくる", "2")]
    unnamed = [("名称",), ("しごとをつくる",)]

    for pillars, says in (
        (doubled, "見出し「番号」が2つ以上あります。1つにしてください。"),
        (unnamed, "1行目の見出しに「番号」がありません。"),
    ):
        (problem,) = looked(with_sheets(柱=pillars)).problems
        assert problem.place == "シート「柱」"
        assert problem.message.startswith(says)


def test_missing_sheet_is_told_once_where_it_is_needed():
    file = {name: rows for name, rows in SMALL.items() if name != "柱"}

    (problem,) = looked(file).problems
    assert problem.place == "シート「プロジェクト」の2行目 B列（柱）"
    assert problem.message.startswith("シート「柱」がないか、データの行がありません。")


def test_headings_alone_are_a_sheet_that_says_nothing():
    file = with_sheets(取組=[("プロジェクト", "番号", "取組名")], 公表=[("KPI番号", "年度", "率")])

    assert looked(file).problems == []


# Cells


def test_blank_cell_row_column_and_sheet_change_nothing():
    taken(
        with_sheets(
            指標=[
                ("KPI番号", "指標名", "単位", "出典", "備考"),
                ("P1-1", "起業件数", "件", "窓口", "一"),
                ("P1-2", "相談件数", "件", "窓口", "二"),
            ]
        )
    )
    file = {
        "計画": [("項目", "内容"), ("計画コード", "mihon-2026"), ("計画名", "")],
        "指標": [("KPI番号", "備考", "指標名"), ("P1-1", "", "")],
    }

    assert looked(file).changes == []


def test_years_are_read_in_every_spelling_also_as_headings():
    file = with_sheets(
        計画=[*PLAN[:5], ("最初の年度", "令和６年度"), ("最終年度", "R10")],
        目標=[
            ("KPI番号", "適用年度", "目標値", "基準値", "基準値の年度", "理由"),
            ("P1-1", "", "50", "30", "平成31年度", ""),
            ("P1-1", "令和8", "60", "", "", "見直し"),
        ],
        年度目安=[
            ("KPI番号", "令和6年度", "2025", "Ｒ８", "令和９年"),
            ("P1-1", "10", "20", "30", "40"),
        ],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "令和6", "9"), ("P1-1", "2025年度", "8")],
    )

    plan = taken(file)

    assert (plan.first_year, plan.last_year) == (2024, 2028)
    assert [one.effective_from for one in FinalTarget.objects.all()] == [2024, 2026]
    assert Kpi.objects.get().baseline_year == 2019
    assert [*YearlyTarget.objects.values_list("fiscal_year", "value")] == [
        (2024, 10), (2025, 20), (2026, 30), (2027, 40),
    ]  # fmt: skip
    (series,) = load_series(plan)
    assert [series.assess(year).value for year in (2024, 2025)] == [9, 8]


def test_first_year_and_a_blank_one_are_the_same():
    file = with_sheets(
        目標=[("KPI番号", "適用年度", "目標値"), ("P1-1", "2024", "50")],
        評価のきまり=[("適用年度", "対象", "方法", "使う率"), ("2024", "指標", "率", "達成率")],
    )

    taken(file)

    assert looked(file).changes == []
    assert looked(exported("mihon-2026")).changes == []


def test_figures_are_read_as_everywhere_and_in_the_unit_of_their_kpi():
    taken(
        with_sheets(
            指標=[
                ("KPI番号", "指標名", "単位", "小数桁数"),
                ("P1-1", "利用者数", "人", ""),
                ("P1-2", "満足度", "％", "1"),
                ("P1-3", "収支", "百万円", ""),
            ],
            目標=[
                ("KPI番号", "目標値", "基準値"),
                ("P1-1", "１２，３４５人", "1,000 人"),
                ("P1-2", "80.5％以上", 0.5),
                ("P1-3", "50", "△３"),
            ],
        )
    )

    assert [(one.unit, one.baseline) for one in Kpi.objects.order_by("number")] == [
        ("人", 1000), ("%", 0.5), ("百万円", -3),
    ]  # fmt: skip
    values = FinalTarget.objects.order_by("kpi__number").values_list("value", flat=True)
    assert [f"{one:f}".rstrip("0").rstrip(".") for one in values] == ["12345", "80.5", "50"]


@pytest.mark.parametrize(
    ("written", "direction", "says"),
    [
        (("80以上", "", ""), "increase", ("80", False)),
        (("80", "超", ""), "increase", ("80", True)),
        (("80を超える", "", ""), "increase", ("80", True)),
        (("10以下", "", ""), "decrease", ("10", False)),
        (("10", "未満", "以下"), "decrease", ("10", True)),
        (("10未満", "", ""), "decrease", ("10", True)),
    ],
)
def test_condition_stands_in_the_target_or_beside_it(written, direction, says):
    target, condition, way = written
    taken(
        with_sheets(
            指標=[("KPI番号", "指標名", "単位", "目指す方向"), ("P1-1", "件数", "件", way)],
            目標=[("KPI番号", "目標値", "条件"), ("P1-1", target, condition)],
        )
    )

    found = FinalTarget.objects.get()
    assert (f"{found.value:.0f}", found.is_strict) == says
    assert found.kpi.direction == direction


def test_condition_against_the_direction_is_told():
    (problem,) = problems_of(
        指標=[("KPI番号", "指標名", "単位", "目指す方向"), ("P1-1", "件数", "件", "以上")],
        目標=[("KPI番号", "目標値"), ("P1-1", "10以下")],
    )

    assert problem == (
        "シート「目標」の2行目 B列（目標値）「10以下」：条件「以下」が、"
        "目指す方向「以上」と合いません。どちらかを直してください。"
    )


def test_words_are_taken_as_cities_write_them():
    taken(
        with_sheets(
            指標=[
                ("KPI番号", "指標名", "単位", "集計方法", "目指す方向", "達成率の算式"),
                ("P1-1", "件数", "なし", "累計（のべ）", "以上を目指す", "実績÷目標"),
            ],
            評価のきまり=[
                ("対象", "方法", "上限", "下限", "端数"),
                ("指標", "率", "なし", "無し", "切り捨て"),
                ("プロジェクト", "なし", "", "", ""),
            ],
            評価区分=[("名称", "下限", "遅れ"), ("◯", "100%", "×"), ("△", "", "〇")],
        )
    )  # fmt: skip

    kpi = Kpi.objects.get()
    plan = kpi.project.strategy
    assert (kpi.unit, kpi.aggregation, kpi.direction) == ("", "cumulative", "increase")
    assert (plan.average_cap, plan.average_floor, plan.rate_rounding) == (None, None, "cut")
    assert plan.project_method == "none"
    assert [(one["label"], one["lower"]) for one in plan.bands] == [("◯", "100"), ("△", None)]
    assert [one["is_late"] for one in plan.bands] == [False, True]


def test_what_was_read_otherwise_is_listed_once_with_its_count():
    rows = [(f"P1-{number}", f"指標{number}", "件") for number in range(1, 5)]
    found = looked(
        with_sheets(
            指標=[("KPI番号", "指標名", "単位"), *rows],
            目標=[("KPI番号", "目標値"), *((name, "80件以上") for name, _name, _unit in rows)],
        )
    )

    (note,) = found.notes
    assert note == (
        "シート「目標」の2行目 B列（目標値）ほか3セル："
        "「80件以上」を「80（条件：以上）」と読みました。"
    )


# Rules of rating


def test_without_rules_it_rates_by_progress_with_four_bands():
    plan = taken(SMALL)

    assert (plan.rating_method, plan.rating_basis) == ("rate", "progress")
    assert (plan.average_cap, plan.average_floor, plan.rate_decimals) == (100, 0, 1)
    assert (plan.rate_rounding, plan.project_method) == ("half_up", "mean")
    assert plan.bands == bands_to_data(DEFAULT_BANDS)


@pytest.mark.parametrize(("method", "projects"), [("率", "mean"), ("なし", "none"), ("人", "none")])
def test_projects_without_a_row_are_rated_by_means_where_kpis_are_by_rates(method, projects):
    bands = [("名称",), ("良い",), ("悪い",)] if method == "人" else [("名称", "下限")]

    plan = taken(with_sheets(評価のきまり=[("対象", "方法"), ("指標", method)], 評価区分=bands))

    assert plan.project_method == projects


# Departments


def test_departments_go_by_code_or_name_several_with_the_first_in_charge():
    known = Department.objects.create(code="S01", name="商工・観光課")
    file = with_sheets(
        所管課=[("コード", "名称"), ("K01", "健康課"), ("", "土木課"), ("S01", "別の名")],
        取組=[("プロジェクト", "番号", "取組名", "所管課"), ("P1", "1", "起業の支援", "Ｋ０１")],
        指標=[
            ("KPI番号", "指標名", "単位", "所管課"),
            ("P1-1", "件数", "件", "商工・観光課"),
            ("P1-2", "人数", "人", "健康課、S01／土木課"),
            ("P1-3", "回数", "回", "健康課・土木課"),
        ],
    )

    taken(file)

    known.refresh_from_db()
    assert known.name == "商工・観光課"
    assert Initiative.objects.get().department.name == "健康課"
    assert [
        (one.department.name, [two.name for two in one.related_departments.order_by("code")])
        for one in Kpi.objects.order_by("number")
    ] == [
        ("商工・観光課", []), ("健康課", ["土木課", "商工・観光課"]), ("健康課", ["土木課"]),
    ]  # fmt: skip
    assert [one.code for one in Department.objects.order_by("code")] == ["D03", "K01", "S01"]


def test_department_of_that_name_is_used_and_never_changed():
    Department.objects.create(code="S01", name="商工課")
    file = with_sheets(
        所管課=[("コード", "名称", "廃止日"), ("X9", "商工課", "2030-03-31")],
        指標=[("KPI番号", "指標名", "単位", "所管課"), ("P1-1", "件数", "件", "商工課")],
    )

    assert looked(file).notes == [
        "シート「所管課」の2行目：「商工課」（S01）はすでにあるため、そのままです。"
    ]
    taken(file)

    found = Department.objects.get()
    assert (found.code, found.valid_until) == ("S01", None)


# What a row has no use for


@pytest.mark.parametrize(
    ("sheets", "place", "says"),
    [
        (
            {
                "移動": [
                    ("KPI番号", "適用年度", "プロジェクト", "番号", "理由"),
                    ("P1-1", "", "P1", "2", "なぜか"),
                    ("P1-1", "2026", "P1", "1", "見直し"),
                ]
            },
            "シート「移動」の2行目 E列（理由）",
            "移した年度の行に書いてください。",
        ),
        (
            {"評価のきまり": [("対象", "方法", "桁"), ("プロジェクト", "平均", "2")]},
            "シート「評価のきまり」の2行目 C列（桁）",
            "対象がプロジェクトの行では使いません。空欄にしてください。",
        ),
        (
            {"評価のきまり": [("対象", "KPI番号", "方法", "上限"), ("指標", "P1-1", "率", "120")]},
            "シート「評価のきまり」の2行目 D列（上限）",
            "すべての指標の行（KPI番号が空欄）だけのものです。空欄にしてください。",
        ),
        (
            {"評価区分": [("名称", "下限", "許容幅"), ("順調", "80", "5%"), ("遅れ", "", "")]},
            "シート「評価区分」の2行目 C列（許容幅）",
            "位置で評価する行だけのものです。相手と関係も書いてください。",
        ),
        (
            {"目標": [("KPI番号", "目標値", "満たし方"), ("P1-1", "50", "人が決める")]},
            "シート「目標」の2行目 C列（満たし方）",
            "ことばの目標だけのものです。空欄にするか、削除と書いてください。",
        ),
    ],
)
def test_cell_that_its_row_has_no_use_for_is_refused_and_never_left_out(sheets, place, says):
    (problem,) = looked(with_sheets(**sheets)).problems

    assert problem.place == place
    assert problem.message.endswith(says)


# Projects


def test_project_keeps_the_sign_that_the_plan_prints_and_a_direction_a_line():
    taken(
        with_sheets(
            プロジェクト=[
                ("記号", "表記", "柱", "名称", "方向性"),
                ("P1", "施策1-2-3", "1", "起業の応援", "広げる\n\n続ける"),
            ]
        )
    )

    project = Project.objects.get()
    assert project.sign == "施策1-2-3"
    assert [one.text for one in project.directions.all()] == ["広げる", "続ける"]
