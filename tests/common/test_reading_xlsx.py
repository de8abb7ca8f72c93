"""Cells of an XLSX as the sheet shows them, whoever wrote the file."""

import io

import openpyxl
import pytest
import xlsxwriter

from common.spreadsheets.reading import read_book, read_sheet
from common.spreadsheets.refusals import FileRefused
from tests.common.xlsx_parts import formats, row, xlsx


def texts(content):
    return {at: [cell.text for cell in cells.values()] for at, cells in rows(content).items()}


def rows(content):
    return read_sheet(content).rows


def only_cell(content):
    ((cell,),) = [list(cells.values()) for cells in rows(content).values()]
    return cell


@pytest.mark.parametrize("is_strict", [False, True])
@pytest.mark.parametrize("prefix", ["", "x"])
def test_text_is_read_by_whatever_name_of_its_namespace(is_strict, prefix):
    content = xlsx(
        row('<c t="s"><v>1</v></c>', '<c t="inlineStr"><is><t>中</t></is></c>', "<c><v>3</v></c>"),
        strings="<si><t>外</t></si><si><t>表の文字</t></si>",
        is_strict=is_strict,
        prefix=prefix,
    )

    assert texts(content) == {1: ["表の文字", "中", "3"]}


def test_cells_without_references_stand_side_by_side():
    content = xlsx(row("<c/>", "<c><v>1</v></c>", '<c r="E1"><v>2</v></c>', "<c><v>3</v></c>"))

    assert {at: cell.text for at, cell in rows(content)[1].items()} == {2: "1", 5: "2", 6: "3"}


def test_reading_aid_is_no_part_of_the_text():
    content = xlsx(
        row('<c t="s"><v>0</v></c>'),
        strings='<si><t>大牟田</t><rPh sb="0" eb="3"><t>オオムタ</t></rPh><phoneticPr/></si>',
    )

    assert only_cell(content).text == "大牟田"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("一_x000D_\n二", "一\r\n二"), ("_x005F_x0041_", "_x0041_"), ("_xD842__xDFB7_", "𠮷")],
)
def test_escapes_are_what_excel_shows(written, shown):
    content = xlsx(row(f'<c t="inlineStr"><is><t>{written}</t></is></c>'))

    assert only_cell(content).text == shown


def test_text_in_runs_is_one_text():
    content = xlsx(
        row('<c t="s"><v>0</v></c>'),
        strings="<si><r><t>来場者</t></r><r><rPr><b/></rPr><t>が増えた</t></r></si>",
    )

    assert only_cell(content) == ("来場者が増えた", "", False)


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("0.0%", "0.125", "12.5%"),
        ("0%;[Red]-0%", "0.8", "80%"),
        ('0.0"%"', "12.5", "12.5"),
        ("0.0\\%", "12.5", "12.5"),
        ("#,##0", "1234.5", "1234.5"),
        ("0.00E+00", "1.2E3", "1200"),
        ('0"日"', "3", "3"),
        ("General", "0.30000000000000004", "0.3"),
        ("[Red]0", "-0", "0"),
    ],
)
def test_number_is_read_as_its_format_means_it(code, number, shown):
    content = xlsx(
        row(f'<c s="0"><v>{number}</v></c>'), styles=formats(code.replace('"', "&quot;"))
    )

    assert only_cell(content) == (shown, "", False)


@pytest.mark.parametrize(
    ("code", "number", "properties", "day"),
    [
        ("yyyy/m/d", "46254", "", "2026-08-20"),
        ("yyyy/m/d h:mm", "46254.5", "", "2026-08-20"),
        ("[$-411]ggge年m月d日", "46254", "", "2026-08-20"),
        ("[$-411]ge", "46254", "", "2026-08-20"),
        ("aaaa", "46254", "", "2026-08-20"),
        ("yyyy/m/d", "44792", '<workbookPr date1904="1"/>', "2026-08-20"),
        ("yyyy/m/d", "59", "", "1900-02-28"),
        ("yyyy/m/d", "61", "", "1900-03-01"),
    ],
)
def test_day_is_read_by_the_workbooks_date_system(code, number, properties, day):
    content = xlsx(
        row(f'<c s="0"><v>{number}</v></c>'), styles=formats(code), properties=properties
    )
    cell = only_cell(content)

    assert (cell.text, cell.is_day) == (day, True)
    assert cell.problem.startswith(f"日付になっています（{day}）。")


