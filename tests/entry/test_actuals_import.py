"""A year's actuals from a file: what is shown, what is written, and what each bad cell says."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry, record_actual
from tests.entry.actuals_files import (
    HEADERS,
    SHORT,
    VERSIONED,
    actual,
    as_text,
    confirm,
    csv_bytes,
    differences,
    one,
    preview,
    problems,
    said,
    take,
)
from tests.factories import (
    final,
    make_kpi,
    record,
)

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


@pytest.mark.asked_once
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


def test_import_takes_a_constant_number_of_queries(
    planner, kikaku, strategy, kpi, django_assert_num_queries
):
    def count(kpis):
        rows = [[one.code, "2025", "5"] for one in kpis]
        content = csv_bytes(SHORT, *rows)
        with django_assert_num_queries(28):
            preview(planner, content)

    more = [kpi, *(make_kpi(kpi.project, number) for number in range(2, 9))]
    count(more[:2])
    count(more)


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


@pytest.mark.asked_once
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
            "「1月2日」という指標は、この計画にありません。P1-2 のように書いてください。",
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
