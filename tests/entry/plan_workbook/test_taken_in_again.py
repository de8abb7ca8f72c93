"""A workbook of a plan that is there: exactly what differs, what colleagues did, who may."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from entry.models import ExportedPlan
from entry.plan_workbook.importing import ChangedMeanwhile, WorkbookRefused
from kpis.models import Kpi, YearlyActual
from projects.models import PlanState, Strategy
from reports.models import PlanChange
from tests.factories import make_user, record
from tests.made_once import made_once
from tests.plan_workbooks import (
    differences,
    exported,
    looked,
    records_of,
    rewritten,
    taken,
    with_sheets,
)

CODE = "mihon-2026"
TWO = with_sheets(
    指標=[
        ("KPI番号", "指標名", "単位", "備考"),
        ("P1-1", "起業件数", "件", "一"),
        ("P1-2", "相談件数", "件", "二"),
    ],
    目標=[("KPI番号", "目標値"), ("P1-1", "50"), ("P1-2", "60")],
    実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2024", "10"), ("P1-2", "2024", "20")],
)


@pytest.fixture
@made_once
def plan(db):
    return taken(TWO, is_in_force=True)


def kpi(number):
    return Kpi.objects.get(number=number)


def test_only_what_differs_is_shown_and_written(plan, kikaku):
    before = Kpi.history.count()
    file = {
        "計画": [("項目", "内容"), ("計画コード", CODE)],
        "指標": [("KPI番号", "指標名", "備考"), ("P1-1", "", "直した"), ("P1-2", "相談件数", "")],
        "実績": [("KPI番号", "年度", "実績値"), ("P1-2", "2024", "20"), ("P1-2", "2025", "21")],
    }

    assert differences(looked(file)) == [
        ("指標", "P1-1", "備考", "一", "直した"),
        ("実績", "P1-2／2025", "実績値", "", "21"),
    ]
    taken(file, kikaku)

    assert (kpi(1).note, kpi(1).name, kpi(2).note) == ("直した", "起業件数", "二")
    assert Kpi.history.count() == before + 1
    assert looked(file).changes == []
    saved = Kpi.history.first()
    assert (saved.history_user, saved.history_change_reason) == (
        kikaku,
        "ファイルの取り込み：計画.xlsx",
    )
    assert PlanChange.objects.get().kind == "ワークブックの取り込み"
    entry = AuditEntry.objects.filter(kind="import").latest("pk")
    assert "計画.xlsx" in entry.what


def test_word_for_deletion_empties_cells_and_removes_rows(plan):
    taken(
        {
            "計画": [("項目", "内容"), ("計画コード", CODE), ("担当課", "削除")],
            "指標": [("KPI番号", "指標名", "備考"), ("P1-1", "", "削除"), ("P1-2", "削除", "")],
            "実績": [("KPI番号", "年度", "実績値"), ("P1-2", "2024", "削除")],
        }
    )

    assert (kpi(1).note, Kpi.objects.count()) == ("", 1)
    assert YearlyActual.objects.get().kpi == kpi(1)


def test_what_no_plan_is_without_is_not_deleted(plan):
    items = [("計画コード", CODE), ("計画名", "削除"), ("最終年度", "削除")]

    found = looked({"計画": [("項目", "内容"), *items]}).problems
    assert [(one.place, one.message) for one in found] == [
        (
            f"シート「計画」の{row}行目 B列（内容）",
            f"{item}は、なくせません。新しい内容を書いてください。",
        )
        for row, item in ((3, "計画名"), (4, "最終年度"))
    ]


def test_kpi_with_figures_is_not_deleted_without_them(plan):
    (problem,) = looked(
        {
            "計画": [("項目", "内容"), ("計画コード", CODE)],
            "指標": [("KPI番号", "指標名"), ("P1-2", "削除")],
        }
    ).problems

    assert str(problem).startswith("シート「指標」の2行目 B列（指標名）")
    assert "使うものを先に" in problem.message


def test_all_or_nothing(plan):
    file = with_sheets(
        TWO,
        指標=[("KPI番号", "備考"), ("P1-1", "直した")],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2025", "12.5")],
    )

    with pytest.raises(WorkbookRefused) as refused:
        taken(file)

    assert [one.place for one in refused.value.problems] == ["シート「実績」の2行目 C列（実績値）"]
    assert kpi(1).note == "一"


# What colleagues did since it was exported


def test_version_is_another_only_where_the_plan_is(plan):
    first = exported(CODE)
    assert exported(CODE) == first
    assert ExportedPlan.objects.count() == 1
    kept = kpi(1)
    kept.note = "同僚"
    kept.save()

    assert records_of(exported(CODE), "計画")[-1] != records_of(first, "計画")[-1]
    assert ExportedPlan.objects.count() == 2


def test_what_a_colleague_deleted_comes_back_only_where_it_is_ticked(plan, kikaku):
    file = exported(CODE)
    YearlyActual.objects.filter(kpi=kpi(2)).delete()
    kpi(2).delete()

    found = looked(file)
    assert [(one.sheet, one.key, one.kind.value) for one in found.conflicts] == [
        ("指標", "P1-2", "新しい"),
        ("目標", "P1-2／", "新しい"),
        ("実績", "P1-2／2024", "新しい"),
    ]
    taken(file)
    assert [one.number for one in Kpi.objects.all()] == [1]
    taken(file, ticked=looked(file).conflict_ids)
    assert [one.name for one in Kpi.objects.order_by("number")] == ["起業件数", "相談件数"]
    assert YearlyActual.objects.get(kpi=kpi(2)).value == 20


def test_figure_of_a_kpi_that_a_colleague_deleted_is_told(plan):
    file = rewritten(exported(CODE), {"実績!A4": "P1-2", "実績!B4": "2025", "実績!C4": "30"})
    YearlyActual.objects.filter(kpi=kpi(2)).delete()
    kpi(2).delete()

    with pytest.raises(WorkbookRefused) as refused:
        taken(file)

    (problem,) = refused.value.problems
    assert problem.place == "シート「実績」の4行目 A列（KPI番号）"
    assert "P1-2は、計画にありません" in problem.message


def test_row_that_a_colleague_changed_is_not_deleted_unless_ticked(plan):
    file = rewritten(exported(CODE), {"実績!C3": "削除", "指標!B3": "削除"})
    changed = kpi(2)
    changed.note = "同僚"
    changed.save()

    found = looked(file)
    assert [(one.sheet, one.kind.value) for one in found.conflicts] == [("指標", "削除する")]
    taken(file)
    assert (kpi(2).note, YearlyActual.objects.count()) == ("同僚", 1)
    taken(file, ticked=looked(file).conflict_ids)
    assert Kpi.objects.count() == 1


def test_figures_that_both_entered_are_ticked_one_by_one(plan, kikaku):
    file = rewritten(exported(CODE), {"実績!C2": "11", "実績!C3": "21"})
    record_anew(kpi(1), 12, kikaku)

    found = looked(file)
    assert differences(found) == [
        ("実績", "P1-1／2024", "実績値", "12", "11"),
        ("実績", "P1-2／2024", "実績値", "20", "21"),
    ]
    (name,) = found.conflict_ids
    taken(file)
    assert values() == [12, 21]
    taken(file, ticked=[name])
    assert values() == [11, 21]


def record_anew(of, value, user):
    YearlyActual.objects.filter(kpi=of).delete()
    record(of, {2024: value}, user)


def values():
    return [int(one.value) for one in YearlyActual.objects.order_by("kpi__number")]


def test_two_planners_take_in_what_each_changed(plan, kikaku):
    mine = rewritten(exported(CODE), {"指標!J2": "私の備考", "目標!C2": "55"})
    other = rewritten(exported(CODE), {"指標!J3": "あなたの備考", "目標!C2": "58"})
    assert records_of(mine, "指標")[0]["出典"] == "私の備考"

    taken(mine, kikaku)
    found = looked(other, make_user("hoka", "企画担当"))
    assert [one.key for one in found.conflicts] == ["P1-1／"]
    taken(other, kikaku)

    assert (kpi(1).data_source, kpi(2).data_source) == ("私の備考", "あなたの備考")
    assert kpi(1).final_targets.get().value == 55


def test_what_was_looked_over_is_what_is_written(plan):
    file = rewritten(exported(CODE), {"指標!B2": "改めた名"})
    seen = looked(file).fingerprint
    changed = kpi(1)
    changed.name = "同僚の名"
    changed.save()

    with pytest.raises(ChangedMeanwhile):
        taken(file, expected=seen)
    assert kpi(1).name == "同僚の名"


# Who may, and where


def test_only_planners_take_workbooks_in(plan, tantou, kanri):
    for user in (tantou, kanri):
        for file in (TWO, with_sheets(TWO, 計画=[*TWO["計画"][:1], ("計画コード", "betsu")])):
            with pytest.raises(PermissionDenied):
                looked(file, user)
            with pytest.raises(PermissionDenied):
                taken(file, user)


def test_ended_plan_is_refused_with_the_way_to_change_it(plan, kikaku):
    Strategy.objects.update(state=PlanState.ENDED, is_current=False)
    file = {**TWO, "指標": [("KPI番号", "備考"), ("P1-1", "直した")]}

    for user in (kikaku, None):
        (problem,) = looked(file, user).problems
        assert "終了した計画です" in problem.message
        with pytest.raises(WorkbookRefused):
            taken(file, user)
    assert kpi(1).note == "一"
