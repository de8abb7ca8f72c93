"""Figures of years past, matched with the indicators of a plan that there is."""

from entry.own_table.guessing import guess
from entry.own_table.last_figures import KnownKpi, convert_figures
from tests.entry.own_table.wide_tables import book_of, likeliest, rows_of, sheet_of, values_of

KPIS = [
    KnownKpi("P1-1", "受診率", "%"),
    KnownKpi("P1-2", "歩く人", "人"),
    KnownKpi("P2-1", "事故件数", "件"),
    KnownKpi("P3-1", "事故件数", "件"),
]


def converted(rows, merged=()):
    sheet = sheet_of(book_of("過去の実績", rows, merged))
    settings = guess(sheet)
    settings.plan = {"計画コード": "kenko"}
    return likeliest(sheet, settings, lambda *table: convert_figures(*table, KPIS))


def problems(made):
    return [str(one) for one in made.problems]


def test_rows_are_matched_by_name_whatever_its_width():
    made = converted([
        ["指　標", "過去の実績", None, None],
        [None, "R3", "Ｒ４", "令和5年度"],
        ["受診 率", "35.1％", 36, 0.372],
        ["歩く⼈", "1,020人", "―", "1,050（速報）"],
    ], ["A1:A2", "B1:D1"])  # fmt: skip

    assert problems(made) == []
    assert values_of(made, "実績", "KPI番号", "年度", "実績値", "速報") == [
        ("P1-1", "2021", "35.1", ""), ("P1-1", "2022", "36", ""), ("P1-1", "2023", "0.372", ""),
        ("P1-2", "2021", "1020", ""), ("P1-2", "2023", "1050", "1"),
    ]  # fmt: skip
    assert rows_of(made, "計画") == [{"項目": "計画コード", "内容": "kenko"}]
    assert made.sheets.keys() == {"計画", "実績"}


def test_number_tells_indicators_of_one_name_apart():
    made = converted([["KPI番号", "2023"], ["ｐ２－１", 101], ["P3-1", 5]])

    assert (made.unfinished, problems(made)) == ([], [])
    assert values_of(made, "実績", "KPI番号", "実績値") == [("P2-1", "101"), ("P3-1", "5")]


def test_rows_of_no_indicator_or_of_several_are_problems_at_their_cells():
    made = converted([
        ["番号", "指標名", "実績 2022年度"],
        [None, "事故件数", 100],
        [None, "受診者数", 38],
        [None, "歩く人", 990],
        [None, "歩く人", 991],
    ])  # fmt: skip

    assert problems(made) == [
        ("2行目 B列（指標名）「事故件数」：同じ名前の指標が2つあります（P2-1、P3-1）。"
        "KPI番号の列を加えてください。"),
        ("3行目 B列（指標名）「受診者数」：この名前の指標は、計画にありません。"
        "計画の指標名に合わせるか、KPI番号の列を加えるか、行を消してください。"),
        ("5行目 B列（指標名）「歩く人」：P1-2の行が2つあります（もう1つは4行目）。"
        "1つにしてください。"),
    ]  # fmt: skip
    assert made.workbook.problems == made.problems
    assert values_of(made, "実績", "KPI番号", "実績値") == [("P1-2", "990")]


def test_number_that_is_not_the_plans_or_has_another_name_is_a_problem():
    made = converted([
        ["KPI番号", "指標名", "2022"], ["P9-1", "受診率", 1], ["P1-2", "受診率", 2],
    ])  # fmt: skip

    assert problems(made) == [
        ("2行目 A列（KPI番号）「P9-1」：このKPI番号の指標は、計画にありません。"
        "番号を確かめてください。"),
        ("3行目 B列（指標名）「受診率」：P1-2の指標名は「歩く人」です。"
        "行か番号を確かめてください。"),
    ]  # fmt: skip


def test_file_without_figures_says_what_it_lacks():
    made = converted([["指標名", "単位"], ["受診率", "%"]])

    assert made.unfinished == ["実績値の列を選び、その年度を選んでください。"]
