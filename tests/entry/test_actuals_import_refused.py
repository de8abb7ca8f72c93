"""A file of actuals on top of newer ones, or by who may not, is refused; nothing is written."""

import pytest
from django.core import signing

from kpis.models import YearlyActual
from kpis.recording import close_years_through, record_actual
from tests.entry.actuals_files import (
    PAGE,
    SHORT,
    VERSIONED,
    actual,
    as_text,
    confirm,
    csv_bytes,
    one,
    preview,
    problems,
    refusal,
    said,
    take,
)
from tests.factories import (
    assign,
    final,
    make_department,
    make_kpi,
    make_user,
    record,
)

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
def editor(editor, tantou, kpi):
    assign(kpi, tantou)
    return editor


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
    assign(kpi, code="D02")

    refused = confirm(editor, answer)

    assert "あなたの課の指標ではないため" in one(problems(refused))[1]
    assert not YearlyActual.objects.exists()


def test_who_records_nothing_can_neither_import_nor_export(manager, kpi):
    assert "あなたが入力できる指標はありません" in manager.get(PAGE).content.decode()
    assert preview(manager, csv_bytes(SHORT, ["P1-1", "2025", "5"])).status_code == 403
    assert manager.get("/plans/mihon/entry/2025/actuals.csv").status_code == 403


def test_closed_year_takes_no_file(planner, kikaku, strategy, kpi):
    close_years_through(strategy, 2025, user=kikaku)

    assert "締め済みのため、取り込めません" in as_text(planner.get(PAGE))
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))

    assert answer.status_code == 409
    assert problems(answer) == [
        (
            "",
            "令和7年度は締め済みです。直すときは、企画担当か管理職に、締めた年度を改めてもらってください。",
        )
    ]


def test_year_closed_since_the_preview_takes_nothing(planner, kikaku, strategy, kpi):
    answer = preview(planner, csv_bytes(SHORT, ["P1-1", "2025", "5"]))
    close_years_through(strategy, 2025, user=kikaku)

    assert confirm(planner, answer).status_code == 409
    assert not YearlyActual.objects.exists()


def test_year_outside_the_plan_is_not_found(planner, kpi):
    assert planner.get("/plans/mihon/entry/2023/import/").status_code == 404
    assert planner.get("/plans/mihon/entry/2023/actuals.xlsx").status_code == 404


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
    other_year = confirm(planner, answer, page="/plans/mihon/entry/2026/import/")
    client.force_login(make_user("other", "企画担当"))
    other_user = confirm(client, answer)

    assert "確認の画面が古くなっています" in refusal(other_year)
    assert "確認の画面が古くなっています" in refusal(other_user)
    assert not YearlyActual.objects.exists()
