"""What changed in the product since a workbook was exported, and in the workbook too."""

import io

import openpyxl
import pytest

from entry.plan_workbook.exporting import exported_workbook
from kpis.plan_changes.targets import revise_target
from kpis.targets import Target
from projects.models import Strategy
from tests.entry.plan_workbook.kpi_sheets import differences, looked, take
from tests.factories import make_kpi


def rewritten(content, sheet, **cells):
    """A workbook with other texts in the first row of a sheet, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads = [cell.value for cell in book[sheet][1]]
    for heading, text in cells.items():
        book[sheet].cell(2, heads.index(heading) + 1).value = text
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


@pytest.fixture
def exported(kpi):
    """The plan with P1-1 as a workbook."""
    return exported_workbook(Strategy.objects.get())


def test_cell_that_nobody_else_changed_is_no_conflict(kikaku, kpi, exported):
    kpi.data_source = "市統計"
    kpi.save()
    content = rewritten(exported, "指標", 備考="直した")

    seen = looked(kikaku, content)
    assert seen.conflict_ids == []
    take(kikaku, content)

    kpi.refresh_from_db()
    assert (kpi.note, kpi.data_source) == ("直した", "市統計")


def test_cell_that_both_changed_stays_unless_it_is_ticked(kikaku, kpi, exported):
    kpi.note = "同僚の備考"
    kpi.save()
    content = rewritten(exported, "指標", 備考="直した", 出典="市統計")

    (name,) = looked(kikaku, content).conflict_ids
    take(kikaku, content)
    kpi.refresh_from_db()
    assert (kpi.note, kpi.data_source) == ("同僚の備考", "市統計")
    take(kikaku, content, ticked=[name])

    kpi.refresh_from_db()
    assert kpi.note == "直した"


def test_colleagues_new_target_is_not_taken_back_by_an_old_workbook(kikaku, kpi, exported):
    revise_target(kpi, Target(2024, 60), user=kikaku, reason="議会の議決")

    seen = looked(kikaku, exported)
    assert {cell.heading for row in seen.conflicts for cell in row.cells} == {"目標値", "理由"}
    take(kikaku, exported)
    assert kpi.final_targets.get().value == 60
    take(kikaku, exported, ticked=seen.conflict_ids)

    assert kpi.final_targets.get().value == 50


def test_kpi_that_a_colleague_adds_stays(kikaku, project, exported):
    make_kpi(project, 2, name="同僚の指標")

    assert differences(kikaku, exported) == []


def test_workbook_of_an_unknown_version_says_that_it_tells_no_conflicts(kikaku, kpi, exported):
    book = openpyxl.load_workbook(io.BytesIO(exported))
    for row in book["計画"].iter_rows(min_row=2):
        if row[0].value == "版":
            row[1].value = "0123456789abcdef"
    changed = io.BytesIO()
    book.save(changed)
    kpi.note = "同僚の備考"
    kpi.save()

    content = rewritten(changed.getvalue(), "指標", 備考="直した")
    seen = looked(kikaku, content)

    assert seen.conflict_ids == []
    assert any("版がこの計画の書き出しと合わない" in note for note in seen.notes)
