import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from reports.renderers.csv import render_csv
from tests.reports.sample_report import LONG_NAME, kpi, sample_report, year

HEADER = (
    "団体コード,団体名,指標コード,指標名,プロジェクトコード,プロジェクト名,所管課,会計年度（年）,"
    "和暦表記,単位,集計方法,指標基準値,最終目標値,年度目安値,指標実績値,指標累計値,達成率（%）,"
    "進捗率（%）,評価区分,値区分,欠測区分,注記,更新日,値の年度,実績の記述"
)
P1 = "P1,地域産業応援プロジェクト,産業振興課"


@pytest.fixture(scope="module")
def data():
    return render_csv(sample_report())


def rows_of(report):
    text = render_csv(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def one_kpi(plain, *years, **changes):
    """The sample report with a single KPI."""
    project = plain.projects[0]
    only = replace(kpi("P1-1", "指標", "人", *years), **changes)
    return replace(plain, projects=(replace(project, kpis=(only,)),))


def test_file_is_utf8_with_a_byte_order_mark_and_crlf(data):
    assert data.startswith(b"\xef\xbb\xbf\xe5\x9b\xa3")  # 団
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 1 + 8 * 2


def test_first_line_is_the_agreed_header(data):
    assert data.decode("utf-8-sig").splitlines()[0] == HEADER


@pytest.mark.parametrize(
    "line",
    [
        (
            f"999999,見本市,P1-1,支援件数（のべ）,{P1},2024,令和6年度,件,累計,,50,10,12,12,24.0,120.0,"
            "A,確定,,,2025-06-30"
        ),
        (
            f"999999,見本市,P1-1,支援件数（のべ）,{P1},2025,令和7年度,件,累計,,50,20,9,21,42.0,105.0,"
            "A,確定,,,2026-06-30"
        ),
        f"999999,見本市,P1-2,創業件数,{P1},2024,令和6年度,件,累計,,50,10,,,,,,,1,,",
        (
            f"999999,見本市,P1-2,創業件数,{P1},2025,令和7年度,件,累計,,50,20,9,9,,,,確定,5,"
            "令和6年度の実績がそろっていないため、累計は参考です。,2026-06-30"
        ),
        (
            f"999999,見本市,P1-3,来場者数,{P1},2025,令和7年度,人,単年度,,10000,10000,9996,,99.9,99.9,"
            "B,確定,,,2026-06-30"
        ),
        (
            f"999999,見本市,P1-4,転入超過数,{P1},2025,令和7年度,人,単年度,50,60,54,-48,,-980.0,"
            "-2450.0,D,速報,,,2026-06-30"
        ),
    ],
    ids=["first year", "running total", "missing", "reference", "a hair below 100", "negative"],
)
def test_row_has_exactly_these_fields(data, line):
    assert f"\r\n{line},,\r\n".encode() in data


def test_row_without_a_value_says_why_by_a_code():
    rows = {(row["指標コード"], row["会計年度（年）"]): row for row in rows_of(sample_report())}
    absences = {
        code: (rows[code, "2025"]["指標実績値"], rows[code, "2025"]["値区分"],
               rows[code, "2025"]["評価区分"], rows[code, "2025"]["欠測区分"])
        for code in ("A1-1", "A1-2", "A1-3", "A1-4", "P1-2")
    }  # fmt: skip

    assert absences == {
        "A1-1": ("", "", "", "2"),
        "A1-2": ("", "", "", "3"),
        "A1-3": ("", "", "", "1"),
        "A1-4": ("1234.5", "速報", "", "4"),
        "P1-2": ("9", "確定", "", "5"),
    }


def test_remarks_stand_on_one_line_with_single_spaces():
    rows = {(row["指標コード"], row["会計年度（年）"]): row for row in rows_of(sample_report())}

    assert rows["A1-2", "2025"]["注記"] == "未測定の理由：隔年の調査 です。 次は令和8年度です。"
    assert rows["A1-4", "2025"]["注記"] == "目標値が設定されていません。 速報です。"


def test_text_keeps_what_was_typed_but_control_characters():
    rows = {row["指標コード"]: row for row in rows_of(sample_report())}

    assert rows["A1-1"]["指標名"] == LONG_NAME
    assert rows["A1-2"]["指標名"] == (
        "<b>#let $x$ @ref *太字* _斜体_ `code` \\ ~ 𠮷野家の髙橋さん 😀 [1] // 注"
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝１＋１", "'＝１＋１"),
        ("\t=1+1", "'=1+1"),
        ("\r\n@x", "'@x"),
        ("\x00=1+1", "'=1+1"),
        ("1=1", "1=1"),
        ("支援,件数", "支援,件数"),
    ],
)
def test_text_is_never_a_formula(typed, written):
    years = (year(2025, "missing", absence=(1, "未入力")),)
    report = one_kpi(sample_report(), *years, name=typed, unit=typed, department=typed)
    (row,) = rows_of(report)

    assert [row[column] for column in ("指標名", "単位", "所管課")] == [written] * 3


def test_numbers_are_never_guarded_and_have_no_separators():
    years = (
        year(2025, "final", actual="-1234567.5", expected="33.333333333333", final_target="-0.4",
             rates=("-1234.56", "79.96")),
    )  # fmt: skip
    report = one_kpi(sample_report(), *years, decimal_places=1, baseline=Decimal(-1000))
    (row,) = rows_of(report)

    assert row["指標基準値"] == "-1000.0"
    assert row["最終目標値"] == "-0.4"
    assert row["年度目安値"] == "33.333"
    assert row["指標実績値"] == "-1234567.5"
    assert row["達成率（%）"] == "-1234.6"
    assert row["進捗率（%）"] == "79.9"


def test_every_record_has_as_many_fields_as_the_header(data):
    records = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert {len(record) for record in records} == {25}
    assert all(cell == " ".join(cell.split()) for record in records for cell in record)
