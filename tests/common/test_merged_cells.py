"""Merged cells hold for every row and column that they cover, and that is said."""

import io
import json

import openpyxl
import pytest

from common.spreadsheets.cells import Cell
from common.spreadsheets.merging import fill_merged
from common.spreadsheets.reading import read_book
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def texts(sheet):
    return [[cell.text for cell in row.values()] for row in sheet.rows.values()]


def test_merged_cell_holds_for_all_rows_and_columns_that_it_covers():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["目標", "実績", None], [None, "R6", "R7"], ["雇用", 1, 2], [None, 3, 4]):
        sheet.append(row)
    for merged in ("A1:A2", "B1:C1", "A3:A4"):
        sheet.merge_cells(merged)
    (read,) = read_book(saved(book))
    filled = fill_merged(read)

    assert sorted(read.merged) == ["A1:A2", "A3:A4", "B1:C1"]
    assert texts(filled) == [
        ["目標", "実績", "実績"], ["目標", "R6", "R7"], ["雇用", "1", "2"], ["雇用", "3", "4"],
    ]  # fmt: skip
    assert filled.merged == []
    assert filled.notes == [
        "A1:A2 は結合されたセルなので、「目標」を1〜2行目のすべてに当てました。",
        "B1:C1 は結合されたセルなので、「実績」をB〜C列のすべてに当てました。",
        "A3:A4 は結合されたセルなので、「雇用」を3〜4行目のすべてに当てました。",
    ]


def test_note_names_the_sheet_where_there_are_several_and_cuts_a_long_text():
    book = openpyxl.Workbook()
    book.active.title = "一覧"
    book.active.append(["長" * 31, None, "x"])
    book.active.append([None, None, "y"])
    book.active.merge_cells("A1:B2")
    book.create_sheet("メモ")

    (note,) = fill_merged(read_book(saved(book))[0]).notes
    assert note == (
        f"シート「一覧」：A1:B2 は結合されたセルなので、「{'長' * 30}…」を"
        "1〜2行目・A〜B列のすべてに当てました。"
    )


def sheet_of(*merged, rows):
    cells = {row: {at: Cell(text) for at, text in columns.items()} for row, columns in rows.items()}
    return Sheet(rows=cells, merged=list(merged))


def test_content_that_a_program_kept_below_a_merged_cell_is_not_seen():
    filled = fill_merged(sheet_of("A1:A2", "B1:B2", rows={1: {2: "見える"}, 2: {1: "残", 2: "残"}}))

    assert texts(filled) == [["見える"], ["見える"]]


def test_nothing_is_filled_beyond_what_has_content():
    rows = {1: {1: "表題"}, 3: {1: "課", 2: "値"}}
    filled = fill_merged(sheet_of("A1:XFD1", "A3:A1048576", rows=rows))

    assert texts(filled) == [["表題", "表題"], ["課", "値"]]


def test_reason_why_a_cell_cannot_be_taken_holds_for_all_of_it():
    sheet = Sheet(rows={1: {1: Cell("（数式）", "数式"), 2: Cell("x")}, 2: {2: Cell("y")}})
    sheet.merged = ["A1:A2"]

    assert fill_merged(sheet).rows[2][1].problem == "数式"


@pytest.mark.parametrize(
    ("merged", "sentence"),
    [
        (["A1:B2x"], "Excel のファイルとして読み取れません。"),
        (["B2:A1"], "Excel のファイルとして読み取れません。"),
        (["A1:J20000"] * 2, "内容のあるセルが200,000個を超えています。"),
    ],
)
def test_ranges_made_to_do_harm_are_refused(merged, sentence):
    rows = {1: {1: "x"}, 20_000: {10: "y"}}

    with pytest.raises(FileRefused, match=sentence):
        fill_merged(sheet_of(*merged, rows=rows))


def test_sheet_survives_as_json():
    book = openpyxl.Workbook()
    book.active.append(["文", 1.5, "=A1"])
    book.active.merge_cells("A1:A2")
    (sheet,) = read_book(saved(book))

    assert Sheet.from_data(json.loads(json.dumps(sheet.as_data()))) == sheet
