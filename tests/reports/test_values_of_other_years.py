"""Carried values, values in words and figures without a unit, wherever they are read."""

import csv
import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from kpis.models import ActualState, FinalTarget
from kpis.progress import load_progress
from kpis.recording import ActualEntry
from reports.annual.assembly import assemble_report
from reports.history.changes import history_of_kpi
from reports.renderers.content import report_content
from tests.factories import final, make_kpi, record
from tests.page_text import said

IN_WORDS = ActualEntry(ActualState.FINAL, value_words="3地区で実施")


@pytest.fixture
def carried(project, kikaku):
    """P1-1, 40 of 50件: what was measured in 2022 stands for 2024, and 44 of 2025 for 2025."""
    kpi = make_kpi(project, 1, name="満足した人")
    record(kpi, {2024: final(40, value_year=2022), 2025: 44}, kikaku)
    return kpi


@pytest.fixture
def judged(project, kikaku):
    """P1-2, without a unit, whose target is words that people judge by."""
    kpi = make_kpi(project, 2, target=None, unit="", name="防災の体制")
    FinalTarget.objects.create(kpi=kpi, effective_from=2024, words="推進", met_by="people")
    record(kpi, {2024: IN_WORDS}, kikaku)
    return kpi


@pytest.mark.parametrize(
    "address",
    ["kpis/?fy=2024", "projects/P1/?fy=2024", "reports/2024/", "kpis/P1-1/?fy=2024"],
)
def test_pages_say_whose_year_a_value_is(planner, carried, address):
    assert "40 （令和4年度の値）" in said(planner.get(f"/plans/mihon/{address}"))


def test_kpi_page_rates_the_row_and_names_the_year(planner, carried):
    text = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2024"))

    assert "令和6年度の実績は40件（令和4年度の値）で、最終目標の50件まであと10件です。" in text
    assert "40 件 令和4年度の値です" in text
    assert "40 ÷ 50 × 100 = 80.0%" in text
    after = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))
    assert "前年度 40件（令和4年度の値）、4件増" in after


def test_value_that_stands_for_two_years_has_not_changed(planner, carried, kikaku):
    record(carried, {2026: final(44, value_year=2025)}, kikaku)
    text = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2026"))

    assert "前年度 44件（同じ値）" in text


def test_chart_marks_the_value(planner, carried):
    page = planner.get("/plans/mihon/kpis/P1-1/?fy=2024").content.decode()

    assert "令和6年度 40件（令和4年度の値）、目安 50件。" in page
    assert "速報・参考・前の年度の値" in page


def test_history_and_past_days_know_the_year(planner, carried):
    changes = history_of_kpi(carried.project.strategy, carried, until=None)
    said_of_years = [
        (change.fiscal_year, one.old, one.new)
        for change in changes
        for one in change.fields
        if one.label == "値の年度"
    ]

    assert said_of_years == [(2024, "", "令和4年度")]
    past = planner.get(f"/plans/mihon/kpis/P1-1/?fy=2024&as_of={date.today()}")  # noqa: DTZ011
    assert "40 （令和4年度の値）" in said(past)


def rows_of(client):
    content = client.get("/plans/mihon/reports/2025/annual-report.csv").content
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {(row["指標コード"], row["会計年度（年）"]): row for row in rows}


def test_data_file_has_the_year_and_the_words(planner, carried, judged):
    rows = rows_of(planner)

    first = rows["P1-1", "2024"]
    assert (first["指標実績値"], first["値の年度"], first["進捗率（%）"]) == ("40", "2022", "80.0")
    assert first["注記"] == "実績は令和4年度の値です。"
    assert rows["P1-1", "2025"]["値の年度"] == ""
    words = rows["P1-2", "2024"]
    assert (words["指標実績値"], words["実績の記述"], words["値区分"], words["欠測区分"]) == (
        "", "3地区で実施", "確定", "4",
    )  # fmt: skip
    assert (words["単位"], rows["P1-2", "2025"]["実績の記述"]) == ("", "")


def test_workbook_marks_the_value_and_says_its_year_in_a_note(planner, carried, judged):
    content = planner.get("/plans/mihon/reports/2025/annual-report.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["P1"]
    cells = [cell for row in sheet for cell in row if cell.value is not None]

    formats = {cell.number_format for cell in cells if cell.value == 40}
    assert formats == {'"前 "#,##0_ ;"前 ""△"#,##0_ '}
    assert "注　P1-1（令和6年度）実績は令和4年度の値です。" in [cell.value for cell in cells]
    (row,) = (one for one in sheet.iter_rows(values_only=True) if one[0] == "P1-2" and one[3:6])
    assert row[2] == "－"
    assert "3地区で実施" in row


def marks_of(content):
    """The marks that the guide of a report explains."""
    sections = content["guide"]["sections"]
    (table,) = (one["table"] for one in sections if one["title"] == "符号と端数")
    return list(table.rows)


def test_pdf_and_word_mark_the_value_and_explain_the_mark(carried, judged):
    strategy = carried.project.strategy
    report = assemble_report(strategy, load_progress(strategy, 2025, with_texts=True))
    content = report_content(report)
    (project,) = content["projects"]

    assert [kpi["cells"][5:7] for kpi in project["kpis"]] == [
        ["前40", "44"],
        ["3地区で実施", "未入力"],
    ]
    assert ("注1", "P1-1（令和6年度）実績は令和4年度の値です。") in project["kpi_notes"]
    assert project["kpis"][1]["cells"][1] == "－"
    assert ("前", "前の年度に測った値（どの年度の値かを注に示します）") in marks_of(content)
    plain = report_content(replace(report, projects=()))
    assert "前" not in [mark for mark, _meaning in marks_of(plain)]


def test_words_stand_where_a_value_does(planner, judged):
    page = said(planner.get("/plans/mihon/kpis/P1-2/?fy=2024"))

    assert "令和6年度の実績は「3地区で実施」です。" in page
    assert "単位：なし ／ 単年度" in page
    assert (
        "実績がことばのため、率は計算しません。" in page or "目標「推進」は数値ではないため" in page
    )
    assert "（）" not in page
    assert "3地区で実施" in said(planner.get("/plans/mihon/kpis/?fy=2024"))


def test_admin_says_the_year_and_the_words(planner, carried, judged):
    text = said(planner.get("/admin/kpis/yearlyactual/"))

    assert "40件（令和4年度の値）" in text
    assert "3地区で実施" in text