def test_built_in_formats_are_known_by_their_numbers():
    styles = (
        "<cellXfs>" + "".join(f'<xf numFmtId="{at}"/>' for at in (10, 14, 57, 4)) + "</cellXfs>"
    )
    content = xlsx(
        row(*(f'<c s="{at}"><v>{46254 if at in (1, 2) else 0.5}</v></c>' for at in range(4))),
        styles=styles,
    )

    assert texts(content) == {1: ["50%", "2026-08-20", "2026-08-20", "0.5"]}


def test_strict_day_is_a_day():
    cell = only_cell(xlsx(row('<c t="d"><v>2026-08-20T00:00:00</v></c>'), is_strict=True))

    assert (cell.text, cell.is_day) == ("2026-08-20", True)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("<c><f>A2+1</f><v>3</v></c>", "数式は取り込めません。"),
        ("<c><f>A2+1</f><v></v></c>", "数式は取り込めません。"),
        ('<c t="str"><f>A2</f><v>文</v></c>', "数式は取り込めません。"),
        ('<c><f t="shared" si="0"/><v>3</v></c>', "数式は取り込めません。"),
        ('<c t="e"><v>#N/A</v></c>', "エラー値（#N/A）になっています。"),
        ('<c t="b"><v>1</v></c>', "TRUE・FALSE は取り込めません。"),
        ('<c t="inlineStr"><is><t>=1+1</t></is></c>', "数式は取り込めません。"),
        ('<c s="0"><v>0.375</v></c>', "日付になっています（09:00:00）。"),
        ('<c s="0"><v>60</v></c>', "エラー値（#VALUE!）になっています。"),
        ('<c s="0"><v>-1</v></c>', "エラー値（#VALUE!）になっています。"),
        ("<c><v>1E400</v></c>", "エラー値（#NUM!）になっています。"),
    ],
)
def test_cell_that_is_neither_text_nor_number_says_so(cell, sentence):
    assert only_cell(xlsx(row(cell), styles=formats("yyyy/m/d h:mm"))).problem.startswith(sentence)


def test_what_an_array_formula_put_beside_it_is_a_formula_too():
    content = xlsx(
        row('<c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c>', '<c r="B1"><v>1</v></c>')
        + row('<c r="A2"><v>2</v></c>', '<c r="B2"><v>2</v></c>', number=2)
    )

    problems = [[bool(cell.problem) for cell in cells.values()] for cells in rows(content).values()]
    assert problems == [[True, False], [True, False]]


STRUCK = "<rPr><strike/></rPr>"


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        (f"<r>{STRUCK}<t>9</t></r><r><rPr/><t>94</t></r>",
         "取り消し線の文字があり、「994」とも「94」とも"),
        ('<r><t>118</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>',
         "上付きの文字があり、「1181」とも「118」とも"),
        ('<r><t>118</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>1</t></r>',
         "下付きの文字があり、「1181」とも「118」とも"),
        (f"<r>{STRUCK}<t>48.1</t></r>", "取り消し線の文字があり、「48.1」とも空欄とも"),
        (f"<r><t>取材が</t></r><r>{STRUCK}<t>減った</t></r><r><rPr/><t>増えた</t></r>",
         "「取材が減った増えた」とも「取材が増えた」とも"),
    ],
)  # fmt: skip
def test_marks_that_change_what_a_cell_says_name_both_readings(runs, sentence):
    shared = xlsx(row('<c t="s"><v>0</v></c>'), strings=f"<si>{runs}</si>")
    inline = xlsx(row(f'<c t="inlineStr"><is>{runs}</is></c>'))

    assert sentence in only_cell(shared).problem
    assert only_cell(inline) == only_cell(shared)


def test_long_text_names_the_readings_where_they_part():
    text = "あ" * 100
    content = xlsx(
        row('<c t="s"><v>0</v></c>'),
        strings=f"<si><r><t>{text}</t></r><r>{STRUCK}<t>減</t></r><r><rPr/><t>増</t></r></si>",
    )

    assert "「…ああああああああ減増」とも「…ああああああああ増」とも" in only_cell(content).problem


