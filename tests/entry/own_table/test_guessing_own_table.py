"""What a wide table is taken for before anybody says a word."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.spreadsheets.cells import Cell
from common.spreadsheets.merging import fill_merged
from common.spreadsheets.sheet import Sheet
from entry.own_table.converting import convert
from entry.own_table.guessing import guess
from entry.own_table.headings import headings_of, notes_on, shape_of
from entry.own_table.settings import ColumnUse, OwnTable
from entry.own_table.signs import signed
from tests.entry.own_table.wide_tables import (
    book_of,
    likeliest,
    of_two_rows,
    sheet_of,
    town,
    values_of,
    with_bands,
)


def guessed(content):
    """The rows of the headings, and by heading use and year; what is not used is left out."""
    settings = guess(sheet_of(content))
    columns = {
        key: (one.use, one.year) if one.year else one.use
        for key, one in settings.columns.items()
        if one.use
    }
    return (settings.first_heading, settings.last_heading), columns


def test_two_heading_lines_are_joined_and_their_years_read():
    assert guessed(town()) == (
        (3, 4),
        {
            "基本目標": "pillar", "具体的な施策": "project", "重要業績評価指標（KPI）": "name",
            "単位": "unit", "基準値 （令和５年度）": ("baseline", 2023),
            "目標値 令和10年度": ("target", 2028), "実績値 Ｒ６": ("actual", 2024),
            "実績値 R7": ("actual", 2025), "実績値 R8": ("actual", 2026), "担当課": "department",
        },
    )  # fmt: skip


def test_years_alone_go_by_the_kind_of_their_row():
    rows, columns = guessed(of_two_rows())

    assert rows == (1, 1)
    assert columns == {
        "政策分野": "pillar", "施策名": "project", "指標": "name", "単位": "unit",
        "現状値 （R5）": ("baseline", 2023), "区分": "row_kind", "R6": ("by_kind", 2024),
        "R7": ("by_kind", 2025), "R8": ("by_kind", 2026), "R9": ("by_kind", 2027),
        "R10": ("by_kind", 2028), "所管課": "department", "備考": "remarks",
    }  # fmt: skip


def test_title_is_no_heading_and_tells_of_the_plan():
    found = guess(sheet_of(with_bands()))

    assert (found.first_heading, found.last_heading) == (2, 2)
    assert found.plan == {
        "計画名": "まなび市総合計画", "団体名": "まなび市", "最初の年度": "2020",
        "最終年度": "2022", "計画コード": "plan-2020-2022",
    }  # fmt: skip


def test_plans_name_ends_before_what_the_list_is_of():
    rows = [["第2次あおば市総合計画 成果指標一覧"], ["指標", "目標値（R10）"], ["客数", 10]]

    assert guess(sheet_of(book_of("表", rows))).plan["計画名"] == "第2次あおば市総合計画"


@pytest.mark.parametrize(
    ("heading", "content", "use"),
    [
        ("KPI", "宿泊者数", "name"),
        ("評価指標", "宿泊者数", "name"),
        ("No.", 1, ""),
        ("KPI番号", "P1-1", "code"),
        ("KPI番号", "7", ""),
        ("現況値\n(平成30年度末)", 5, ("baseline", 2018)),
        ("計画策定時の値", 5, "baseline"),
        ("基準年度", "R5", "baseline_year"),
        ("目標年度", "R10", "target_year"),
        ("目標値（令和１０年度）", 5, ("target", 2028)),
        ("R8見込", 5, ("due", 2026)),
        ("2024年度目安", 5, ("due", 2024)),
        ("Ｒ６実績", 5, ("actual", 2024)),
        ("令和6年3月末の実績", 5, ("actual", 2023)),
        ("令和７年度", 5, ("actual", 2025)),
        ("達成率（令和6年度）", "90%", ("achievement", 2024)),
        ("目標に対する達成率 R6", "90%", ("achievement", 2024)),
        ("R6 評価", "A", ("rating", 2024)),
        ("主管課", "企画課", "department"),
        ("出典", "統計", "source"),
        ("算出式", "a÷b", "method"),
        ("増減の方向", "増", "direction"),
        ("集計区分", "累計", "aggregation"),
        ("区分", "目標", "row_kind"),
        ("区分", "子育て", ""),
        ("基本目標", "1 雇用", "pillar"),
        ("基本的方向", "1 雇用", "project"),
        ("令和6年度の取組と今後の方向性", "文", ("next_steps", 2024)),
        ("メモ", "文", ""),
    ],
)
def test_heading_is_known_by_its_words(heading, content, use):
    rows = [["指標名", "単位", heading], ["従業者数", "人", content]]
    if use == "name":
        rows = [[heading, "単位", "備考"], [content, "人", None]]
    _rows, columns = guessed(book_of("表", rows))

    assert columns.get(" ".join(heading.split()), "") == use


def test_several_goals_end_in_the_final_one():
    rows = [
        ["指標", "目標値", None, None],
        [None, "R6", "R7", "R8"],
        ["宿泊者数", 10, 20, 30],
    ]
    sheet = sheet_of(book_of("表", rows, ["A1:A2", "B1:D1"]))
    made = likeliest(sheet, guess(sheet))

    assert made.sheets["目標"].rows[2]["目標値"].text == "30"
    assert {one: made.sheets["年度目安"].rows[2][one].text for one in ("2024", "2025")} == {
        "2024": "10", "2025": "20",
    }  # fmt: skip


def test_heading_over_several_years_goes_on_where_nobody_merged_it():
    rows = [
        ["指標", "単位", "実績", None, None],
        [None, None, "R6", "R7", "R8"],
        ["客数", "人", 1, 2, 3],
    ]
    filled = fill_merged(sheet_of(book_of("表", rows)))
    headings = headings_of(filled, 1, 2)

    assert [one.key for one in headings] == ["指標", "単位", "実績 R6", "実績 R7", "実績 R8"]
    assert notes_on(headings, 1, 2)[1:] == [
        "D列の見出しは、左の列の「実績」の続きとして「実績 R7」と読みました。",
        "E列の見出しは、左の列の「実績」の続きとして「実績 R8」と読みました。",
    ]


def test_date_that_is_shown_as_a_year_is_its_fiscal_year():
    sheet = Sheet(
        rows={
            1: {1: Cell("指標"), 2: Cell("2024-04-01", "日付", is_day=True)},
            2: {1: Cell("客数"), 2: Cell("5")},
        }
    )

    assert guess(sheet).columns["令和6年度"] == ColumnUse("actual", 2024)


def test_shape_of_a_table_is_the_same_next_year():
    def shape(*headings):
        cells = {at: Cell(text) for at, text in enumerate(headings, start=1)}
        return shape_of(headings_of(Sheet(rows={1: cells}), 1, 1))

    assert shape("指標", "R6実績") == shape("指 標", "Ｒ７実績", "令和8実績")
    assert shape("指標", "R6実績") != shape("指標", "R6目標")


def test_settings_survive_as_json():
    settings = guess(sheet_of(town()))
    settings.answers = {"sign:actual": "nothing"}

    assert OwnTable.from_data(settings.as_data()) == settings
    known = settings.as_data() | {"columns": {"指標": {"use": "gone", "year": None}}}
    assert OwnTable.from_data(known).columns == {"指標": ColumnUse()}


@pytest.mark.parametrize(
    ("text", "sign", "number", "name"),
    [
        ("基本目標1　しごとをつくる", "基本目標1", 1, "しごとをつくる"),
        ("基本目標Ⅱ：ひと", "基本目標Ⅱ", 2, "ひと"),
        ("施策1-2-3 企業誘致", "施策1-2-3", None, "企業誘致"),
        ("（３）新しい雇用", "(3)", 3, "新しい雇用"),
        ("①若者", "①", 1, "若者"),
        ("基本目標１", "基本目標1", 1, "基本目標１"),
        ("5G活用", "", None, "5G活用"),
        ("2040年への備え", "", None, "2040年への備え"),
    ],
)
def test_sign_before_a_name(text, sign, number, name):
    found = signed(text)

    assert (found.sign, found.number, found.name) == (sign, number, name)


_WORDS = """
    指標 KPI 目標値 R6実績 R7 令和6年度 単位 区分 施策 基本目標1・仕事 4(21) 65.2％（R5） 80以上 ―
    未公表 10〜15 増 ↓ 累計 ※注 合計 人 5 実績 目標
