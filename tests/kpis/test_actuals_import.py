"""A year's actuals from a file: what is shown, what is written, and what each refusal says."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry, close_fiscal_year, record_actual
from tests.factories import (
    final,
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.kpis.actuals_files import (
    HEADERS,
    PAGE,
    as_text,
    confirm,
    csv_bytes,
    differences,
    preview,
    problems,
    refusal,
    said,
    saved,
    take,
    workbook,
)

SHORT = ["KPI番号", "年度", "実績値"]
VERSIONED = [*SHORT, "版"]


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


@pytest.fixture
def strategy(db):
    return make_strategy()


@pytest.fixture
def kpi(strategy):
    return make_kpi(make_project(strategy), 1, name="支援件数")


def actual(kpi, year=2025):
    return YearlyActual.objects.filter(kpi=kpi, fiscal_year=year).first()


def one(found):
    (single,) = found
    return single


# What is shown and what is written


def test_preview_shows_old_and_new_and_writes_nothing(planner, kikaku, kpi):
    record(kpi, {2025: 12}, kikaku)

    answer = preview(planner, csv_bytes(VERSIONED, ["P1-1", "2025", "1,300件", "1"]))

    assert differences(answer) == [("P1-1", "実績値", "12件", "1,300件")]
    html = answer.content.decode()
    assert "<del>12件</del>" in html
    assert "<ins>1,300件</ins>" in html
    assert "1指標の1か所が変わります。変わらない指標は0件です。まだ何も書き込んでいません。" in (
        as_text(answer)
    )
    assert (actual(kpi).value, actual(kpi).history.count()) == (12, 1)


def test_confirmed_file_is_written_with_who_and_why_in_the_history(planner, kikaku, kpi):
    answer = take(
        planner,
        ["ＫＰＩ番号", "年　度", "実績値", "要因分析"],
        ["Ｐ１-１", "令和７年度", "１２", "改善した\n理由、二つ"],
    )

    assert said(answer) == ["「実績.csv」から、令和7年度の実績を1件取り込みました。"]
    written = actual(kpi)
    assert (written.value, written.state, written.version) == (12, ActualState.FINAL, 1)
    assert written.analysis == "改善した\n理由、二つ"
    past = written.history.get()
    assert past.history_user == kikaku
    assert past.history_change_reason == "ファイルの取り込み：実績.csv"


def test_blank_cells_leave_everything_as_it_is(planner, kikaku, kpi):
    record(kpi, {2025: final(12, analysis="理由", next_steps="方向")}, kikaku)

    answer = preview(planner, csv_bytes(HEADERS, ["P1-1", "", "", "2025", *[""] * 7, "1"]))

    assert "変わるところはありません（1行を読みました）。" in as_text(answer)
    assert "signed" not in answer.context


def test_blank_cells_beside_a_new_one_keep_what_stands(planner, kikaku, kpi):
    record(kpi, {2025: final(12, analysis="理由", next_steps="方向")}, kikaku)

    take(planner, HEADERS, ["P1-1", "", "", "2025", "13", *[""] * 6, "1"])

    written = actual(kpi)
    assert (written.value, written.analysis, written.next_steps) == (13, "理由", "方向")


@pytest.mark.parametrize(
    ("before", "cells", "after"),
    [
        (None, {"実績値": "5"}, ("final", Decimal(5), "", None)),
        (None, {"実績値": "0"}, ("final", Decimal(0), "", None)),
        (None, {"実績値": "5", "速報": "１"}, ("provisional", Decimal(5), "", None)),
        (None, {"未測定の理由": "休止"}, ("unmeasured", None, "休止", None)),
        (
            None,
            {"集計中の予定日": "R8.8.20"},
            ("pending", None, "", date(2026, 8, 20)),
        ),
        (None, {"要因分析": "先に書く"}, ("missing", None, "", None)),
        (
            ActualEntry(ActualState.PROVISIONAL, Decimal(5)),
            {"速報": "0"},
            ("final", Decimal(5), "", None),
        ),
        (
            ActualEntry(ActualState.PROVISIONAL, Decimal(5)),
            {"実績値": "6"},
            ("provisional", Decimal(6), "", None),
        ),
        (final(5), {"速報": "1"}, ("provisional", Decimal(5), "", None)),
        (final(5), {"未測定の理由": "休止"}, ("unmeasured", None, "休止", None)),
        (
            ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20)),
            {"実績値": "7", "集計中の予定日": "2026-08-20"},
            ("final", Decimal(7), "", None),
        ),
    ],
)
def test_columns_decide_the_state(planner, kikaku, kpi, before, cells, after):
    version = ""
    if before is not None:
        record_actual(kpi, 2025, before, user=kikaku, version=0)
        version = "1"

    take(planner, [*SHORT[:2], *cells, "版"], ["P1-1", "2025", *cells.values(), version])

    written = actual(kpi)
    assert (
        written.state,
        written.value,
        written.unmeasured_reason,
        written.expected_on,
    ) == after


def test_deletion_is_explicit_and_named_in_the_preview(planner, kikaku, kpi):
    record(kpi, {2025: final(12, analysis="理由")}, kikaku)
    answer = preview(
        planner,
        csv_bytes([*VERSIONED, "要因分析"], ["P1-1", "2025", "削除", "1", "理由"]),
    )
    assert "うち1指標は削除されます" in as_text(answer)
    assert differences(answer) == [
        ("P1-1", "実績値", "12件", ""),
        ("P1-1", "状態", "確定", "未入力"),
        ("P1-1", "要因分析", "理由", ""),
    ]

    confirm(planner, answer)

    assert actual(kpi) is None
    past = YearlyActual.history.filter(kpi=kpi).latest()
    assert (past.history_type, past.history_change_reason) == ("-", "ファイルの取り込み：実績.csv")


def test_deleting_what_is_not_there_changes_nothing(planner, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "削除"]))

    assert "変わるところはありません" in as_text(answer)


def test_unusual_figure_is_pointed_out_and_may_be_explained(planner, kikaku, kpi):
    record(kpi, {2024: 12}, kikaku)

    answer = preview(
        planner, csv_bytes([*SHORT, "確認のひとこと"], ["P1-1", "2025", "120", "制度の拡大"])
    )

    assert "確認：前年度（12件）の10倍以上です。桁を確かめてください。" in as_text(answer)
    confirm(planner, answer)
    assert actual(kpi).confirmation == "制度の拡大"


def test_other_columns_are_ignored_and_listed(planner, kpi):
    answer = preview(planner, csv_bytes([*SHORT, "メモ"], ["P1-1", "2025", "5", "=1+1"]))

    assert "読まなかった列：メモ" in as_text(answer)
    assert differences(answer)[0] == ("P1-1", "実績値", "", "5件")


def test_markup_in_a_file_is_text_in_the_preview(planner, kpi):
    answer = preview(
        planner, csv_bytes([*SHORT, "要因分析"], ["P1-1", "2025", "5", "<script>alert(1)</script>"])
    )

    assert "<script>alert(1)" not in answer.content.decode()
    assert "&lt;script&gt;alert(1)" in answer.content.decode()


# What is refused, cell by cell


def test_one_bad_row_keeps_all_rows_out(planner, kpi):
    make_kpi(kpi.project, 2)

    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"], [], ["P1-2", "2025", "約20"]))

    assert answer.status_code == 422
    assert problems(answer) == [
        (
            "4行目 C列（実績値）",
            "「約20」を数字として読み取れません。単位は「件」です。数字で入力してください（例：1,234）。",
        )
    ]
    assert "1件の誤りがあるため、1件も取り込んでいません" in as_text(answer)
    assert 'href="#problem-1"' in answer.content.decode()
    assert not YearlyActual.objects.exists()


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"実績値": "1.2E+03"}, "実績値", "「1.2E+03」のような指数の書き方は使えません。"),
        ({"実績値": "=1+1"}, "実績値", "数式は取り込めません。"),
        ({"実績値": "#REF!"}, "実績値", "エラー値（#REF!）になっています。"),
        ({"実績値": "1.5"}, "実績値", "実績値は整数で入力してください。"),
        ({"実績値": "-1"}, "実績値", "0以上"),
        ({"実績値": "5人"}, "実績値", "単位は「件」です。"),
        ({"実績値": "5", "未測定の理由": "休止"}, "未測定の理由", "どれか1つだけを入れ"),
        ({"実績値": "5", "集計中の予定日": "2026-8-20"}, "集計中の予定日", "どれか1つだけを入れ"),
        (
            {"未測定の理由": "休止", "集計中の予定日": "2026-8-20"},
            "集計中の予定日",
            "どれか1つだけを入れ",
        ),
        ({"集計中の予定日": "来月"}, "集計中の予定日", "日付「来月」を読み取れません。"),
        ({"速報": "1"}, "速報", "速報の印に、実績値がありません。"),
        ({"実績値": "5", "速報": "○"}, "速報", "「○」は使えません。速報値は 1、確定値は 0"),
        ({"要因分析": "削除"}, "要因分析", "「削除」と書けるのは実績値の列だけです。"),
        ({"要因分析": "あ" * 4001}, "要因分析", "4000字までです（今は4001字）。"),
        ({"要因分析": '=HYPERLINK("x")'}, "要因分析", "数式は取り込めません。"),
        ({"指標名": "別の指標", "実績値": "5"}, "指標名", "P1-1の指標名は「支援件数」です。"),
        ({"単位": "人", "実績値": "5"}, "単位", "P1-1の単位は「件」です。"),
        ({"実績値": "5", "版": "x"}, "版", "版「x」を読み取れません。"),
    ],
)
def test_bad_cell_is_named_with_its_remedy(planner, kpi, cells, column, sentence):
    answer = preview(planner, csv_bytes([*SHORT[:2], *cells], ["P1-1", "2025", *cells.values()]))

    place, message = one(problems(answer))
    letter = "ABCDEFG"[2 + list(cells).index(column)]
    assert place == f"2行目 {letter}列（{column}）"
    assert sentence in message


@pytest.mark.parametrize(
    ("code", "year", "place", "sentence"),
    [
        ("", "2025", "2行目 A列（KPI番号）", "KPI番号がありません。P1-2 のように書いてください。"),
        (
            "1月2日",
            "2025",
            "2行目 A列（KPI番号）",
            "「1月2日」という指標は、現行の計画にありません。P1-2 のように書いてください。",
        ),
        ("P1-1", "", "2行目 B列（年度）", "年度がありません。2025 と書いてください。"),
        (
            "P1-1",
            "昔",
            "2行目 B列（年度）",
            "年度「昔」を読み取れません。2024、令和6年度、R6 のように書いてください。",
        ),
        (
            "P1-1",
            "R6",
            "2行目 B列（年度）",
            (
                "令和6年度の行です。この画面で取り込めるのは令和7年度だけです。"
                "行を消すか、その年度の画面で取り込んでください。"
            ),
        ),
    ],
)
def test_row_of_no_kpi_or_another_year_is_refused(planner, kpi, code, year, place, sentence):
    answer = preview(planner, csv_bytes(SHORT, [code, year, "5"]))

    assert problems(answer) == [(place, sentence)]


def test_same_kpi_twice_is_refused(planner, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"], ["p1-1", "R7", "6"]))

    assert problems(answer) == [
        ("3行目 A列（KPI番号）", "P1-1の行が2行目にもあります。1行にまとめてください。")
    ]


def test_row_with_a_new_text_beside_its_deletion_is_refused(planner, kikaku, kpi):
    record(kpi, {2025: 12}, kikaku)

    answer = preview(
        planner, csv_bytes([*VERSIONED, "要因分析"], ["P1-1", "2025", "削除", "1", "新しい"])
    )

    assert problems(answer) == [
        (
            "2行目 E列（要因分析）",
            "削除する行に新しい内容が書かれています。空欄にしてください。",
        )
    ]


# Versions


def test_stale_row_is_refused_with_who_was_faster(planner, kikaku, kpi):
    record(kpi, {2025: 12}, kikaku)
    record_actual(kpi, 2025, final(13), user=kikaku, version=1)

    answer = preview(planner, csv_bytes(VERSIONED, ["P1-1", "2025", "14", "1"]))

    place, message = one(problems(answer))
    assert place == "2行目 D列（版）"
    assert message.startswith("kikakuさんが")
    assert message.endswith(
        "に更新しました。最新のファイルを書き出して、直すところを入れ直してください。"
        "この行を変えないときは、行を消してください。"
    )


def test_stale_row_that_says_what_stands_is_no_conflict(planner, kikaku, kpi):
    record(kpi, {2025: 12}, kikaku)
    record_actual(kpi, 2025, final(13), user=kikaku, version=1)

    answer = preview(planner, csv_bytes(VERSIONED, ["P1-1", "2025", "13", "1"]))

    assert problems(answer) == []
    assert "変わるところはありません" in as_text(answer)


def test_row_without_its_version_is_refused_where_an_actual_exists(planner, kikaku, kpi):
    record(kpi, {2025: 12}, kikaku)

    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "14"]))

    place, message = one(problems(answer))
    assert place == "2行目（版）"
    assert message.startswith("実績がすでにあるのに、版が空です。最新のファイルを書き出して")


def test_row_of_a_deleted_actual_is_refused(planner, kpi):
    answer = preview(planner, csv_bytes(VERSIONED, ["P1-1", "2025", "14", "3"]))

    assert one(problems(answer))[1].startswith("この入力は、ほかの人が取り消しました。")


def test_what_changed_since_the_preview_is_refused_and_nothing_written(planner, kikaku, kpi):
    other = make_kpi(kpi.project, 2)
    record(kpi, {2025: 12}, kikaku)
    answer = preview(
        planner, csv_bytes(VERSIONED, ["P1-2", "2025", "5", ""], ["P1-1", "2025", "14", "1"])
    )
    record_actual(kpi, 2025, final(13), user=kikaku, version=1)

    refused = confirm(planner, answer)

    assert refused.status_code == 409
    assert one(problems(refused))[0] == "3行目 D列（版）"
    assert (actual(kpi).value, actual(other)) == (13, None)


def test_confirming_twice_writes_once(planner, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))
    confirm(planner, answer)

    again = confirm(planner, answer)

    assert said(again) == ["変わったところがないため、何も書き込んでいません。"]
    assert actual(kpi).history.count() == 1


# Who may, and when


@pytest.fixture
def editor(client, tantou, kpi):
    kpi.department = make_department("D01", tantou)
    kpi.save()
    client.force_login(tantou)
    return client


def test_department_editor_imports_their_own_kpis(editor, kpi):
    take(editor, SHORT, ["P1-1", "2025", "5"])

    assert actual(kpi).value == 5


def test_row_of_another_department_is_refused_and_nothing_written(editor, kpi):
    make_kpi(kpi.project, 2, department=make_department("D02"))

    answer = preview(editor, csv_bytes(SHORT, ["P1-1", "2025", "5"], ["P1-2", "2025", "6"]))

    assert problems(answer) == [
        (
            "3行目 A列（KPI番号）",
            "P1-2は、あなたの課の指標ではないため取り込めません。この行を消してください。",
        )
    ]
    assert not YearlyActual.objects.exists()


def test_kpi_that_changed_hands_since_the_preview_is_refused(editor, kpi):
    answer = preview(editor, csv_bytes(SHORT, ["P1-1", "2025", "5"]))
    make_kpi(kpi.project, 2, department=kpi.department)
    kpi.department = make_department("D02")
    kpi.save()

    refused = confirm(editor, answer)

    assert "あなたの課の指標ではないため" in one(problems(refused))[1]
    assert not YearlyActual.objects.exists()


def test_who_records_nothing_can_neither_import_nor_export(client, kanri, kpi):
    client.force_login(kanri)

    assert "あなたが入力できる指標はありません" in client.get(PAGE).content.decode()
    assert preview(client, csv_bytes(SHORT, ["P1-1", "2025", "5"])).status_code == 403
    assert client.get("/entry/2025/actuals.csv").status_code == 403


def test_closed_year_takes_no_file(planner, kikaku, strategy, kpi):
    close_fiscal_year(strategy, 2025, user=kikaku)

    assert "締め済みのため、取り込めません" in as_text(planner.get(PAGE))
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))

    assert answer.status_code == 409
    assert problems(answer) == [
        (
            "",
            "令和7年度は締め済みです。直すときは、企画担当か管理職に締めを解いてもらってください。",
        )
    ]


def test_year_closed_since_the_preview_takes_nothing(planner, kikaku, strategy, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))
    close_fiscal_year(strategy, 2025, user=kikaku)

    assert confirm(planner, answer).status_code == 409
    assert not YearlyActual.objects.exists()


def test_year_outside_the_plan_is_not_found(planner, kpi):
    assert planner.get("/entry/2023/import/").status_code == 404
    assert planner.get("/entry/2023/actuals.xlsx").status_code == 404


@pytest.mark.parametrize(
    "forge",
    [
        lambda signed: "x",
        lambda signed: signed[:-2] + "xx",
        lambda signed: signing.dumps({"user": 1}, salt="another"),
    ],
)
def test_only_what_was_looked_over_is_taken(planner, kpi, forge):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))

    refused = planner.post(PAGE, {"confirmed": forge(answer.context["signed"])})

    assert refusal(refused) == "確認の画面が古くなっています。ファイルを選び直してください。"
    assert not YearlyActual.objects.exists()


def test_somebody_elses_or_another_years_preview_is_not_taken(planner, client, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))
    other_year = confirm(planner, answer, page="/entry/2026/import/")
    client.force_login(make_user("other", "企画担当"))
    other_user = confirm(client, answer)

    assert "確認の画面が古くなっています" in refusal(other_year)
    assert "確認の画面が古くなっています" in refusal(other_user)
    assert not YearlyActual.objects.exists()


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
    monkeypatch.setattr("kpis.views.importing.read_table", lambda content: pytest.fail("read"))

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


# Archives that are no honest workbook


def rewritten(content, change, *extra):
    """A workbook with parts changed or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, text in extra:
            new.writestr(name, text)
    return target.getvalue()


