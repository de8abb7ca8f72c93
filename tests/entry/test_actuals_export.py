"""The file of actuals as it is written, and that it comes back unchanged."""

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry, record_actual
from projects.models import Strategy
from tests.entry.actuals_files import (
    HEADERS,
    as_text,
    confirm,
    csv_bytes,
    csv_rows,
    differences,
    preview,
    problems,
    said,
    saved,
)
from tests.factories import assign, final, make_kpi, make_project, make_strategy

CSV = "/plans/mihon/entry/2025/actuals.csv"
XLSX = "/plans/mihon/entry/2025/actuals.xlsx"


@pytest.fixture
def year(kikaku):
    """A year with one KPI in each state, and texts that a spreadsheet might run."""
    project = make_project(make_strategy())
    stated = [
        ({}, final(1234, analysis='=cmd|"/C calc"!A0', next_steps="一行目\n二行目、「,」")),
        (
            {"unit": "%", "decimal_places": 1, "name": "=危ない名前"},
            ActualEntry(
                ActualState.PROVISIONAL, Decimal("12.5"), confirmation="+確かめた", value_year=2022
            ),
        ),
        (
            {"formula": "from_baseline", "baseline": -50},
            final(-3, analysis="'=引用符", next_steps="-3だった"),
        ),
        ({}, ActualEntry(ActualState.UNMEASURED, unmeasured_reason="@休止")),
        (
            {},
            ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20), analysis="1-2"),
        ),
        ({}, ActualEntry(ActualState.MISSING, analysis="2026/8/20")),
        ({}, None),
    ]
    for number, (fields, entry) in enumerate(stated, start=1):
        kpi = make_kpi(project, number, **fields)
        if entry is not None:
            record_actual(kpi, 2025, entry, user=kikaku, version=0)
    return project.strategy


def sheet_rows(content):
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [[cell.value or "" for cell in row] for row in sheet]


def states():
    return list(
        YearlyActual.objects.order_by("kpi__number").values_list(
            "kpi__number", "state", "value", "unmeasured_reason", "expected_on", "analysis",
            "next_steps", "confirmation", "version", "value_year",
        )
    )  # fmt: skip


