"""What cells of a file mean beyond their letters."""

import io
from dataclasses import dataclass
from decimal import Decimal

import pytest
import xlsxwriter

from kpis.models import YearlyActual
from tests.common.xlsx_parts import row, xlsx
from tests.entry import actuals_files
from tests.factories import final, make_kpi, make_project, record


@dataclass
class Door:
    """The way in of a file of actuals: its columns, and what it answers to a file."""

    client: object
    named = {"KPI番号": "P1-1", "年度": "2025"}
    figure = "実績値"
    text = "要因分析"

    def problems(self, content):
        """[(place, sentence)]."""
        return actuals_files.problems(self.preview(content))

    def preview(self, content):
        return actuals_files.preview(self.client, content, "ファイル")

    def take(self, content):
        actuals_files.confirm(self.client, self.preview(content))

    def refusal(self, content):
        """The sentence that refuses the whole file."""
        return self.preview(content).context["file_problem"]

    def saved(self):
        """The figure and the text that stand."""
        actual = YearlyActual.objects.get()
        return actual.value, actual.analysis

    def place(self, column):
        headings = [*self.named, self.figure, self.text]
        return f"2行目 {'ABCDEFG'[headings.index(column)]}列（{column}）"


@pytest.fixture
def door(planner):
    return Door(planner)


def book(door, write_cells, *, sheets=()):
    """A workbook with the door's columns, whose second row `write_cells` goes on with."""
    content = io.BytesIO()
    written = xlsxwriter.Workbook(content)
    for name in sheets:
        written.add_worksheet(name)
    sheet = written.add_worksheet("取り込む表")
    sheet.write_row(0, 0, [*door.named, door.figure, door.text])
    sheet.write_row(1, 0, list(door.named.values()))
    write_cells(written, sheet, len(door.named))
    if sheets:
        written.worksheets()[0].hide()
        sheet.activate()
    written.close()
    return content.getvalue()


def csv_of(door, figure="", text=""):
    return actuals_files.csv_bytes(
        [*door.named, door.figure, door.text], [*door.named.values(), figure, text]
    )


# Figures


def test_percentage_counts_as_the_sheet_shows_it(door, strategy):
    make_kpi(make_project(strategy), unit="%", decimal_places=1)

    door.take(
        book(door, lambda written, sheet, at: sheet.write_number(
            1, at, 0.805, written.add_format({"num_format": "0.0%"}))
        )
    )  # fmt: skip

    assert door.saved()[0] == Decimal("80.5")


def test_percentage_of_another_unit_is_refused(door, kpi):
    found = door.problems(
        book(door, lambda written, sheet, at: sheet.write_number(
            1, at, 0.8, written.add_format({"num_format": "0%"}))
        )
    )  # fmt: skip

    ((place, sentence),) = found
    assert place == door.place(door.figure)
    assert "単位は「件」です。" in sentence


STRUCK = {"font_strikeout": True}
RAISED = {"font_script": 1}


@pytest.mark.parametrize(
    ("pieces", "readings"),
    [
        ([(STRUCK, "9"), ({"font_color": "red"}, "94")], ("994", "94")),
        ([({"bold": True}, "118"), (RAISED, "1")], ("1181", "118")),
        ([({"bold": True}, "118"), (STRUCK, "人"), ({"bold": True}, "件")], ("118人件", "118件")),
    ],
)
@pytest.mark.parametrize("is_figure", [True, False])
def test_struck_or_raised_part_of_a_cell_is_refused_with_both_readings(
    door, kpi, pieces, readings, is_figure
):
    def write(written, sheet, at):
        runs = [one for style, text in pieces for one in (written.add_format(style), text)]
        sheet.write_rich_string(1, at + (not is_figure), *runs)

    ((place, sentence),) = door.problems(book(door, write))

    assert place == door.place(door.figure if is_figure else door.text)
    assert f"「{readings[0]}」とも「{readings[1]}」とも読めます。" in sentence


