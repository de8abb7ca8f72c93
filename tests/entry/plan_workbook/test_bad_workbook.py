import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from entry.plan_workbook.importing import WorkbookRefused
from tests.bad_plan_workbook import MISTAKES, RIGHT, content_with_mistakes
from tests.plan_workbooks import looked, taken
from tests.table_rows import rows_of


def everything():
    return rows_of(apps.get_models(include_auto_created=True))


def problems_of(sheets):
    return [str(one) for one in looked(sheets).problems]


def test_workbook_is_right_before_the_mistakes(db):
    found = looked(RIGHT)
    assert found.problems == []
    assert found.trial.summary == "率 40／40　評価 40／40"


def test_every_mistake_is_told_once_at_its_cell_and_nothing_is_written(db, tmp_path):
    content = content_with_mistakes()
    before = everything()
    with pytest.raises(WorkbookRefused) as refused:
        taken(content)
    told = {one.place: one.message for one in refused.value.problems}
    expected = {f"シート「{one.sheet}」の{one.place}": one.says for one in MISTAKES}
    assert sorted(told) == sorted(expected)
    assert len(refused.value.problems) == len(MISTAKES)
    for place, says in expected.items():
        assert says in told[place], place
    path = tmp_path / "計画.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError) as command:
        call_command("import_plan", str(path))
    assert str(command.value).splitlines()[0] == (
        f"問題が{len(MISTAKES)}件あります。何も書き込んでいません。"
    )
    assert everything() == before