def plain_book():
    return saved(workbook(SHORT, ["P1-1", "2025", 5]))


def test_archive_that_unpacks_to_more_than_twenty_times_is_refused_unopened(
    planner, kpi, monkeypatch
):
    bomb = rewritten(plain_book(), lambda _name, text: text, ("xl/media/a.png", b"0" * 3_000_000))
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_k: pytest.fail("opened"))

    assert refusal(preview(planner, bomb)).startswith("展開すると元の20倍か40MBを超える")


def test_archive_that_lies_about_its_sizes_is_refused_unopened(planner, kpi, monkeypatch):
    bomb = bytearray(
        rewritten(plain_book(), lambda _name, text: text, ("xl/media/a.png", b"0" * 3_000_000))
    )
    real, lie = (3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert bomb.count(real) == 2
    bomb = bytes(bomb).replace(real, lie)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_k: pytest.fail("opened"))

    assert preview(planner, bomb).status_code == 422


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("xl/vbaProject.bin", "マクロの入ったファイルは取り込めません。"),
        ("xl/externalLinks/externalLink1.xml", "ほかのファイルへのリンクが入っています。"),
    ],
)
def test_macros_and_links_are_refused_with_their_remedy(planner, kpi, extra, sentence):
    content = rewritten(plain_book(), lambda _name, text: text, (extra, b"x"))

    assert refusal(preview(planner, content)).startswith(sentence)


