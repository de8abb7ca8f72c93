"""What cells and files mean beyond their letters, through the workbook's door."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from common.spreadsheets.refusals import FileRefused
from entry.plan_workbook.exporting import exported_workbook
from entry.plan_workbook.workbook import read_workbook
from projects.models import Strategy
from tests.entry.actuals_files import rewritten
from tests.entry.plan_workbook.kpi_sheets import (
    differences,
    kpis,
    looked,
    one,
    problems,
    take,
    targets,
    workbook,
)
from tests.entry.test_actuals_export import by_libreoffice, by_openpyxl, unsaved
from tests.entry.test_odd_texts_in_files import COMMON, ESCAPES, FULL_WIDTH
from tests.factories import final, make_department, make_kpi, record

pytestmark = pytest.mark.asked_once

HEADINGS = ["KPI番号", "基準値の年度", "基準値", "理由"]
FIGURE, TEXT = 2, 3


def place(heading, row=2):
    """Where a cell of the sheet 目標 is."""
    return f"シート「目標」の{row}行目 {'ABCD'[HEADINGS.index(heading)]}列（{heading}）"


def book(*rows):
    """A workbook with the sheet 目標 from its second row on: P1-1, P1-2, … of 2023.

    Each of `rows` goes on with its row: called with the workbook, the sheet and its number there.
    """
    content = io.BytesIO()
    written = xlsxwriter.Workbook(content)
    plan = written.add_worksheet("計画")
    plan.write_row(0, 0, ["項目", "内容"])
    plan.write_row(1, 0, ["計画コード", "mihon"])
    sheet = written.add_worksheet("目標")
    sheet.write_row(0, 0, HEADINGS)
    for number, write_cells in enumerate(rows, start=1):
        sheet.write_row(number, 0, [f"P1-{number}", "2023"])
        write_cells(written, sheet, number)
    written.close()
    return content.getvalue()


def make_kpis(project, count):
    return [make_kpi(project, number) for number in range(1, count + 1)]


def saved(kpi):
    """The figure and the text that stand."""
    kpi.refresh_from_db()
    return kpi.baseline, kpi.final_targets.get().reason


# Figures


def as_percentage(value, style):
    def write(written, sheet, row):
        sheet.write_number(row, FIGURE, value, written.add_format({"num_format": style}))

    return write


def test_percentage_counts_as_the_sheet_shows_it(kikaku, project):
    kpi = make_kpi(project, unit="%", decimal_places=1)

    take(kikaku, book(as_percentage(0.805, "0.0%")))

    assert saved(kpi)[0] == Decimal("80.5")


def test_percentage_of_another_unit_is_refused(kikaku, kpi):
    at, sentence = one(problems(kikaku, book(as_percentage(0.8, "0%"))))

    assert at == place("基準値")
    assert "単位が指標の「件」と違います。" in sentence


STRUCK = {"font_strikeout": True}
RAISED = {"font_script": 1}
MARKED = [
    ([(STRUCK, "9"), ({"font_color": "red"}, "94")], ("994", "94")),
    ([({"bold": True}, "118"), (RAISED, "1")], ("1181", "118")),
    ([({"bold": True}, "118"), (STRUCK, "人"), ({"bold": True}, "件")], ("118人件", "118件")),
]


def test_struck_or_raised_parts_of_cells_are_refused_with_both_readings(kikaku, project):
    make_kpis(project, len(MARKED))

    def marked(pieces):
        def write(written, sheet, row):
            runs = [one for style, text in pieces for one in (written.add_format(style), text)]
            sheet.write_rich_string(row, FIGURE, *runs)
            sheet.write_rich_string(row, TEXT, *runs)

        return write

    found = problems(kikaku, book(*(marked(pieces) for pieces, _readings in MARKED)))

    assert [at for at, _said in found] == [
        place(heading, row) for row in (2, 3, 4) for heading in ("基準値", "理由")
    ]
    for (_at, sentence), (_pieces, readings) in zip(found[::2], MARKED, strict=True):
        assert f"「{readings[0]}」とも「{readings[1]}」とも読めます。" in sentence


def test_wholly_struck_or_raised_cells_are_each_refused(kikaku, project):
    make_kpis(project, 2)

    def marked(style):
        def write(written, sheet, row):
            sheet.write_number(row, FIGURE, 48, written.add_format(style))
            sheet.write_string(row, TEXT, "減った", written.add_format(style))

        return write

    found = problems(kikaku, book(marked(STRUCK), marked(RAISED)))

    assert [at for at, _said in found] == [
        place(heading, row) for row in (2, 3) for heading in ("基準値", "理由")
    ]
    for (_at, figure), (_at, text) in (found[:2], found[2:]):
        assert "「48」とも空欄とも読めます。" in figure
        assert "「減った」とも空欄とも読めます。" in text


def test_invisible_characters_are_taken_off_codes_years_and_figures(kikaku, project):
    unseen = ["\u200b", "\ufeff", "\u00ad", "\u202d", "\u2060"]
    made = make_kpis(project, len(unseen))
    rows = [
        [f"{one}P1-{number}", f"{one}2023", f"{one}2{one}3", "改定"]
        for number, one in enumerate(unseen, start=1)
    ]

    take(kikaku, targets(*rows, headings=HEADINGS))

    assert [saved(kpi) for kpi in made] == [(23, "改定")] * len(unseen)


WORDS = [
    "集計中", "－", "―", "未調査", "***", "…", "N/A", "該当なし", "×", "公表待ち", "未定",
]  # fmt: skip


def test_words_in_a_figures_place_are_refused_with_what_to_do(kikaku, project):
    make_kpis(project, len(WORDS))
    rows = [[f"P1-{number}", "2023", word, word] for number, word in enumerate(WORDS, start=1)]

    found = problems(kikaku, targets(*rows, headings=[*HEADINGS[:3], "目標値"]))

    assert found == [
        (
            f"シート「目標」の{row}行目 {letter}列（{heading}）",
            f"「{word}」は数字ではありません。値がないときは、空欄にしてください。",
        )
        for row, word in enumerate(WORDS, start=2)
        for letter, heading in (("C", "基準値"), ("D", "目標値"))
    ]


def test_words_for_a_state_in_an_actuals_place_say_their_column(kikaku, kpi):
    said = {"集計中": "集計中の予定日", "－": "未測定の理由", "120（速報）": "速報"}
    rows = [["P1-1", 2024 + at, word] for at, word in enumerate(said)]

    found = problems(kikaku, workbook(実績=[["KPI番号", "年度", "実績値"], *rows]))

    assert [at for at, _said in found] == [
        f"シート「実績」の{row}行目 C列（実績値）" for row in (2, 3, 4)
    ]
    for (_at, sentence), column in zip(found, said.values(), strict=True):
        assert f"{column}の列に" in sentence


def test_word_in_a_yearly_targets_place_is_refused(kikaku, kpi):
    content = workbook(年度目安=[["KPI番号", "令和6年度", "R7"], ["P1-1", "10", "－"]])

    place, sentence = one(problems(kikaku, content))

    assert place == "シート「年度目安」の2行目 C列（R7）"
    assert sentence.startswith("「－」は数字ではありません。")


# Sheets and cells


def as_bytes(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_merged_cells_are_refused_in_their_sheet_beside_what_is_wrong_elsewhere(kikaku, kpi):
    content = openpyxl.load_workbook(io.BytesIO(targets(["P1-1"], headings=HEADINGS)))
    content["目標"].merge_cells("D2:D4")
    other = content.create_sheet("指標")
    other.append(["KPI番号", "小数桁数"])
    other.append(["P1-1", "9"])

    assert problems(kikaku, as_bytes(content)) == [
        ("シート「指標」の2行目 B列（小数桁数）", "「9」は使えません。0から4までの整数です。"),
        (
            "シート「目標」",
            "結合されたセルがあります（D2:D4）。結合を解除して保存し直してください。",
        ),
    ]


def test_cells_that_are_neither_text_nor_number_are_refused_in_every_column(kikaku, project):
    make_kpis(project, 3)

    def both(name, *arguments):
        def write(_written, sheet, row):
            for column in (FIGURE, TEXT):
                getattr(sheet, name)(row, column, *arguments)

        return write

    found = problems(
        kikaku,
        book(
            both("write_formula", "=100+20"),
            both("write_formula", "=100+20", None, 120),
            both("write_boolean", True),
        ),
    )

    assert [at for at, _said in found] == [
        place(heading, row) for row in (2, 3, 4) for heading in ("基準値", "理由")
    ]
    for (_at, sentence), start in zip(
        found, ["数式は取り込めません。"] * 4 + ["TRUE・FALSE は取り込めません。"] * 2, strict=True
    ):
        assert sentence.startswith(start)


def test_errors_and_days_are_refused_in_every_column(kikaku, kpi):
    content = targets(
        ["P1-1", "2023", 5, "改定"], *(["#N/A"] * 4, [date(2026, 8, 20)] * 4), headings=HEADINGS
    )

    found = problems(kikaku, content)

    assert [at for at, _said in found] == [
        place(heading, row) for row in (3, 4) for heading in HEADINGS
    ]
    for _at, sentence in found[:4]:
        assert sentence.startswith("エラー値（#N/A）になっています。")
    for _at, sentence in found[4:]:
        assert sentence.startswith("日付になっています（2026-08-20）。")


def test_strict_open_xml_is_read(kikaku, kpi):
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    relations = (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
    content = rewritten(
        targets(["P1-1", "2023", 7, "増えた"], headings=HEADINGS),
        lambda _name, part: part.replace(transitional, strict).replace(*relations),
    )

    take(kikaku, content)

    assert saved(kpi) == (7, "増えた")


def test_hidden_sheet_is_not_read_and_hidden_rows_are_read_and_said(kikaku, kpi):
    content = openpyxl.load_workbook(
        io.BytesIO(targets(["P1-1", "2023", 7, "増えた"], headings=HEADINGS))
    )
    hidden = content.create_sheet("指標", 0)
    hidden.append(["KPI番号", "備考"])
    hidden.append(["P1-1", "x"])
    hidden.sheet_state = "hidden"
    content["目標"].row_dimensions[2].hidden = True

    seen = looked(kikaku, as_bytes(content))

    assert list(map(str, seen.problems)) == []
    assert {one.sheet for one in seen.changes} == {"目標"}
    said = "\n".join(seen.notes)
    assert "「指標」" in said
    assert "非表示の行" in said


def test_sheets_headings_and_items_are_found_in_any_width_and_others_are_listed(kikaku, kpi):
    content = workbook(
        **{"指　標": [["ＫＰＩ番号", "備 考", "メモ"], ["P1-1", "x", "y"]], "下書き": [["あ"]]}
    )

    seen = looked(kikaku, content)

    assert [(row.sheet, row.key) for row in seen.changes] == [("指標", "P1-1")]
    assert "使わないシート：「下書き」。" in seen.notes
    assert "シート「指標」で使わない列：「メモ」（値が1行にあります）。" in seen.notes


def test_column_without_a_heading_is_ignored_and_listed(kikaku, kpi):
    seen = looked(kikaku, kpis(["P1-1", "x", "メモ"], headings=["KPI番号", "備考"]))

    assert [(row.sheet, row.key) for row in seen.changes] == [("指標", "P1-1")]
    assert "シート「指標」で使わない列：「見出しのない列」。" in seen.notes


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (["No.", "指標名"], "1行目の見出しに「KPI番号」がありません。"),
        (["KPI番号", "備考", "備 考"], "見出し「備考」が2つ以上あります。"),
    ],
)
def test_wrong_headings_are_told_at_their_sheet(kikaku, kpi, headings, sentence):
    place, said = one(
        problems(kikaku, kpis(["P1-1", *["x"] * (len(headings) - 1)], headings=headings))
    )

    assert place == "シート「指標」"
    assert said.startswith(sentence)


def test_stray_cell_far_below_is_refused_without_making_up_the_rows_between(kikaku, kpi):
    content = openpyxl.load_workbook(io.BytesIO(kpis(["P1-1", "x"], headings=["KPI番号", "備考"])))
    content["指標"].cell(1_048_576, 1, " ")

    with pytest.raises(FileRefused, match="1,048,576行目にも内容があります"):
        read_workbook(as_bytes(content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルが空です。"),
        ("KPI番号,備考\r\nP1-1,x\r\n".encode(), "CSVには、シートが1つしか入りません。"),
        ("KPI番号,備考\r\nP1-1,髙橋\r\n".encode("cp932"), "CSVには、シートが1つしか入りません。"),
        (b"PK\x03\x04broken", "Excel のファイルとして読み取れません。"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "パスワード付きのファイルです。"),
    ],
)
def test_file_that_is_no_workbook_is_refused_in_words(content, sentence):
    with pytest.raises(FileRefused) as refused:
        read_workbook(content)
    assert sentence in str(refused.value)


def test_workbook_without_a_sheet_of_a_plan_says_which_there_are():
    content = io.BytesIO()
    openpyxl.Workbook().save(content)

    with pytest.raises(
        FileRefused, match="計画のシートがありません。使えるシート：計画、計画期間、"
    ):
        read_workbook(content.getvalue())


# Characters


def test_names_with_radicals_are_the_same_names(kikaku, project):
    department = make_department("D01")
    department.name = "子育て支援課"
    department.save()
    make_kpi(project, 1, name="子育てしやすいと思う市民の割合", department=department)

    content = kpis(
        ["P1-1", "⼦育てしやすいと思う市⺠の割合", "⼦育て支援課"],
        headings=["KPI番号", "指標名", "所管課"],
    )

    assert differences(kikaku, content) == []


LOST = "5～6月に?野地区で開催。森?外のcaf?"
STANDING = "5〜6月に𠮷野地区で開催。森鷗外のcafé"


def test_what_shift_jis_lost_is_unchanged_and_said(kikaku, project):
    kpi = make_kpi(project, 1, name="𠮷野地区の来場者", note=STANDING)
    record(kpi, {2025: final(9, analysis=STANDING)}, kikaku)
    content = workbook(
        指標=[["KPI番号", "指標名", "備考"], ["P1-1", "?野地区の来場者", LOST]],
        実績=[["KPI番号", "年度", "要因分析"], ["P1-1", "2025", LOST]],
    )

    assert differences(kikaku, content) == []
    said = "\n".join(looked(kikaku, content).notes)
    for place in (
        "指標」の2行目 B列（指標名）",
        "指標」の2行目 C列（備考）",
        "実績」の2行目 C列（要因分析）",
    ):
        assert f"シート「{place}：Shift_JIS で表せない文字が失われているため" in said


@pytest.mark.parametrize(
    ("office", "escapes"), [(unsaved, ESCAPES), (by_openpyxl, []), (by_libreoffice, COMMON)]
)
def test_texts_that_a_file_takes_for_something_else_come_back(
    kikaku, project, tmp_path, office, escapes
):
    text = "\n".join([*escapes, *FULL_WIDTH, "=1+1", "-5", "@x", "'引用"])
    kpi = make_kpi(
        project, 1, name="=危ない名前", note=text, data_source="＝SUM(A1)",
        unit="%", baseline=Decimal("12.5"), baseline_year=2023, decimal_places=1,
    )  # fmt: skip
    record(kpi, {2025: final(9, analysis=text, next_steps="+確かめた")}, kikaku)
    content = office(exported_workbook(Strategy.objects.get()), tmp_path)

    assert differences(kikaku, content) == []


def test_exported_texts_cannot_run(kikaku, project):
    make_kpi(project, 1, name="=1+1", note="@x")

    content = exported_workbook(Strategy.objects.get())

    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    cells = [cell for sheet in sheets for row in sheet for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"'=1+1", "'@x"} <= {cell.value for cell in cells}
