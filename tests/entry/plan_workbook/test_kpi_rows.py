"""KPIs from the sheet 指標: what a row adds and changes, and what is wrong in which cell."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry, Kind
from entry.plan_workbook.importing import ChangedMeanwhile, WorkbookRefused, take_in
from entry.plan_workbook.workbook import read_workbook
from kpis.models import Aggregation, Direction, Formula, Kpi
from kpis.recording import close_years_through
from projects.models import Department, PlanState, Strategy
from tests.entry.plan_workbook.kpi_sheets import (
    FILE,
    KPIS,
    differences,
    kpis,
    looked,
    one,
    problems,
    take,
    workbook,
)
from tests.factories import make_department, make_kpi, make_source, make_strategy, make_user, record


def test_looking_over_tells_old_and_new_and_writes_nothing(kikaku, kpi):
    content = kpis(["P1-1", "支援した件数", ""], headings=["KPI番号", "指標名", "備考"])

    assert differences(kikaku, content) == [("指標", "P1-1", "指標名", "支援件数", "支援した件数")]
    kpi.refresh_from_db()
    assert (kpi.name, kpi.history.count()) == ("支援件数", 1)


def test_rows_are_written_with_who_and_the_files_name_in_the_history(kikaku, kpi):
    department = make_department("D01")

    take(kikaku, kpis(["Ｐ１-１", "", "D01課"], headings=["KPI番号", "指標名", "所管課"]))

    kpi.refresh_from_db()
    assert (kpi.name, kpi.department) == ("支援件数", department)
    written = kpi.history.first()
    assert (written.history_user, written.history_change_reason) == (
        kikaku,
        f"ファイルの取り込み：{FILE}",
    )
    audited = AuditEntry.objects.get(kind=Kind.IMPORT)
    what = f"見本市総合戦略の計画のワークブック「{FILE}」"
    assert (audited.what, audited.login) == (what, "kikaku")


def test_unknown_number_is_a_new_kpi_and_a_known_one_changes(kikaku, kpi):
    make_department("D01")
    content = workbook(
        指標=[
            KPIS,
            ["P1-1", "", "", "", "", "", "", "", "", "", "要確認"],
            ["P1-2", "待機児童数", "人", "1", "単年度", "以下", "基準値からの伸び", "D01",
             "住民基本台帳から", "市統計", ""],
        ],
        目標=[["KPI番号", "目標値", "基準値", "基準値の年度"], ["P1-2", "50.5", "65", "R5"]],
    )  # fmt: skip

    take(kikaku, content)

    kpi.refresh_from_db()
    assert (kpi.name, kpi.note) == ("支援件数", "要確認")
    added = Kpi.objects.get(number=2)
    assert (added.name, added.unit, added.decimal_places) == ("待機児童数", "人", 1)
    assert (added.aggregation, added.direction, added.formula) == (
        Aggregation.ANNUAL,
        Direction.DECREASE,
        Formula.FROM_BASELINE,
    )
    assert (added.baseline, added.baseline_year) == (65, 2023)
    assert (added.department.code, added.definition) == ("D01", "住民基本台帳から")
    target = added.final_targets.get()
    assert (target.effective_from, target.value) == (2024, Decimal("50.5"))
    assert added.history.get().history_user == kikaku
    assert target.history.get().history_change_reason == f"ファイルの取り込み：{FILE}"


def test_columns_may_stand_in_any_order_and_be_left_out(kikaku, project):
    take(kikaku, kpis(["件数", "件", "P1-3"], headings=["指標名", "単位", "KPI番号"]))

    kpi = Kpi.objects.get()
    assert (kpi.number, kpi.decimal_places, kpi.formula) == (3, 0, Formula.RATIO)
    assert (kpi.aggregation, kpi.direction) == (Aggregation.ANNUAL, Direction.INCREASE)
    assert not kpi.final_targets.exists()


def test_blank_cells_leave_everything_as_it_is(kikaku, project):
    kpi = make_kpi(project, unit="人", definition="数える", department=make_department())

    take(kikaku, kpis(["P1-1", *[""] * 10]))

    assert kpi.history.count() == 1
    assert Kpi.objects.get().unit == "人"


def test_unit_is_kept_by_a_blank_and_taken_off_by_its_word(kikaku, project):
    said = [("人", ""), ("人", "なし"), ("", ""), ("人", "％"), ("", "件")]
    for number, (unit, _cell) in enumerate(said, start=1):
        make_kpi(project, number, unit=unit)
    rows = [[f"P1-{number}", cell] for number, (_unit, cell) in enumerate(said, start=1)]

    take(kikaku, kpis(*rows, headings=["KPI番号", "単位"]))

    units = Kpi.objects.order_by("number").values_list("unit", flat=True)
    assert list(units) == ["人", "", "", "%", "件"]


def test_new_kpis_without_a_unit_have_none_and_are_named(kikaku, project):
    rows = [[f"P1-{number}", "指標", ""] for number in range(1, 8)]
    content = kpis(*rows, ["P1-8", "指標", "なし"], headings=["KPI番号", "指標名", "単位"])

    assert looked(kikaku, content).notes == [
        "P1-1、P1-2、P1-3、P1-4、P1-5ほか2件の単位が空欄なので、単位のない指標としました。"
    ]
    take(kikaku, content)

    assert set(Kpi.objects.values_list("unit", flat=True)) == {""}


def test_one_bad_row_keeps_all_rows_out_and_all_are_told(kikaku, kpi):
    content = kpis(
        ["P1-1", "別名", "件", ""],
        [],
        ["P1-2", "", "件", ""],
        ["P1-3", "指標", "件", "9"],
        headings=["KPI番号", "指標名", "単位", "小数桁数"],
    )

    assert problems(kikaku, content) == [
        ("シート「指標」の4行目 B列（指標名）", "指標名を書いてください。"),
        ("シート「指標」の5行目 D列（小数桁数）", "「9」は使えません。0から4までの整数です。"),
    ]
    with pytest.raises(WorkbookRefused):
        take_in(read_workbook(content), user=kikaku, file_name=FILE)
    kpi.refresh_from_db()
    assert (kpi.name, Kpi.objects.count()) == ("支援件数", 1)


BAD_CELLS = [
    ("集計方法", "平均", "「平均」は使えません。単年度・累計のどれかを書いてください。"),
    ("目指す方向", "上", "「上」は使えません。以上・以下のどれかを書いてください。"),
    ("達成率の算式", "割り算", "「割り算」は使えません。実績÷目標・目標との乖離・基準値からの伸び"),
    ("小数桁数", "5", "「5」は使えません。0から4までの整数です。"),
    ("所管課", "宇宙課", "「宇宙課」という課はありません。"),
    ("備考", '=HYPERLINK("x")', "数式は取り込めません。"),
    ("指標名", "=1+1", "数式は取り込めません。"),
    ("単位", "件" * 21, "単位は20字までです。"),
    ("出典", "あ" * 301, "300字までです（今は301字）。"),
    ("KPI番号", "P9-1", "「P9」は、シート「プロジェクト」にありません（あるもの：P1）。"),
    ("KPI番号", "1月2日", "記号と番号で P1-2 のように書いてください。"),
    ("KPI番号", "P1-0", "記号と番号で P1-2 のように書いてください。"),
    ("KPI番号", "P1-1①", "記号と番号で P1-2 のように書いてください。"),
]


def test_every_bad_cell_is_named_with_its_remedy_in_one_answer(kikaku, project):
    make_department("D01")
    rows = []
    for number, (heading, cell, _sentence) in enumerate(BAD_CELLS, start=1):
        make_kpi(project, number)
        row = {"KPI番号": f"P1-{number}", "指標名": "別名", heading: cell}
        rows.append([row.get(one, "") for one in KPIS])

    found = dict(problems(kikaku, kpis(*rows)))

    assert len(found) == len(BAD_CELLS)
    for row, (heading, _cell, sentence) in enumerate(BAD_CELLS, start=2):
        letter = "ABCDEFGHIJK"[KPIS.index(heading)]
        at = f"シート「指標」の{row}行目 {letter}列（{heading}）"
        assert found[at].startswith(sentence), at
    assert not Kpi.objects.filter(name="別名").exists()


def test_departments_are_named_by_name_or_code_the_first_the_owner(kikaku, project):
    for code in ("D01", "D02"):
        make_department(code)
    cells = ["D02課", "Ｄ０２", "Ｄ０２課、D01課", "D02／D01", "D02;D01"]
    rows = []
    for number, cell in enumerate(cells, start=1):
        make_kpi(project, number, department=Department.objects.get(code="D01"))
        rows.append([f"P1-{number}", cell])

    take(kikaku, kpis(*rows, headings=["KPI番号", "所管課"]))

    said = [
        (kpi.department.code, [one.code for one in kpi.related_departments.all()])
        for kpi in Kpi.objects.order_by("number")
    ]
    assert said == [("D02", [])] * 2 + [("D02", ["D01"])] * 3


def test_department_whose_name_two_have_is_named_by_its_code(kikaku, kpi):
    for code in ("D01", "D02"):
        Department.objects.create(code=code, name="福祉課")
    headings = ["KPI番号", "所管課"]

    place, said = one(problems(kikaku, kpis(["P1-1", "福祉課"], headings=headings)))
    assert place == "シート「指標」の2行目 B列（所管課）"
    assert "「福祉課」という課が複数あります。課コードで書いてください（D01、D02）。" in said
    take(kikaku, kpis(["P1-1", "D02"], headings=headings))

    kpi.refresh_from_db()
    assert kpi.department.code == "D02"


def test_same_kpi_twice_is_refused(kikaku, kpi):
    content = kpis(["P1-1", "a"], ["ｐ１－１", "b"], headings=["KPI番号", "備考"])

    assert problems(kikaku, content) == [
        (
            "シート「指標」の3行目 A列（KPI番号）",
            "2行目とKPI番号が同じです。KPI番号を直すか、1行にまとめてください。",
        )
    ]


GROWTH = "基準値からの伸び"
_TARGET = "シート「目標」の2行目 C列（目標値）"


@pytest.mark.parametrize(
    ("row", "baseline", "target", "place", "sentence"),
    [
        (["P1-2", "指標", "件", ""], "", "0", _TARGET, "目標値を0より大きく"),
        (
            ["P1-2", "指標", "件", GROWTH],
            "",
            "5",
            "シート「目標」の2行目 B列（基準値）",
            "基準値が要ります",
        ),
        (["P1-2", "指標", "件", GROWTH], "9", "5", _TARGET, "目標値を基準値より大きく"),
    ],
)
def test_formula_that_its_numbers_cannot_bear_is_refused(
    kikaku, kpi, row, baseline, target, place, sentence
):
    content = workbook(
        指標=[["KPI番号", "指標名", "単位", "達成率の算式"], row],
        目標=[["KPI番号", "基準値", "目標値"], [row[0], baseline, target]],
    )

    found_at, said = one(problems(kikaku, content))

    assert (found_at, sentence in said) == (place, True)
    assert Kpi.objects.count() == 1


def test_formula_that_a_standing_target_cannot_bear_is_refused(kikaku, kpi):
    content = workbook(
        指標=[["KPI番号", "達成率の算式"], ["P1-1", GROWTH]],
        目標=[["KPI番号", "基準値"], ["P1-1", "90"]],
    )

    assert problems(kikaku, content)[0] == (
        "シート「指標」の2行目 B列（達成率の算式）",
        f"最終目標値50：算式「{GROWTH}」では、目標値を基準値より大きくしてください。",
    )


def test_way_of_measuring_is_fixed_once_an_actual_exists(kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)

    content = kpis(["P1-1", "目標との乖離"], headings=["KPI番号", "達成率の算式"])

    assert problems(kikaku, content) == [
        (
            "シート「指標」の2行目 B列（達成率の算式）",
            (
                "実績が入力されているため、達成率の算式は変えられません。"
                "新しい指標として登録してください。"
            ),
        )
    ]


def test_decimals_of_a_standing_target_are_not_cut_off(kikaku, project):
    make_kpi(project, 1, target="50.5", decimal_places=1)

    assert problems(kikaku, kpis(["P1-1", "0"], headings=["KPI番号", "小数桁数"])) == [
        (
            "シート「指標」の2行目 B列（小数桁数）",
            "これより細かい目標値が入力されています。小数桁数は減らせません。",
        )
    ]


def test_unit_of_a_kpi_that_takes_its_figures_is_the_sources(kikaku, kpi):
    make_source(kpi)
    headings = ["KPI番号", "指標名", "単位"]

    assert problems(kikaku, kpis(["P1-1", "", "人"], headings=headings)) == [
        (
            "シート「指標」の2行目 C列（単位）",
            "単位は、元の指標（見本市総合計画のP1-2）と同じ「件」にしてください。",
        )
    ]
    take(kikaku, kpis(["P1-1", "改めた名", "件"], headings=headings))

    kpi.refresh_from_db()
    assert kpi.name == "改めた名"


# Years that are closed


def test_new_kpi_of_a_plan_with_closed_years_begins_in_an_open_one(kikaku, strategy, project):
    close_years_through(strategy, 2024, user=kikaku)
    headings = ["KPI番号", "指標名", "単位", "開始年度", "開始の理由"]

    refused = problems(kikaku, kpis(["P1-1", "件数", "件", "", ""], headings=headings))
    assert refused
    assert any("締め" in said for _place, said in refused), refused
    take(kikaku, kpis(["P1-1", "件数", "件", "R7", "新規"], headings=headings))

    added = Kpi.objects.get()
    assert (added.first_year, added.begin_reason) == (2025, "新規")


def test_plan_without_an_open_year_takes_no_new_kpi(kikaku, strategy, project):
    close_years_through(strategy, 2028, user=kikaku)

    content = kpis(["P1-1", "x", "件"], headings=["KPI番号", "指標名", "単位"])

    assert problems(kikaku, content)
    assert not Kpi.objects.exists()


# Whoever changes it meanwhile


def test_what_changed_since_it_was_looked_over_is_not_written(kikaku, kpi):
    other = make_kpi(kpi.project, 2)
    content = kpis(["P1-2", "x"], ["P1-1", "y"], headings=["KPI番号", "備考"])
    seen = looked(kikaku, content)
    kpi.note = "ほかの人の備考"
    kpi.save()

    with pytest.raises(ChangedMeanwhile):
        take_in(read_workbook(content), user=kikaku, file_name=FILE, expected=seen.fingerprint)
    other.refresh_from_db()
    assert other.note == ""


def test_what_was_taken_in_once_is_not_taken_in_again(kikaku, project):
    content = kpis(["P1-2", "件数", "件"], headings=["KPI番号", "指標名", "単位"])
    seen = looked(kikaku, content)
    take(kikaku, content)

    with pytest.raises(ChangedMeanwhile):
        take_in(read_workbook(content), user=kikaku, file_name=FILE, expected=seen.fingerprint)
    assert differences(kikaku, content) == []
    assert Kpi.objects.get().history.count() == 1


def test_what_the_rules_forbid_since_is_refused_and_nothing_written(kikaku, kpi):
    other = make_kpi(kpi.project, 2)
    headings = ["KPI番号", "達成率の算式"]
    content = kpis(["P1-2", "目標との乖離"], ["P1-1", "目標との乖離"], headings=headings)
    seen = looked(kikaku, content)
    record(kpi, {2024: 9}, kikaku)

    with pytest.raises(WorkbookRefused, match="達成率の算式は変えられません"):
        take_in(read_workbook(content), user=kikaku, file_name=FILE, expected=seen.fingerprint)
    other.refresh_from_db()
    assert other.formula == Formula.RATIO


# Who may, and which plan


def test_plan_is_that_of_the_code(kikaku, kpi):
    following = make_strategy(code="next", name="次の計画", is_current=False)
    project = make_kpi(following.projects.create(
        pillar=following.pillars.create(number=1, name="柱"), code="P1", name="P1", position=1
    ))  # fmt: skip

    take(
        kikaku,
        workbook(
            計画=[["項目", "内容"], ["計画コード", "next"]],
            指標=[["KPI番号", "備考"], ["P1-1", "x"]],
        ),
    )

    for row, note in ((kpi, ""), (project, "x")):
        row.refresh_from_db()
        assert row.note == note


def test_plan_that_has_ended_takes_no_workbook(kikaku, kpi):
    Strategy.objects.update(state=PlanState.ENDED)

    found = problems(kikaku, kpis(["P1-1", "x"], headings=["KPI番号", "備考"]))

    assert "「見本市総合戦略」は終了した計画です。" in one(found)[1]


@pytest.mark.parametrize("role", ["tantou", "kanri"])
def test_only_a_planner_looks_over_and_takes_in(kpi, role):
    content = kpis(["P1-1", "x"], headings=["KPI番号", "備考"])
    somebody = make_user(role)

    with pytest.raises(PermissionDenied, match="計画を変えるのは企画担当です。"):
        looked(somebody, content)
    with pytest.raises(PermissionDenied):
        take_in(read_workbook(content), user=somebody, file_name=FILE)
    kpi.refresh_from_db()
    assert kpi.note == ""


def test_who_may_edit_kpis_alone_changes_no_plan_by_a_workbook(kpi):
    clerk = make_user("clerk")
    named = ("add_kpi", "change_kpi", "view_kpi")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=named))

    with pytest.raises(PermissionDenied):
        looked(clerk, kpis(["P1-2", "件数"], headings=["KPI番号", "指標名"]))