@pytest.mark.parametrize(
    "runs",
    [
        f"<r><t>94</t></r><r>{STRUCK}<t> </t></r>",
        '<r><rPr><strike val="false"/></rPr><t>94</t></r>',
        '<r><rPr><vertAlign val="baseline"/></rPr><t>94</t></r>',
    ],
)
def test_marks_that_change_nothing_do_not_matter(runs):
    content = xlsx(row('<c t="s"><v>0</v></c>'), strings=f"<si>{runs}</si>")

    assert only_cell(content) == ("94", "", False)


def test_lowered_digit_of_a_formula_reads_on():
    runs = '<r><t>CO</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>2</t></r>'
    content = xlsx(row('<c t="s"><v>0</v></c>'), strings=f"<si>{runs}<r><t>の削減</t></r></si>")

    assert only_cell(content) == ("CO2の削減", "", False)


@pytest.mark.parametrize(
    ("mark", "name"),
    [("<strike/>", "取り消し線"), ('<vertAlign val="superscript"/>', "上付き")],
)
@pytest.mark.parametrize(
    "cell",
    ['<c s="1"><v>48.1</v></c>', '<c s="1" t="s"><v>0</v></c>', '<c s="1" t="s"><v>1</v></c>'],
)
def test_mark_of_the_cells_own_font_counts_for_all_of_it(mark, name, cell):
    content = xlsx(
        row(cell),
        strings="<si><t>48.1</t></si><si><r><t>48.1</t></r></si>",
        styles=f"<fonts><font/><font>{mark}</font></fonts><cellXfs><xf/><xf fontId='1'/></cellXfs>",
    )

    assert f"{name}の文字があり、「48.1」とも空欄とも" in only_cell(content).problem


def test_fonts_of_conditional_formats_are_no_fonts_of_cells():
    content = xlsx(
        row('<c s="0"><v>1</v></c>'),
        styles="<fonts><font/></fonts><cellXfs><xf/></cellXfs>"
        "<dxfs><dxf><font><strike/></font></dxf></dxfs>",
    )

    assert only_cell(content).problem == ""


def test_hidden_rows_and_columns_are_read_and_said():
    book = openpyxl.Workbook()
    for number in range(1, 5):
        book.active.append([number, number])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    saved = io.BytesIO()
    book.save(saved)
    sheet = read_sheet(saved.getvalue())

    assert sheet.rows[3][2].text == "3"
    assert sheet.notes == ["非表示の行も読みました（3行目）。", "非表示の列も読みました（B列）。"]


def book_of_three():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    for name in ("一", "二", "三"):
        book.add_worksheet(name).write(0, 0, name)
    book.get_worksheet_by_name("二").hide()
    book.get_worksheet_by_name("三").set_row(0, None, None, {"hidden": True})
    book.close()
    return content.getvalue()


def test_all_visible_sheets_are_read_with_their_names():
    found = [
        (sheet.name, sheet.rows[1][1].text, sheet.notes) for sheet in read_book(book_of_three())
    ]

    assert found == [
        ("一", "一", ["非表示のシート「二」は読んでいません。"]),
        ("三", "三", ["シート「三」の非表示の行も読みました（1行目）。"]),
    ]


def test_csv_is_a_book_of_one_sheet():
    (sheet,) = read_book("名,値\n一,2".encode())

    assert (sheet.is_csv, sheet.rows[2][2].text, sheet.notes) == (True, "2", [])


def test_refusal_names_the_sheet_where_there_are_several():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet("実績").write(20_000, 0, "x")
    book.add_worksheet("メモ")
    book.close()

    with pytest.raises(FileRefused, match=r"^シート「実績」：20,001行目にも内容があります。"):
        read_sheet(content.getvalue())


def test_merged_cells_name_their_sheet_where_there_are_several():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet("実績").merge_range("A1:A3", "x")
    book.add_worksheet("メモ")
    book.close()

    with pytest.raises(FileRefused, match=r"^シート「実績」に結合されたセルがあります（A1:A3）。"):
        read_sheet(content.getvalue())


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_workbook_without_a_visible_sheet_is_refused(state):
    with pytest.raises(FileRefused, match="見えるシートがありません。"):
        read_sheet(xlsx(row("<c><v>1</v></c>"), state=state))