"""
_TEXTS = st.sampled_from(_WORDS.split()) | st.text(
    string.printable + "①（）％年度令和・〜－", max_size=8
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(_TEXTS, max_size=6), min_size=1, max_size=8),
    st.lists(st.sampled_from(["A1:B1", "A2:A4", "C1:E1", "B2:C5"]), max_size=2, unique=True),
)
def test_whatever_stands_in_a_sheet_it_is_read_to_the_end(rows, merged):
    sheet = Sheet(merged=list(merged))
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            sheet.add(number, column, Cell(text.strip()))
    settings = guess(sheet)
    for _round in range(6):
        made = convert(sheet, settings)
        asked = [one for one in made.questions if not one.answer]
        settings.answers |= {one.key: one.readings[0].value for one in asked}

    assert asked == []
    assert OwnTable.from_data(settings.as_data()) == settings


def test_rates_beside_goals_of_several_years_are_of_the_years_goal():
    sheet = sheet_of(
        book_of(
            "指標",
            [
                ["KPI", "R6目標", "R6実績", "R6達成率", "R7目標", "R7実績", "R7達成率"],
                ["創業件数", 10, 8, "80%", 20, 15, "75%"],
            ],
        )
    )

    found = guess(sheet)

    assert [one.use for one in found.columns.values()] == [
        "name", "target", "actual", "progress", "target", "actual", "progress",
    ]  # fmt: skip


def test_a_column_without_heading_that_tells_goals_from_figures_is_found_by_its_words():
    sheet = sheet_of(
        book_of(
            "指標",
            [
                ["KPI", None, "R6", "R7"],
                ["創業件数", "目標", 10, 20],
                [None, "実績", 8, 15],
                [None, "達成率", "80%", "75%"],
            ],
            ["A2:A4"],
        )
    )

    found = guess(sheet)

    assert [(one.use, one.year) for one in found.columns.values()] == [
        ("name", None), ("row_kind", None), ("by_kind", 2024), ("by_kind", 2025),
    ]  # fmt: skip


def test_years_right_of_baselines_under_one_heading_are_theirs():
    rows = [
        ["評価指標", "現状値", None, "目標値（R6）"],
        ["創業件数", "35件/年", "R元", "40件"],
        ["組織率", "95.2%", "平成30年度", "98%以上"],
    ]
    sheet = sheet_of(book_of("指標", rows, ["B1:C1"]))

    found = guess(sheet)

    assert [one.use for one in found.columns.values()] == [
        "name", "baseline", "baseline_year", "target",
    ]  # fmt: skip
    found.plan |= {"計画コード": "p", "最初の年度": "2020", "最終年度": "2024"}
    made = likeliest(sheet, found)
    assert values_of(made, "指標", "指標名", "単位") == [("創業件数", "件"), ("組織率", "%")]
    assert values_of(made, "目標", "基準値", "基準値の年度") == [("35", "2019"), ("95.2", "2018")]
