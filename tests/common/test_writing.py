"""Tables that go out: nothing in them runs, and the same table gives the same bytes."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from common.spreadsheets.reading import read_book, read_sheet
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import (
    Column,
    FormSheet,
    data_workbook,
    form_workbook,
    forms_workbook,
)

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


def as_forms():
    kinds = ("単年度", "累計")
    departments = tuple(f"{number}番目の課" for number in range(1, 60))
    return forms_workbook(
        [
            FormSheet(
                "指標",
                [
                    Column("KPI番号", note="プロジェクトの記号と番号"),
                    Column("集計方法", choices=kinds, note="1年の値か、足し上げた値か" * 30),
                    Column("主管課", choices=departments),
                    Column("前の課", choices=departments),
                    Column("組", choices=("a,b", "c")),
                ],
                [["P1-1", "累計", "7番目の課", "", ""]],
                most_rows=300,
            ),
            FormSheet("記入例", COLUMNS, [["一", "二", "三"]], most_rows=9, is_example=True),
        ],
        made_at=MADE_AT,
    )


def test_form_offers_what_a_cell_may_hold_and_says_what_it_means():
    book = opened(as_forms())
    found = {
        str(one.sqref): (one.type, one.formula1, one.prompt, one.error)
        for one in book["指標"].data_validations.dataValidation
    }

    meaning = f"{('1年の値か、足し上げた値か' * 30)[:254]}…"
    departments = "".join(f"{number}番目の課、" for number in range(1, 60))
    asked = "次のどれかを入れてください。"
    refused = f"{asked}{departments}"[:254] + "…"
    assert found == {
        "A1": (None, None, "プロジェクトの記号と番号", None),
        "A2:A301": (None, None, "プロジェクトの記号と番号", None),
        "B1": (None, None, meaning, None),
        "B2:B301": ("list", '"単年度,累計"', meaning, f"{asked}単年度、累計"),
        "C2:C301": ("list", "'選択肢'!$A$1:$A$59", None, refused),
        "D2:D301": ("list", "'選択肢'!$A$1:$A$59", None, refused),
        "E2:E301": ("list", "'選択肢'!$B$1:$B$2", None, f"{asked}a,b、c"),
    }
    assert (book["選択肢"].sheet_state, book["選択肢"]["A59"].value) == ("hidden", "59番目の課")


def test_rows_added_to_a_form_are_texts_too_and_its_headings_stay_in_view():
    sheet = opened(as_forms())["指標"]

    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"


def test_example_is_grey_and_offers_nothing():
    sheet = opened(as_forms())["記入例"]

    assert {cell.fill.fgColor.rgb for row in sheet for cell in row} == {"FFEEEEEE"}
    assert sheet.sheet_properties.tabColor.rgb == "FF999999"
    assert sheet.data_validations.dataValidation == []


def test_own_form_is_read_without_a_word_about_its_hidden_lists():
    assert [(sheet.name, sheet.notes) for sheet in read_book(as_forms())] == [
        ("指標", []), ("記入例", []),
    ]  # fmt: skip
    assert as_forms() == as_forms()
