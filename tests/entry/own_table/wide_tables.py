"""Wide tables as cities keep them, and what of them is right, worked out by hand."""

import io

import openpyxl
from openpyxl.utils import get_column_letter

from common.spreadsheets.reading import read_book
from entry.own_table.converting import convert
from entry.own_table.guessing import best_sheet


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_of(content):
    """The sheet of the table, in a workbook that may have others."""
    return best_sheet(read_book(content))


def likeliest(sheet, settings, convert=convert):
    """The table converted with the likeliest answer to each question, as the page proposes it."""
    while True:
        converted = convert(sheet, settings)
        asked = [one for one in converted.questions if not one.answer]
        if not asked:
            return converted
        settings.answers |= {one.key: one.readings[0].value for one in asked}


def rows_of(converted, name):
    """A sheet's rows, each as the texts of its cells by heading."""
    table = converted.sheets[name]
    return [
        {heading: cell.problem or cell.text for heading, cell in cells.items()}
        for cells in table.rows.values()
    ]


def values_of(converted, name, *headings):
    """The same, each row as the texts under some headings; blank where there is none."""
    return [tuple(row.get(one, "") for one in headings) for row in rows_of(converted, name)]


def filled_in(sheet, rows, merged=()):
    """Put rows into a sheet of openpyxl, and merge ranges."""
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column, value)
    for one in merged:
        sheet.merge_cells(one)
    return sheet


def book_of(name, rows, merged=(), *, percents=()):
    """A workbook of one table; `percents` are cells shown as percentages."""
    book = openpyxl.Workbook()
    sheet = filled_in(book.active, rows, merged)
    sheet.title = name
    for one in percents:
        sheet[one].number_format = "0.0%"
    return saved(book)


def town():
    """Two heading lines, groups merged down, odd figures, notes below; a sheet of notes beside."""
    book = openpyxl.Workbook()
    book.active.title = "はじめに"
    book.active["A1"] = "この表の見方"
    sheet = book.create_sheet("KPI一覧")
    filled_in(
        sheet,
        [
            ["第2期みどり町まち・ひと・しごと創生総合戦略　KPI一覧"],
            [],
            ["基本目標", "具体的な施策", "重要業績評価指標（KPI）", "単位", "基準値", "目標値",
             "実績値", None, None, "担当課"],
            [None, None, None, None, "（令和５年度）", "令和10年度", "Ｒ６", "R7", "R8", None],
            ["基本目標1\nしごとをつくる", "（1）企業誘致", "立地協定の件数（累計）", "件", 0, 10,
             1, 2, None, "商工課"],
            [None, None, "従業者数", "人", "1,240（R3）", "1,300以上", "1,251", "1,262(24)",
             "集計中", "商工課・企画課"],
            [None, "（2）農業の振興", "新規就農者数", "人", 4, "4人以上", 5, "―", 3, "農林課"],
            ["基本目標2\nひとを呼ぶ", "（1）移住の促進", "社会減", "人", "△52", "△20", "△48",
             "△41", "△39", "企画課"],
            [None, None, "住み続けたい人の割合", "％", "65.2％（R4）", 0.7, 0.664, 0.671, "未公表",
             "企画課"],
            [None, None, "合計", None, None, None, 9, 9, 9, None],
            ["※従業者数は経済センサスによる。"],
        ],
        ["A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:I3", "J3:J4", "A5:A7", "B5:B6",
         "A8:A10", "B8:B10"],
    )  # fmt: skip
    for one in ("F9", "G9", "H9"):
        sheet[one].number_format = "0.0%"
    return saved(book)


def of_two_rows():
    """目標 and 実績 of each year below each other; the last year's target is the final one."""
    years = ["R6", "R7", "R8", "R9", "R10"]
    return book_of(
        "指標",
        [
            ["政策分野", "施策名", "指標", "単位", "現状値\n（R5）", "区分", *years, "所管課",
             "備考"],
            ["1 健康", "1-1 健診", "受診率", "%", "38.0%", "目標", 40, 42, 44, 46, 50, "健康課",
             None],
            [None, None, None, None, None, "実績", "39.5", "43.1", None, None, None, None, None],
            [None, None, "歩く人", "人", 1000, "目標", "1,100", "1,200", "1,300", "1,400",
             "1,500", "健康課", "アンケート"],
            [None, None, None, None, None, "実績", 1080, 1190, None, None, None, None, None],
            ["2 安全", "2-1 交通", "事故件数", "件", 120, "目標", 115, 110, 105, 100, 90, "総務課",
             None],
            [None, None, None, None, None, "実績", 118, 101, None, None, None, None, None],
        ],
        [f"{letter}{row}:{letter}{row + 1}" for letter in "CDELM" for row in (2, 4, 6)]
        + ["A2:A5", "B2:B5", "A6:A7", "B6:B7"],
    )  # fmt: skip


def with_bands():
    """No columns for groups: bands across the table; units behind the figures; directions."""
    rows = [
        ["まなび市総合計画の指標"],
        ["評価指標", "方向", "策定時\n(H30)", "R2実績", "R3実績", "目標\n(R4)", "達成率\n(R3)",
         "評価\n(R3)", "出典"],
        ["政策1　育てる"],
        ["施策1　子育て"],
        ["待機児童", "↓", "12人", "8人", "3人", "0人", "75%", "C", "市調べ"],
        ["保育士の数（人）", "増", 210, 215, 221, 230, "55%", "D", None],
        ["施策2　学校"],
        ["学校が楽しい子の割合", "維持", "88.1%", "87.9%", "88.4%", "88.1%", "100.3%", "A", "調査"],
        ["学びの満足度", "増", "－", "3.4点", "3.6点", "3.5点以上", "102.9%", "A", "調査"],
        ["注　達成率は策定時からの伸びによる。"],
    ]  # fmt: skip
    last = get_column_letter(9)
    return book_of("Sheet1", rows, [f"A{row}:{last}{row}" for row in (1, 3, 4, 7, 10)])