@pytest.mark.parametrize("style", [STRUCK, RAISED])
def test_wholly_struck_or_raised_cell_is_refused(door, kpi, style):
    def write(written, sheet, at):
        sheet.write_number(1, at, 48, written.add_format(style))
        sheet.write_string(1, at + 1, "減った", written.add_format(style))

    found = door.problems(book(door, write))

    assert [place for place, _sentence in found] == [door.place(door.figure), door.place(door.text)]
    assert "「48」とも空欄とも読めます。" in found[0][1]
    assert "「減った」とも空欄とも読めます。" in found[1][1]


@pytest.mark.parametrize("invisible", ["\u200b", "\ufeff", "\u00ad", "\u202d", "\u2060"])
def test_invisible_characters_are_taken_off_codes_years_and_figures(door, kpi, invisible):
    content = csv_of(door, f"{invisible}2{invisible}3{invisible}")
    for value in door.named.values():
        content = content.replace(value.encode(), f"{invisible}{value}".encode())

    door.take(content)

    assert door.saved()[0] == 23


@pytest.mark.parametrize(
    "word",
    [
        "集計中",
        "－",
        "―",
        "未調査",
        "***",
        "…",
        "N/A",
        "該当なし",
        "×",
        "調査せず",
        "公表待ち",
        "－－",
    ],
)
def test_word_where_a_figure_belongs_says_what_is_meant_for_it(door, kpi, word):
    ((place, sentence),) = door.problems(csv_of(door, word))

    assert place == door.place(door.figure)
    assert sentence.startswith(f"「{word}」は数字ではありません。")
    if word in ("集計中", "公表待ち"):
        assert "集計中の予定日の列に予定の日を書いてください。" in sentence
    else:
        assert "未測定の理由の列に理由を書いてください。" in sentence


def test_dash_says_how_to_write_a_zero(door, kpi):
    assert "値が0のときは 0 と書いてください。" in door.problems(csv_of(door, "－"))[0][1]


@pytest.mark.parametrize("word", ["120人（速報）", "120（速報値）", "１２０概数"])
def test_provisional_figure_says_where_its_mark_goes(door, kpi, word):
    assert "速報の列に 1 と書いてください。" in door.problems(csv_of(door, word))[0][1]


@pytest.mark.parametrize("written", ["○", "約120", "120以上", "百二十"])
def test_other_words_are_no_state(door, kpi, written):
    ((_place, sentence),) = door.problems(csv_of(door, written))

    assert "数字として読み取れません。" in sentence


@pytest.mark.parametrize("code", ["P1-1①", "P1-1¹", "P1-①"])
def test_code_with_a_notes_mark_is_no_other_code(door, kpi, code):
    make_kpi(kpi.project, 11)

    ((place, sentence),) = door.problems(csv_of(door, "5").replace(b"P1-1", code.encode()))

    assert code in sentence
    assert "KPI番号" in str(place)


# Sheets and cells


def test_merged_cells_are_refused(door, kpi):
    content = book(door, lambda _written, sheet, at: sheet.merge_range(1, at + 1, 3, at + 1, "x"))

    assert "結合されたセルがあります（D2:D4）。セルの結合を解除して" in door.refusal(content)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("<c><f>100+20</f><v></v></c>", "数式は取り込めません。"),
        ("<c><f>100+20</f><v>120</v></c>", "数式は取り込めません。"),
        ('<c t="e"><v>#N/A</v></c>', "エラー値（#N/A）になっています。"),
        ('<c t="b"><v>1</v></c>', "TRUE・FALSE は取り込めません。"),
        ('<c t="d"><v>2026-08-20</v></c>', "日付になっています（2026-08-20）。"),
    ],
)
@pytest.mark.parametrize("is_figure", [True, False])
def test_cell_that_is_neither_text_nor_number_is_refused(door, kpi, cell, sentence, is_figure):
    def text(one):
        return f'<c t="inlineStr"><is><t>{one}</t></is></c>'

    head = row(*map(text, [*door.named, door.figure, door.text]))
    blank = "" if is_figure else "<c/>"
    content = xlsx(head + row(*map(text, door.named.values()), blank, cell, number=2))

    ((place, said),) = door.problems(content)
    assert place == door.place(door.figure if is_figure else door.text)
    assert said.startswith(sentence)


