"""Nobody's workbook keeps the server busy for minutes: what is too much is refused, in words."""

import pytest

from common.spreadsheets.refusals import FileRefused
from entry.plan_workbook import importing, workbook
from entry.plan_workbook.workbook import read_workbook
from projects.models import Initiative
from tests.plan_workbooks import PLAN, content_of, looked, taken, with_sheets

OF_PLAN = PLAN[:2]
COUNT = 40


def _initiatives(names):
    rows = [("P1", number, name) for number, name in enumerate(names, start=1)]
    return [("プロジェクト", "番号", "取組名"), *rows]


def test_sheet_has_at_most_so_many_rows():
    rows = [(number, "柱") for number in range(2_001)]

    found = read_workbook(content_of(with_sheets(柱=[("番号", "名称"), *rows])))

    (problem,) = found.problems
    assert (problem.place, problem.message) == (
        "シート「柱」",
        "データの行が2,000行を超えています。柱の行だけにして保存し直してください。",
    )


def test_workbook_has_at_most_so_many_characters(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CHARACTERS", 120_000)
    text = "".join(chr(0x4E00 + at * 7919 % 20_000) for at in range(30_000))  # there once
    rows = [(f"P{number}", "1", "名", text) for number in range(5)]
    content = content_of(with_sheets(プロジェクト=[("記号", "柱", "名称", "目的"), *rows]))

    with pytest.raises(FileRefused, match="文字が多すぎます。全部のシートで12万字までです。"):
        read_workbook(content)


@pytest.mark.django_db
def test_so_many_rows_are_saved_at_once(monkeypatch):
    monkeypatch.setattr(importing, "MOST_SAVED", 12)
    yearly = [("KPI番号", "2024", "2025"), ("P1-1", "10", "20")]
    actuals = [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "9")]

    assert looked(with_sheets(年度目安=yearly, 実績=actuals)).problems == []

    (problem,) = looked(
        with_sheets(年度目安=yearly, 柱=[("番号", "名称"), (1, "し"), (2, "ひ")])
    ).problems
    assert problem.message == (
        "一度に変えられるのは12行までです（年度目安は1つを1行と数え、実績は数えません。"
        "今は13行）。シートを分けて、2回以上で取り込んでください。"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("moved", [1, -1])
def test_names_that_move_by_a_row_make_way_for_each_other(moved, django_assert_max_num_queries):
    names = [f"取組{number}" for number in range(COUNT)]
    taken(with_sheets(取組=_initiatives(names)))
    after = ["新しい取組", *names[:-1]] if moved == 1 else [*names[1:], "新しい取組"]

    with django_assert_max_num_queries(60 * COUNT):
        taken({"計画": OF_PLAN, "取組": _initiatives(after)})

    said = Initiative.objects.order_by("listings__number").values_list("name", flat=True)
    assert list(said) == after


@pytest.mark.django_db
def test_chain_of_faults_is_not_followed_row_by_row(django_assert_max_num_queries):
    rows = [(f"P1-{at}", f"指標{at}", f"P1-{at + 1}") for at in range(1, COUNT)]
    kpis = [("KPI番号", "指標名", "前の指標"), *rows, (f"P1-{COUNT}", "最後の指標", "")]

    with django_assert_max_num_queries(60 * COUNT):
        found = looked(with_sheets(指標=kpis))

    assert found.problems
    assert all("終わっていません" in one.message for one in found.problems)