EXPECTED = [
    HEADERS,
    ["P1-1", "指標1", "件", "2025", "1234", "0", "", "", "'=cmd|\"/C calc\"!A0",
     "一行目\n二行目、「,」", "", "1", ""],
    ["P1-2", "'=危ない名前", "%", "2025", "12.5", "1", "", "", "", "", "'+確かめた", "1", "2022"],
    ["P1-3", "指標3", "件", "2025", "-3", "0", "", "", "''=引用符", "'-3だった", "", "1", ""],
    ["P1-4", "指標4", "件", "2025", "", "", "'@休止", "", "", "", "", "1", ""],
    ["P1-5", "指標5", "件", "2025", "", "", "", "2026-08-20", "1-2", "", "", "1", ""],
    ["P1-6", "指標6", "件", "2025", "", "", "", "", "2026/8/20", "", "", "1", ""],
    ["P1-7", "指標7", "件", "2025", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def test_csv_is_what_a_spreadsheet_opens(planner, year):
    answer = planner.get(CSV)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="actuals-2025-')
    assert answer.content.startswith(b"\xef\xbb\xbfKPI")
    assert answer.content.count(b"\r\n") == len(EXPECTED)
    assert csv_rows(answer.content) == EXPECTED


def test_xlsx_holds_text_that_cannot_run_or_turn_into_dates(planner, year):
    content = planner.get(XLSX).content

    assert sheet_rows(content) == EXPECTED
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    cells = [cell for row in sheet for cell in row]
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_department_editor_gets_their_own_kpis(editor, tantou, kikaku, year):
    own = year.projects.get().kpis.get(number=2)
    assign(own, tantou)

    assert [row[0] for row in csv_rows(editor.get(CSV).content)] == ["KPI番号", "P1-2"]


def test_export_takes_a_constant_number_of_queries(planner, year, django_assert_num_queries):
    with django_assert_num_queries(13):  # three for the audit
        planner.get(CSV)
    Strategy.objects.get().projects.get().kpis.filter(number__gt=6).delete()
    with django_assert_num_queries(13):
        planner.get(CSV)


# Round trips


def by_openpyxl(content, _folder):
    """Saved as LibreOffice saves: styles, dimensions and texts of its own, numbers as typed."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = openpyxl.styles.Alignment(wrap_text=False)
            if cell.value is None:
                cell.value = ""
    sheet.cell(200, 30).number_format = "0.00"
    return saved(book)


def by_libreoffice(content, folder, kind="xlsx:Calc MS Excel 2007 XML"):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    (folder / "in").mkdir()
    (folder / "in" / "actuals.xlsx").write_bytes(content)
    subprocess.run(
        [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", kind, "--outdir", str(folder), str(folder / "in" / "actuals.xlsx"),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return next(folder.glob("actuals.*")).read_bytes()


def unsaved(content, _folder):
    return content


@pytest.mark.parametrize("office", [unsaved, by_openpyxl, by_libreoffice])
def test_exporting_and_importing_xlsx_changes_nothing(planner, year, tmp_path, office):
    before = states()

    answer = preview(planner, office(planner.get(XLSX).content, tmp_path), "実績.xlsx")

    assert problems(answer) == []
    assert "変わるところはありません（7行を読みました）。" in as_text(answer)
    assert states() == before


def test_exporting_and_importing_csv_changes_nothing(planner, year):
    answer = preview(planner, planner.get(CSV).content)

    assert problems(answer) == []
    assert "変わるところはありません（7行を読みました）。" in as_text(answer)


def test_csv_that_libreoffice_makes_of_the_xlsx_changes_nothing(planner, year, tmp_path):
    utf8 = "csv:Text - txt - csv (StarCalc):44,34,76,1"

    answer = preview(planner, by_libreoffice(planner.get(XLSX).content, tmp_path, utf8))

    assert problems(answer) == []
    assert "変わるところはありません（7行を読みました）。" in as_text(answer)


@pytest.mark.parametrize("office", [unsaved, by_openpyxl, by_libreoffice])
def test_three_changed_cells_change_exactly_these(planner, kikaku, year, tmp_path, office):
    before = states()
    book = openpyxl.load_workbook(io.BytesIO(planner.get(XLSX).content))
    sheet = book.active
    sheet["E2"] = 1300
    sheet["I3"] = "伸びた"
    sheet["E6"] = "40"

    answer = preview(planner, office(saved(book), tmp_path), "実績.xlsx")

    assert problems(answer) == []
    assert differences(answer) == [
        ("P1-1", "実績値", "1,234件", "1,300件"),
        ("P1-2", "要因分析", "", "伸びた"),
        ("P1-5", "実績値", "", "40件"),
        ("P1-5", "状態", "集計中", "確定"),
        ("P1-5", "集計中の予定日", "2026-08-20", ""),
    ]
    done = confirm(planner, answer)
    assert said(done) == ["「実績.xlsx」から、令和7年度の実績を3件取り込みました。"]
    after = states()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        (1, "final", 1300, "", None, '=cmd|"/C calc"!A0', "一行目\n二行目、「,」", "", 2, None),
        (2, "provisional", Decimal("12.5"), "", None, "伸びた", "", "+確かめた", 2, 2022),
        (5, "final", 40, "", None, "1-2", "", "", 2, None),
    ]
    written = YearlyActual.history.filter(history_change_reason="ファイルの取り込み：実績.xlsx")
    assert sorted(written.values_list("kpi__number", "history_user__username")) == [
        (1, "kikaku"),
        (2, "kikaku"),
        (5, "kikaku"),
    ]


def test_template_filled_in_and_imported_twice_writes_once(planner, year):
    rows = csv_rows(planner.get(CSV).content)
    rows[7][4] = "9"
    filled = csv_bytes(*rows)
    confirm(planner, preview(planner, filled))

    again = preview(planner, filled)

    assert "変わるところはありません（7行を読みました）。" in as_text(again)
