"""The data for machines, held against the rules of machine-readable tables (機械判読性)."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Direction, Formula
from reports.renderers.csv import HEADER, render_csv
from reports.renderers.open_data import render_open_data
from reports.renderers.open_data.columns import ACTUALS, CODES, INDICATORS
from tests.reports.odd_report import FORMULAS, empty_report, named_report
from tests.reports.sample_report import LONG_NAME, kpi, sample_report, year
from tests.reports.workbooks import opened, parts

FILES = ["readme.txt", "kpi_actuals.csv", "kpi_actuals.xlsx", "kpi_indicators.csv", "codes.csv"]
NUMBERS = {
    "会計年度（年）", "指標基準値", "最終目標値", "年度目安値", "指標実績値", "指標累計値",
    "達成率（%）", "進捗率（%）", "欠測区分",
}  # fmt: skip
CSV_FILES = ["kpi_actuals.csv", "kpi_indicators.csv", "codes.csv"]
# What Windows-31J adds to JIS X 0208: circled digits, Roman numerals, squared words.
OWN_CHARACTERS = re.compile("[\u2460-\u24ff\u2116\u2121\u2160-\u217f\u3200-\u33ff〜～]")


def files_of(report):
    with zipfile.ZipFile(io.BytesIO(render_open_data(report))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def report():
    return sample_report()


@pytest.fixture(scope="module")
def files(report):
    return files_of(report)


def records(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def rows(content):
    head, *found = records(content)
    return [dict(zip(head, record, strict=True)) for record in found]


def lines(files):
    return files["readme.txt"].decode("utf-8-sig").splitlines()


def test_archive_holds_the_five_files(files):
    assert list(files) == FILES


def test_same_report_gives_the_same_bytes(report):
    assert render_open_data(report) == render_open_data(report)


def test_files_are_dated_like_the_report(report):
    with zipfile.ZipFile(io.BytesIO(render_open_data(report))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 7, 15, 8, 30, 0)}


def test_actuals_are_the_bytes_of_the_report_csv(report, files):
    assert files["kpi_actuals.csv"] == render_csv(report)


@pytest.mark.parametrize("name", [*CSV_FILES, "readme.txt"])
def test_text_file_is_utf8_with_a_byte_order_mark_and_crlf(name, files):
    content = files[name]

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


@pytest.mark.parametrize("name", CSV_FILES)
def test_one_record_is_one_line_with_as_many_fields_as_the_head(name, files):
    found = records(files[name])

    assert len(found) == files[name].count(b"\r\n")
    assert {len(record) for record in found} == {len(found[0])}


@pytest.mark.parametrize("name", CSV_FILES)
def test_heads_are_unique_named_and_on_one_line(name, files):
    head = records(files[name])[0]

    assert len(set(head)) == len(head)
    assert not [one for one in head if one != " ".join(one.split()) or not one]
    # Years stand in rows, not in columns.
    assert not [one for one in head if re.search(r"令和\d|20\d\d", one)]


@pytest.mark.parametrize("name", CSV_FILES)
def test_cells_have_no_blanks_for_looks(name, files):
    assert {cell for record in records(files[name]) for cell in record} == {
        " ".join(cell.split()) for record in records(files[name]) for cell in record
    }


@pytest.mark.parametrize("name", ["kpi_actuals.csv", "kpi_indicators.csv"])
def test_numeric_columns_are_bare_numbers_or_blank(name, files):
    numeric = NUMBERS | {"小数桁数", "基準値の会計年度（年）", "最終目標の会計年度（年）"}
    cells = [
        cell for row in rows(files[name]) for head, cell in row.items() if head in numeric and cell
    ]

    assert cells
    assert [cell for cell in cells if not re.fullmatch(r"-?\d+(\.\d+)?", cell)] == []


def test_blank_is_not_zero():
    zero = kpi("P1-1", "指標", "件", year(2025, "final", actual="0", rates=("0", "0")))
    plain = sample_report()
    only = replace(plain, projects=(replace(plain.projects[0], kpis=(zero,)),))
    (row,) = rows(files_of(only)["kpi_actuals.csv"])
    (missing,) = rows(files_of(empty_report())["kpi_actuals.csv"])

    assert (row["指標実績値"], row["達成率（%）"], row["欠測区分"]) == ("0", "0.0", "")
    assert (missing["指標実績値"], missing["達成率（%）"], missing["欠測区分"]) == ("", "", "1")


def test_labels_are_repeated_in_every_row(files):
    for row in rows(files["kpi_actuals.csv"]):
        assert [head for head in HEADER[:6] if not row[head]] == []


def test_years_are_western_and_days_iso(files):
    found = rows(files["kpi_actuals.csv"])

    assert {row["会計年度（年）"] for row in found} == {"2024", "2025"}
    assert {row["更新日"] for row in found if row["更新日"]} == {
        date(2025, 6, 30).isoformat(), date(2026, 6, 30).isoformat(),
    }  # fmt: skip


def test_book_holds_the_rows_of_the_csv_and_nothing_else(files):
    book = opened(files["kpi_actuals.xlsx"])
    (sheet,) = book.worksheets
    written = [[cell.value for cell in row] for row in sheet.iter_rows()]
    expected = [
        [
            None if not cell else float(cell) if head in NUMBERS and at else cell
            for head, cell in zip(HEADER, record, strict=True)
        ]
        for at, record in enumerate(records(files["kpi_actuals.csv"]))
    ]

    assert written == expected


def test_book_has_numbers_as_numbers_and_texts_as_texts(files):
    sheet = opened(files["kpi_actuals.xlsx"]).active
    kinds = {
        head: {cell.data_type for cell in column[1:] if cell.value is not None}
        for head, column in zip(HEADER, sheet.iter_cols(), strict=True)
    }

    assert {head for head, found in kinds.items() if found == {"n"}} == set(NUMBERS)
    # The sample's values are all figures of their own years.
    assert {head for head, found in kinds.items() if not found} == {"値の年度", "実績の記述"}
    assert {head for head, found in kinds.items() if found == {"s"}} == (
        set(HEADER) - NUMBERS - {"値の年度", "実績の記述"}
    )


def test_book_means_nothing_by_its_looks(files):
    content = files["kpi_actuals.xlsx"]
    sheet = opened(content).active
    cells = [cell for row in sheet.iter_rows() for cell in row]

    assert not sheet.merged_cells.ranges
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert {(cell.style_id, cell.number_format) for cell in cells} == {(0, "General")}
    assert not [one for one in sheet.row_dimensions.values() if one.hidden or one.outlineLevel]
    assert not [one for one in sheet.column_dimensions.values() if one.hidden]
    assert parts(content, "xl/drawings") == parts(content, "xl/charts") == []
    assert sheet.auto_filter.ref is None
    assert not sheet.conditional_formatting


def test_indicators_tell_what_each_kpi_measures(files):
    found = {row["指標コード"]: row for row in rows(files["kpi_indicators.csv"])}

    assert list(found) == ["P1-1", "P1-2", "P1-3", "P1-4", "A1-1", "A1-2", "A1-3", "A1-4"]
    assert list(found["P1-4"].values()) == [
        "999999", "見本市", "P1-4", "転入超過数", "P1", "地域産業応援プロジェクト", "産業振興課",
        "人", "0", "単年度", "以上を目指す", "基準値からの伸び", "50", "2022", "60", "2028",
        "", "", "", "2024", "", "",
    ]  # fmt: skip
    assert found["A1-1"]["指標名"] == LONG_NAME
    assert (found["A1-4"]["最終目標値"], found["A1-4"]["備考"]) == ("", "要確認：目標値")


def test_codes_explain_every_code_that_the_files_use(files):
    known = {(row["項目"], row["コード"]) for row in rows(files["codes.csv"])}
    used = {
        (head, row[head])
        for name in ("kpi_actuals.csv", "kpi_indicators.csv")
        for row in rows(files[name])
        for head in ("集計方法", "評価区分", "値区分", "欠測区分", "目指す方向", "算式")
        if row.get(head)
    }

    assert used - known == set()
    assert {("目指す方向", one) for one in Direction.labels} <= known
    assert {("算式", one) for one in Formula.labels} <= known


def test_codes_of_ratings_have_the_bounds_of_the_plan(files):
    ratings = [list(row.values()) for row in rows(files["codes.csv"]) if row["項目"] == "評価区分"]

    assert ratings == [
        ["評価区分", "A", "順調", "進捗率が100%以上"],
        ["評価区分", "B", "概ね順調", "進捗率が80%以上100%未満"],
        ["評価区分", "C", "やや遅れ", "進捗率が60%以上80%未満"],
        ["評価区分", "D", "遅れ", "進捗率が60%未満"],
    ]


def test_codes_follow_the_rate_that_ratings_are_read_from(report):
    other = replace(
        report,
        rating_basis="achievement",
        bands=(replace(report.bands[0], lower=Decimal("82.5")), report.bands[3]),
    )
    found = rows(files_of(other)["codes.csv"])

    assert [row["説明"] for row in found if row["項目"] == "評価区分"] == [
        "達成率が82.5%以上",
        "達成率が82.5%未満",
    ]


def test_readme_names_every_file_and_column(files):
    told = lines(files)

    for name in FILES:
        assert [line for line in told if line.startswith(f"{name}：")]
    for columns in (ACTUALS, INDICATORS, CODES):
        for column in columns:
            assert f"{column.name}、{column.physical_name}、{column.meaning}" in told


@pytest.mark.parametrize("columns", [ACTUALS, INDICATORS, CODES], ids=["1", "2", "3"])
def test_physical_names_are_alphanumeric_and_unique(columns):
    names = [column.physical_name for column in columns]

    assert [name for name in names if not re.fullmatch("[a-z][a-z_]*", name)] == []
    assert len(set(names)) == len(names)


def test_columns_of_the_readme_are_those_of_the_files(files):
    for name, columns in (
        ("kpi_actuals.csv", ACTUALS), ("kpi_indicators.csv", INDICATORS), ("codes.csv", CODES),
    ):  # fmt: skip
        assert records(files[name])[0] == [column.name for column in columns]


def test_readme_of_a_draft_says_what_it_is(files):
    assert lines(files)[:11] == [
        "令和7年度 年次報告書 オープンデータ説明書",
        "",
        "団体：見本市（団体コード 999999）",
        "担当課：企画課",
        "計画：第1期見本市総合戦略",
        "計画期間：令和6年度（2024年度）から令和10年度（2028年度）まで",
        "報告の年度：令和7年度（2025年度）",
        "版：案",
        "作成日：2026-07-15",
        "注意：実績値はすべて架空（見本）です。",
        "",
    ]


def test_readme_of_an_edition_has_its_number_and_the_terms_of_its_data():
    terms = {"data_licence": "CC BY 4.0", "contact": "見本市企画課\t電話0000-00-0000"}
    told = lines(files_of(sample_report(edition=3, is_sample=False, office="", **terms)))

    assert "版：第3版" in told
    assert "発行日：2026-07-15" in told
    assert not [line for line in told if "架空" in line or line.startswith("担当課")]
    assert told[-3:] == [
        "5 利用条件と問い合わせ先",
        "利用条件：CC BY 4.0",
        "問い合わせ先：見本市企画課 電話0000-00-0000",
    ]


def test_readme_says_that_terms_are_not_decided(files):
    assert lines(files)[-3:] == ["5 利用条件と問い合わせ先", "利用条件：未定", "問い合わせ先：未定"]


def test_our_own_words_have_no_characters_that_machines_differ_in(files):
    own = "".join(lines(files)) + files["codes.csv"].decode() + "".join(HEADER)

    assert OWN_CHARACTERS.findall(own) == []


def test_texts_of_people_are_guarded_as_in_the_csv():
    files = files_of(named_report(*FORMULAS, "改行\r\nと　空白\x07"))
    written = [row["備考"] for row in rows(files["kpi_indicators.csv"])]
    sheet = opened(files["kpi_actuals.xlsx"]).active

    assert written == [
        "'=1+1", "'@cmd", "'+81-944", "'-5", "{=SUM(A1)}", "https://example.test/", "0123",
        "改行 と 空白",
    ]  # fmt: skip
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == written
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
