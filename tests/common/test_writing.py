"""Tables that go out: nothing in them runs, and the same table gives the same bytes."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from common.spreadsheets.reading import read_sheet
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import Column, data_workbook, form_workbook

MADE_AT = datetime(2026, 7, 14, 12, 30, tzinfo=UTC)
ROWS = [
    ["=1+1", Decimal("-12.50"), 3],
    ["-5", None, ""],
    ['一\r\n二\x07,「"」', 0, Decimal("1E+3")],
]
COLUMNS = [Column("名", 9), Column("値", 14, is_filled_in=True), Column("数")]
NAMES = ["名", "値", "数"]


def as_form(rows):
    return form_workbook("様式", COLUMNS, rows, made_at=MADE_AT)


def as_data(rows):
    return data_workbook("表", NAMES, rows, made_at=MADE_AT)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_csv_is_what_excel_opens():
    assert csv_file(NAMES, ROWS).decode("utf-8-sig") == (
        '名,値,数\r\n\'=1+1,-12.50,3\r\n\'-5,,\r\n"一\n二,「""」",0,1000\r\n'
    )
    assert csv_file(NAMES, ROWS).startswith(b"\xef\xbb\xbf")


def test_form_holds_texts_in_text_cells():
    sheet = opened(as_form(ROWS)).active
    cells = [cell for row in sheet for cell in row]

    assert [[cell.value for cell in row] for row in sheet] == [
        NAMES, ["'=1+1", "-12.50", "3"], ["'-5", None, None], ['一\n二,「"」', "0", "1000"],
    ]  # fmt: skip
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert [cell.fill.fgColor.rgb for cell in sheet[2]] == ["00000000", "FFE8F1FE", "00000000"]
    assert sheet.freeze_panes == "C2"
    assert sheet.column_dimensions["B"].width == 14


def test_data_holds_numbers_as_numbers():
    sheet = opened(as_data(ROWS)).active

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["'=1+1", -12.5, 3], ["'-5", None, None], ['一\n二,「"」', 0, 1000],
    ]  # fmt: skip
    assert {cell.number_format for row in sheet for cell in row} == {"General"}


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>x</t></r>",
        "&lt;",
        "<r>\n</r>",
        "_x0041_",
        "_x005F_x0041_",
        "_x0041_x0042_",
        "_x0041_x0042_x0043_ と _x0041__x0042_",
        "]]>",
        "𠮷",
        " 前後 ",
        "\ufffe",
        "1\x0b2",
        "\ud842",
    ],
)
@pytest.mark.parametrize("written", [as_form, as_data])
def test_every_text_comes_back_less_what_no_file_can_hold(written, text):
    cell = read_sheet(written([[text, "x", ""]])).rows[2].get(1)

    kept = "".join(char for char in text if char not in "\ufffe\x0b\ud842").strip()
    assert (cell.text if cell else "") == kept
    assert opened(written([[text, "x", ""]])).active["B2"].value == "x"


@pytest.mark.parametrize("written", [as_form, as_data])
def test_same_table_gives_the_same_bytes(written):
    assert written(ROWS) == written(ROWS)
    assert opened(written(ROWS)).properties.created == MADE_AT.replace(tzinfo=None)


def test_title_of_the_sheet_may_hold_markup():
    content = data_workbook('A&B<"c">', NAMES, [["x"]], made_at=MADE_AT)

    assert opened(content).sheetnames == ['A&B<"c">']
