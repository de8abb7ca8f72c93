"""Texts that a file format takes for something else come back as they were typed."""

import io

import pytest
import xlsxwriter

from common.spreadsheets.texts import as_shown
from common.spreadsheets.writing import guard, unguard
from kpis.models import YearlyActual
from tests.entry import actuals_files
from tests.entry.test_actuals_export import by_libreoffice, unsaved
from tests.factories import final, record

# Like escapes; and those that LibreOffice and XlsxWriter lose on their own.
COMMON = [
    "_x0041_", "_x000D_", "_x000d_", "_x005F_", "x005F_", "前_x0041_後", "_x0041", "_X0041_",
    "__x0041__", "_xD842_",
]  # fmt: skip
ESCAPES = [*COMMON, "_x005F_x0041_", "_x0041_x0042_", "_x004_"]
FULL_WIDTH = ["＝1+1", "＋確かめた", "－3だった", "＠休止", "'＝引用符"]


def shared_strings(*rows):
    """A workbook with a table of strings, escaped as Excel does it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return content.getvalue()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("一行目_x000D_\n二行目", "一行目\r\n二行目"),
        ("_x0041__x0042_", "AB"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x005F_x005F_", "_x005F_"),
        ("ふつう", "ふつう"),
    ],
)
def test_escape_is_read_as_excel_shows_it(written, shown):
    assert as_shown(written) == shown


@pytest.mark.parametrize("text", ["=1", "+1a", "-a", "@x", "'=1", "ふつう", "-5", "+5", "'", ""])
def test_guard_is_taken_off_again(text):
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", FULL_WIDTH)
def test_full_width_start_of_a_formula_is_guarded_too(text):
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(("office", "escapes"), [(unsaved, ESCAPES), (by_libreoffice, COMMON)])
def test_actuals_file_comes_back_unchanged(planner, kikaku, kpi, tmp_path, office, escapes):
    text = "\n".join([*escapes, *FULL_WIDTH])
    record(kpi, {2025: final(9, analysis=text, next_steps="＝SUM(A1)")}, kikaku)
    content = office(planner.get("/plans/mihon/entry/2025/actuals.xlsx").content, tmp_path)
    answer = actuals_files.preview(planner, content, "実績.xlsx")

    assert actuals_files.problems(answer) == []
    assert "変わるところはありません" in actuals_files.as_text(answer)


def test_actuals_csv_comes_back_unchanged(planner, kikaku, kpi):
    text = "\n".join([*ESCAPES, *FULL_WIDTH])
    record(kpi, {2025: final(9, analysis=text, next_steps="＝SUM(A1)")}, kikaku)
    answer = actuals_files.preview(
        planner, planner.get("/plans/mihon/entry/2025/actuals.csv").content
    )

    assert "'＝SUM(A1)" in planner.get("/plans/mihon/entry/2025/actuals.csv").content.decode(
        "utf-8-sig"
    )
    assert "変わるところはありません" in actuals_files.as_text(answer)


@pytest.mark.parametrize("text", COMMON)
def test_actuals_file_saved_by_excel_is_read_as_shown(planner, kpi, text):
    content = shared_strings(
        ["KPI番号", "年度", "実績値", "要因分析"], ["P1-1", "2025", "9", f"{text}\n二行目"]
    )
    actuals_files.confirm(planner, actuals_files.preview(planner, content, "実績.xlsx"))

    assert YearlyActual.objects.get().analysis == f"{text}\n二行目"
