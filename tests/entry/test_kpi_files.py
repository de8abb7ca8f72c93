"""Which files the import of KPIs understands, and what the export hands out."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.spreadsheets.writing import guard, unguard
from tests.admin_forms import messages_of
from tests.factories import make_department, make_kpi, make_project, make_strategy
from tests.kpi_files import (
    HEADERS,
    confirm,
    csv_file,
    one,
    preview,
    problems,
    xlsx_file,
)


def test_shift_jis_is_understood(planner, kpi):
    file = csv_file(["KPI番号", "備考"], ["P1-1", "髙橋①"], encoding="cp932")

    confirm(planner, preview(planner, file))

    kpi.refresh_from_db()
    assert kpi.note == "髙橋①"


def test_xlsx_is_understood_with_its_numbers(planner, kpi):
    file = xlsx_file(["KPI番号", "小数桁数", "基準値", "基準値の年度"], ["P1-1", 1, 12.3, 2023])

    confirm(planner, preview(planner, file))

    kpi.refresh_from_db()
    assert (kpi.decimal_places, kpi.baseline, kpi.baseline_year) == (1, Decimal("12.3"), 2023)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空です"),
        ("\ufeff\r\n".encode(), "ファイルが空か、1行目に見出しがありません。"),
        ("KPI番号,備考\r\n".encode(), "見出しだけで、データの行がありません。"),
        (b"\xff\xfe\x00\x01\x81", "CSV（UTF-8 か Shift_JIS）か XLSX で保存し直してください。"),
        (b"PK\x03\x04broken", "Excel のファイルとして読み取れません。"),
        (b"\xd0\xcf\x11\xe0old", "古い形式（.xls）か、パスワード付きのファイルです。"),
        (
            "KPI番号,備考\r\nP1-1,あ,い\r\n".encode(),
            "2行目の列が見出しより多くあります。",
        ),
    ],
)
def test_file_that_is_no_table_is_refused_in_words(planner, kpi, content, sentence):
    page = preview(planner, SimpleUploadedFile("kpis.csv", content))

    assert sentence in page.content.decode()
    assert "confirm_form" not in page.context


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (["番号", "指標名"], "1行目の見出しに「KPI番号」がありません。"),
        (["KPI番号", "指標の名前"], "見出し「指標の名前」は使えません。使える見出し：KPI番号、"),
        (["KPI番号", "備考", "備考"], "見出し「備考」が2つ以上あります。"),
    ],
)
def test_wrong_header_is_refused_with_the_right_ones(planner, kpi, headers, sentence):
    page = preview(planner, csv_file(headers, ["P1-1", *["x"] * (len(headers) - 1)]))

    (row, column, said) = one(problems(page))
    assert (row, column) == ("", "")
    assert said.startswith(sentence)


def test_column_without_a_heading_is_refused(planner, kpi):
    page = preview(planner, xlsx_file(["KPI番号", "備考"], ["P1-1", "x", "メモ"]))

    assert one(problems(page)) == (
        "", "", "見出しのない列に内容があります。見出しを書くか、その列を削除してください。",
    )  # fmt: skip


def test_import_without_a_plan_says_so(planner):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]))

    assert "取り込める計画がありません。" in one(problems(page))[2]


def test_large_file_is_refused(planner, kpi):
    page = preview(planner, SimpleUploadedFile("kpis.csv", b"x" * (1024 * 1024 + 1)))

    assert "1MBまでのファイルにしてください。" in page.content.decode()


def export(planner, number):
    answer = planner.post(
        reverse("admin:kpis_kpi_export"), {"format": str(number), "resource": "0"}
    )
    return answer.content


def test_csv_is_what_a_spreadsheet_opens_and_what_the_import_takes(planner, project):
    make_kpi(
        project,
        1,
        name="=危ない名前",
        note="一行目\n二行目、@印",
        baseline=Decimal("12.5"),
        baseline_year=2023,
        decimal_places=1,
        department=make_department("D01"),
    )
    page = planner.get(reverse("admin:kpis_kpi_export"))
    assert "CSV（UTF-8）" in page.content.decode()

    content = export(planner, 1)

    assert content.startswith(b"\xef\xbb\xbfKPI")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [
        HEADERS,
        [
            "P1-1", "'=危ない名前", "件", "1", "単年度", "以上", "実績÷目標", "12.5", "2023",
            "D01課", "", "", "一行目\n二行目、@印", "50",
        ],
    ]  # fmt: skip
    assert b"\r\n" in content


@pytest.mark.parametrize("number", [0, 1])
def test_exporting_and_importing_changes_nothing(planner, kikaku, project, number):
    kpi = make_kpi(project, 1, name="=危ない名前", baseline=-5, note="-3だった\n二行目")
    kpi.final_targets.create(effective_from=2026, value=80, reason="制度の変更")
    make_kpi(project, 2, aggregation="cumulative", unit="%")

    page = confirm(planner, preview(planner, SimpleUploadedFile("kpis", export(planner, number))))

    assert messages_of(page) == ["取り込みました：新規0件、更新0件、変更なし2件。"]


def test_xlsx_holds_text_that_cannot_run(planner, project):
    make_kpi(project, 1, name="=1+1")

    book = openpyxl.load_workbook(io.BytesIO(export(planner, 0)))

    assert [cell.data_type for row in book.active for cell in row if cell.value] == ["s"] * 22
    assert book.active["B2"].value == "'=1+1"


def test_export_keeps_to_the_current_plan_and_the_filter(planner, kpi):
    make_kpi(make_project(make_strategy(code="next", is_current=False)), 1)
    make_kpi(kpi.project, 2, note="要確認")

    everything = export(planner, 1).decode("utf-8-sig")
    filtered = planner.post(
        reverse("admin:kpis_kpi_export") + "?note=unconfirmed", {"format": "1", "resource": "0"}
    )

    assert [line.split(",")[0] for line in everything.split("\r\n")[1:-1]] == ["P1-1", "P1-2"]
    assert filtered.content.decode("utf-8-sig").split("\r\n")[1].startswith("P1-2")


@pytest.mark.parametrize("text", ["=1", "+1a", "-a", "@x", "'=1", "ふつう", "-5", "+5", "'", ""])
def test_guard_is_taken_off_again(text):
    assert unguard(guard(text)) == text


def test_export_is_of_the_plan_that_the_list_shows(planner, kpi):
    following = make_strategy(code="next", name="次の計画", is_current=False)
    make_kpi(make_project(following), 7)
    at = reverse("admin:kpis_kpi_export")

    def exported(query):
        page = planner.get(at + query).content.decode()
        answer = planner.post(at + query, {"format": "1", "resource": "0"})
        plan = re.search("「([^」]+)」のものを書き出します", page)[1]
        name = re.search('filename="kpis-([a-z]+)-', answer.headers["Content-Disposition"])[1]
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        return plan, name, [row[0] for row in rows[1:]]

    assert exported("?plan=next") == ("次の計画", "next", ["P1-7"])
    for query in ("", "?plan=mihon", "?plan=all"):
        assert exported(query) == ("見本市総合戦略", "mihon", ["P1-1"])
