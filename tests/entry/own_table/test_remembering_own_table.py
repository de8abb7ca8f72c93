"""Next year's table of the same shape is read as this year's was."""

import pytest

from entry.own_table.converting import convert
from entry.own_table.guessing import guess
from entry.own_table.remembering import as_kept, proposed, remember
from entry.own_table.settings import ColumnUse
from tests.entry.own_table.wide_tables import book_of, likeliest, sheet_of, values_of
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db


def table(*years, above=0, actual="客数"):
    rows = [["観光の表"]] + [[] for _line in range(above)]
    rows += [
        ["指標", "ねらい", *(f"{year}実績" for year in years), "今の値"],
        [actual, "100以上", *range(40, 40 + len(years)), 77],
    ]
    return sheet_of(book_of("表", rows))


def test_mapping_answers_and_rows_are_remembered_and_new_years_are_read():
    plan = make_strategy()
    before = table("R6")
    settings = guess(before)
    settings.columns |= {
        "ねらい": ColumnUse("target"),
        "今の値": ColumnUse("actual", 2023),
    }  # fmt: skip
    settings.plan["計画名"] = "観光の計画"
    likeliest(before, settings)
    remember(plan, as_kept(before, settings))

    after = table("R6", "R7", above=2, actual="宿泊者数")
    known, is_known = proposed(after, plan)

    assert is_known
    assert (known.first_heading, known.answers) == (4, {"relation=以上:target": "relation"})
    assert "計画名" not in known.plan
    made = convert(after, known)
    assert made.unfinished == ["E列（今の値）の年度を選んでください。"]
    assert values_of(made, "実績", "年度", "実績値") == [("2024", "40"), ("2025", "41")]


def test_reading_of_the_plan_itself_comes_before_that_of_others():
    plan, other = make_strategy(), make_strategy(code="other", is_current=False)
    sheet = table("R6")
    for strategy, use in ((plan, "source"), (other, "method")):
        settings = guess(sheet)
        settings.columns["ねらい"] = ColumnUse(use)
        remember(strategy, as_kept(sheet, settings))

    assert proposed(sheet, plan)[0].columns["ねらい"].use == "source"
    assert proposed(sheet, other)[0].columns["ねらい"].use == "method"
    assert proposed(sheet, None)[0].columns["ねらい"].use == "method"


def test_table_of_another_shape_is_guessed():
    remember(make_strategy(), as_kept(table("R6"), guess(table("R6"))))
    sheet = sheet_of(book_of("表", [["指標", "R6実績"], ["客数", 5]]))

    assert proposed(sheet, None) == (guess(sheet), False)