@pytest.mark.parametrize("is_strict", [True, False])
def test_strict_open_xml_is_read(door, kpi, is_strict):
    def text(one):
        return f'<c t="inlineStr"><is><t>{one}</t></is></c>'

    head = row(*map(text, [*door.named, door.figure, door.text]))
    cells = row(*map(text, door.named.values()), "<c><v>7</v></c>", text("増えた"), number=2)

    door.take(xlsx(head + cells, is_strict=is_strict))

    assert door.saved() == (7, "増えた")


def test_first_visible_sheet_is_read_and_said(door, kpi):
    content = book(
        door,
        lambda _written, sheet, at: sheet.write_row(1, at, [7, "増えた"]),
        sheets=["マスタ（隠し）"],
    )

    answer = actuals_files.as_text(door.preview(content))
    door.take(content)

    assert "シート「取り込む表」だけを読みました（「マスタ（隠し）」は使いません）。" in answer
    assert door.saved() == (7, "増えた")


def test_refused_cell_names_its_sheet_where_there_are_several(door, kpi):
    content = book(
        door, lambda _written, sheet, at: sheet.write(1, at, "集計中"), sheets=["マスタ（隠し）"]
    )

    answer = actuals_files.as_text(door.preview(content))

    assert "シート「取り込む表」の2行目" in answer
    assert "「集計中」は数字ではありません。" in answer


# Characters


def test_name_with_radicals_is_the_same_name(planner, project):
    make_kpi(project, 1, name="子育てしやすいと思う市民の割合")
    content = actuals_files.csv_bytes(
        ["KPI番号", "指標名", "年度", "実績値"],
        ["P1-1", "⼦育てしやすいと思う市⺠の割合", "2025", "5"],
    )

    actuals_files.confirm(planner, actuals_files.preview(planner, content))

    assert YearlyActual.objects.get().value == 5


LOST = "5～6月に?野地区で開催。森?外のcaf?"
STANDING = "5〜6月に𠮷野地区で開催。森鷗外のcafé"
NOTE = (
    "Shift_JIS で表せない文字が失われているため、今の内容のままとしました。"
    "書き改めるときは、画面で直してください。"
)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_what_shift_jis_lost_is_unchanged_and_said(planner, kikaku, project, encoding):
    kpi = make_kpi(project, 1, name="𠮷野地区の来場者")
    record(kpi, {2025: final(9, analysis=STANDING, next_steps="続ける")}, kikaku)
    actuals = actuals_files.csv_bytes(
        ["KPI番号", "指標名", "年度", "実績値", "要因分析", "今後の方向性", "版"],
        ["P1-1", "?野地区の来場者", "2025", "9", LOST, "続ける", "1"],
        encoding=encoding,
    )

    answer = actuals_files.preview(planner, actuals)

    assert actuals_files.problems(answer) == []
    assert "変わるところはありません" in actuals_files.as_text(answer)
    assert f"2行目 E列（要因分析）：{NOTE}" in actuals_files.as_text(answer)


def test_new_text_beside_a_loss_is_taken(planner, kikaku, kpi):
    record(kpi, {2025: final(9, analysis=STANDING)}, kikaku)
    content = actuals_files.csv_bytes(
        ["KPI番号", "年度", "要因分析", "今後の方向性", "版"],
        ["P1-1", "2025", LOST, "広げる", "1"],
        encoding="cp932",
    )

    actuals_files.confirm(planner, actuals_files.preview(planner, content))

    saved = YearlyActual.objects.get()
    assert (saved.analysis, saved.next_steps) == (STANDING, "広げる")


def test_export_saved_as_shift_jis_changes_nothing(planner, kikaku, kpi):
    record(kpi, {2025: final(9, analysis=STANDING)}, kikaku)
    exported = planner.get("/plans/mihon/entry/2025/actuals.csv").content.decode("utf-8-sig")

    answer = actuals_files.preview(planner, exported.encode("cp932", "replace"))

    assert "変わるところはありません" in actuals_files.as_text(answer)