def test_entities_are_refused(planner, kpi):
    content = rewritten(
        plain_book(),
        lambda name, text: b'<!DOCTYPE x [<!ENTITY a "b">]>' + text if "sheet1" in name else text,
    )

    assert "読み取れません" in refusal(preview(planner, content))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_broken_part_is_refused_in_words(planner, kpi, part):
    content = rewritten(
        plain_book(), lambda name, text: text[: len(text) // 2] if name == part else text
    )

    assert "読み取れません" in refusal(preview(planner, content))


def test_workbook_that_names_no_sheets_is_refused(planner, kpi):
    content = rewritten(
        plain_book(),
        lambda name, text: (
            text.replace(b"sheet.main", b"other") if name == "[Content_Types].xml" else text
        ),
    )

    assert "読み取れません" in refusal(preview(planner, content))


def test_archive_whose_directory_lies_outside_it_is_refused(planner, kpi):
    content = bytearray(plain_book())
    end = content.rindex(b"PK\x05\x06")
    content[end + 16 : end + 20] = (2**31).to_bytes(4, "little")

    assert "読み取れません" in refusal(preview(planner, bytes(content)))


def test_zip_that_is_no_workbook_is_refused(planner, kpi):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")

    assert "読み取れません" in refusal(preview(planner, target.getvalue()))


def test_import_takes_a_constant_number_of_queries(
    planner, kikaku, strategy, kpi, django_assert_num_queries
):
    def count(kpis):
        rows = [[one.code, "2025", "5"] for one in kpis]
        content = csv_bytes(SHORT, *rows)
        with django_assert_num_queries(QUERIES):
            preview(planner, content)

    more = [kpi, *(make_kpi(kpi.project, number) for number in range(2, 9))]
    count(more[:2])
    count(more)


QUERIES = 32


def test_stray_cell_far_below_is_refused_without_making_up_the_rows_between(planner, kpi):
    book = openpyxl.Workbook()
    book.active.append(SHORT)
    book.active.append(["P1-1", "2025", "9"])
    book.active.cell(1_048_576, 1, " ")
    saved = io.BytesIO()
    book.save(saved)

    html = planner.post(
        "/entry/2025/import/", {"file": SimpleUploadedFile("a.xlsx", saved.getvalue())}
    ).content.decode()
    assert "1,048,576行目にも内容があります" in html
