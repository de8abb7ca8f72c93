"""Which CSV files and sheets the import of actuals understands, and what it says of others."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.entry.actuals_files import (
    PAGE,
    SHORT,
    actual,
    as_text,
    confirm,
    csv_bytes,
    differences,
    one,
    preview,
    problems,
    refusal,
    rewritten,
    saved,
    workbook,
)
from tests.factories import (
    make_kpi,
    make_project,
)

# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_understood_in_its_usual_encodings(planner, kpi, encoding):
    rows = [[*SHORT, "要因分析"], ["P1-1", "2025", "5", "髙橋①、\r\n二行目"]]

    confirm(planner, preview(planner, csv_bytes(*rows, encoding=encoding)))

    assert actual(kpi).analysis == "髙橋①、\n二行目"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルが空です。"),
        (b"\r\n \r\n", "ファイルが空です。"),
        (b"\r\nP1-1,2025,5\r\n", "ファイルが空か、1行目に見出しがありません。"),
        (csv_bytes(SHORT), "見出しだけで、データの行がありません。"),
        (csv_bytes(["番号", "年"], ["P1-1", "1"]), "1行目の見出しに「KPI番号」と「年度」が"),
        (csv_bytes([*SHORT, "実績値"], ["P1-1", "2025", "1", "2"]), "見出し「実績値」が2つ以上"),
        (csv_bytes(SHORT[:2], ["P1-1", "2025"]), "取り込む列がありません。"),
        (csv_bytes(SHORT, ["P1-1", "2025", "1"], delimiter="\t"), "列がタブで区切られています。"),
        (csv_bytes(SHORT, ["P1-1", "2025", "1"], delimiter=";"), "列がセミコロンで区切られて"),
        (csv_bytes(SHORT, ["P1-1", "2025", "1", "000"]), "2行目の列が見出しより多くあります。"),
        (csv_bytes(SHORT, ["P1-1", "2025", "1\x00"]), "CSV にないはずの文字（NUL）があります。"),
        (csv_bytes(SHORT, encoding="utf-16"), "UTF-16（Unicode テキスト）のファイルです。"),
        ("KPI番号,年度\r\n".encode() + b"\xff\xfd\x81", "ファイルの文字を読み取れません。"),
        (csv_bytes(SHORT) + b'P1-1,2025,"5\r\n', '引用符（"）が閉じていないか'),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "パスワード付きのファイルです。"),
        (b"PK\x03\x04broken", "Excel のファイルとして読み取れません。"),
    ],
)
def test_file_that_is_no_table_is_refused_in_words(planner, kpi, content, sentence):
    answer = preview(planner, content)

    assert answer.status_code == 422
    if content:
        assert sentence in refusal(answer)
    else:
        assert "選んでください" in refusal(answer) or sentence in refusal(answer)
    assert "signed" not in answer.context


def test_no_file_is_refused_in_words(planner, kpi):
    assert refusal(planner.post(PAGE)) == "ファイルを選んでください。"


def test_ten_thousand_rows_are_refused_in_words(planner, kpi):
    rows = [["P1-1", "2025", str(number)] for number in range(10_000)]
    sentence = (
        "データの行が2,000行を超えています。この年度の指標の行だけにして保存し直してください。"
    )

    assert refusal(preview(planner, csv_bytes(SHORT, *rows))) == sentence
    assert refusal(preview(planner, saved(workbook(SHORT, *rows)))) == sentence


def test_file_above_the_limit_is_refused_unread(planner, kpi, monkeypatch):
    monkeypatch.setattr("entry.views.actuals_file.read_table", lambda content: pytest.fail("read"))

    answer = preview(planner, b"x" * (5 * 1024 * 1024 + 1))

    assert refusal(answer) == "ファイルが大きすぎます。5MBまでのファイルにしてください。"


# XLSX


def book_with(cell, column="実績値", **style):
    book = workbook([*SHORT, "集計中の予定日"], ["P1-1", "2025"])
    place = book.active.cell(2, [*SHORT, "集計中の予定日"].index(column) + 1)
    place.value = cell
    for name, value in style.items():
        setattr(place, name, value)
    return book


@pytest.mark.parametrize(
    ("unit", "cell", "number_format", "value"),
    [
        ("件", 12, "General", "12"),
        ("件", 12.0, "General", "12"),
        ("件", 1200.0, "0.00E+00", "1200"),
        ("件", 12.5, "#,##0", "12.5"),
        ("件", 0.1 + 0.2, "General", "0.3"),
        ("件", 64.900000000000006, "General", "64.9"),
        ("件", "１２．５", "@", "12.5"),
        ("%", 0.125, "0.0%", "12.5"),
        ("%", 12.5, '0.0"%"', "12.5"),
    ],
)
def test_number_cells_are_taken_as_the_sheet_shows_them(
    planner, strategy, unit, cell, number_format, value
):
    kpi = make_kpi(make_project(strategy), unit=unit, decimal_places=1)

    confirm(planner, preview(planner, saved(book_with(cell, number_format=number_format))))

    assert actual(kpi).value == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "style", "sentence"),
    [
        ("=1+1", {}, "数式は取り込めません。コピーして「値として貼り付け」で"),
        (date(2025, 3, 12), {}, "日付になっています（2025-03-12）。"),
        (datetime(2025, 3, 12, 9, 0), {}, "日付になっています（2025-03-12）。"),  # noqa: DTZ001
        (True, {}, "TRUE・FALSE は取り込めません。"),
        ("#REF!", {}, "エラー値（#REF!）になっています。"),
        ("1.2E+03", {}, "指数の書き方は使えません。"),
        (0.125, {"number_format": "0.0%"}, "単位は「件」です。"),
        (45000, {"number_format": "yyyy/m/d"}, "日付になっています（2023-03-15）。"),
        (10**12, {"number_format": "yyyy/m/d"}, "エラー値（#VALUE!）になっています。"),
    ],
)
def test_cell_that_is_no_number_is_refused_and_named(planner, kpi, cell, style, sentence):
    answer = preview(planner, saved(book_with(cell, **style)), "実績.xlsx")

    place, message = one(problems(answer))
    assert place == "2行目 C列（実績値）"
    assert sentence in message


def test_date_cell_is_understood_where_a_day_belongs(planner, kpi):
    book = book_with(date(2026, 8, 20), column="集計中の予定日")

    confirm(planner, preview(planner, saved(book)))

    assert actual(kpi).expected_on == date(2026, 8, 20)


def test_formula_in_a_column_that_is_not_read_does_not_matter(planner, kpi):
    book = workbook([*SHORT, "検算"], ["P1-1", "2025", 5, "=SUM(C2)"])

    confirm(planner, preview(planner, saved(book)))

    assert actual(kpi).value == 5


def test_column_without_a_heading_is_ignored_and_named(planner, kpi):
    answer = preview(planner, saved(workbook(SHORT, ["P1-1", "2025", 5, "メモ"])))

    assert "読まなかった列：見出しのない列" in as_text(answer)
    assert differences(answer)[0] == ("P1-1", "実績値", "", "5件")


def test_merged_cells_are_refused_by_their_range(planner, kpi):
    book = workbook(SHORT, ["P1-1", "2025", 5], ["P1-2", "2025", None])
    book.active.merge_cells("C2:C3")

    assert refusal(preview(planner, saved(book))) == (
        "結合されたセルがあります（C2:C3）。セルの結合を解除して保存し直してください。"
    )


def test_first_visible_sheet_is_read_and_named(planner, kpi):
    book = workbook(SHORT, ["P1-1", "2025", 5])
    book.active.title = "実績"
    hidden = book.create_sheet("元データ", 0)
    hidden.sheet_state = "hidden"
    book.create_sheet("メモ")
    book.active = 1

    answer = preview(planner, saved(book))

    assert "シート「実績」だけを読みました（「元データ」、「メモ」は使いません）。" in as_text(
        answer
    )
    assert differences(answer)[0] == ("P1-1", "実績値", "", "5件")


def test_sheet_that_misstates_its_size_is_read_whole(planner, kpi):
    content = rewritten(
        saved(workbook(SHORT, ["P1-1", "2025", 5])),
        lambda name, text: text.replace(b'ref="A1:C2"', b'ref="A1:A1"'),
    )

    assert differences(preview(planner, content))[0] == ("P1-1", "実績値", "", "5件")


def test_stray_cell_far_below_is_refused_without_making_up_the_rows_between(planner, kpi):
    book = openpyxl.Workbook()
    book.active.append(SHORT)
    book.active.append(["P1-1", "2025", "9"])
    book.active.cell(1_048_576, 1, " ")
    saved = io.BytesIO()
    book.save(saved)

    html = planner.post(
        "/plans/mihon/entry/2025/import/", {"file": SimpleUploadedFile("a.xlsx", saved.getvalue())}
    ).content.decode()
    assert "1,048,576行目にも内容があります" in html
