"""The page of all changes: its filters, its pages, and its file for the auditor."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from common.history import sign_change
from kpis.models import YearlyActual
from kpis.recording import (
    close_years_through,
    record_actual,
)
from projects.models import Strategy
from tests.factories import (
    assign,
    final,
    make_department,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.history_in_short import in_short
from tests.made_once import made_once


def rows_of(response):
    text = b"".join(response.streaming_content)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n")
    return read(text)


def read(text):
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


# /plans/mihon/history/ and its filters


@pytest.fixture
@made_once
def busy(kikaku):
    """Two KPIs of two departments, changed by two people on three days."""
    strategy = make_strategy()
    project = make_project(strategy)
    kpi = make_kpi(project, 1, name="支援件数")
    tantou = make_user("tantou")
    assign(kpi, tantou)
    other = make_kpi(project, 2, name="来場者数", department=make_department("D02"))
    record(kpi, {2024: 10, 2025: 20}, tantou)
    record(other, {2024: 30}, kikaku)
    for kind, months in ((kpi, 5), (other, 6)):
        YearlyActual.history.filter(kpi_id=kind.pk).update(
            history_date=datetime(2025, months, 30, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
        )
    close_years_through(strategy, 2024, user=kikaku)
    return strategy


def entered(page):
    """The figures whose entry a page of the history tells."""
    return sorted(
        in_short(one)[3]["実績値"][1] for one in page.context["page"] if one.kind == "実績値"
    )


@pytest.mark.parametrize(
    ("filters", "values"),
    [
        ("", ["10件", "20件", "30件"]),
        ("?person=tantou", ["10件", "20件"]),
        ("?person=kikaku", ["30件"]),
        ("?department=D02", ["30件"]),
        ("?fy=2025", ["20件"]),
        ("?fy=令和6年度", ["10件", "30件"]),
        ("?kpi=P1-2", ["30件"]),
        ("?kpi=ｐ１－２", ["30件"]),
        ("?since=2025-06-01&until=R7.6.30", ["30件"]),
        ("?until=2025-06-29", ["10件", "20件"]),
        ("?since=2025-05-31", ["30件"]),
        ("?person=tantou&fy=2025&kpi=P1-1&department=D01", ["20件"]),
        ("?person=tantou&kpi=P1-2", []),
    ],
)
def test_filters_leave_what_is_asked_for(planner, busy, filters, values):
    assert entered(planner.get(f"/plans/mihon/history/{filters}")) == values


def test_year_is_shown_as_chosen_however_it_is_spelt(planner, busy):
    html = planner.get("/plans/mihon/history/?fy=令和6年度").content.decode()

    assert '<option value="2024" selected>令和6年度</option>' in html


def test_closing_has_a_year_but_no_department(planner, busy):
    def kinds(filters):
        return {one.kind for one in planner.get(f"/plans/mihon/history/{filters}").context["page"]}

    assert "年度締め" in kinds("?fy=2024")
    assert "年度締め" not in kinds("?fy=2025")
    assert "年度締め" not in kinds("?department=D01")


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ("person=nobody", "この利用者はいません。一覧から選んでください。"),
        ("department=X99", "この課はありません。一覧から選んでください。"),
        ("fy=abc", "年度「abc」を読み取れません。"),
        ("fy=2040", "令和22年度は、この計画の期間にありません。"),
        ("kpi=P9-9", "指標「P9-9」はありません。"),
        ("since=きのう", "日付「きのう」を読み取れません。"),
        ("since=2025-02-30", "日付「2025-02-30」を確かめてください。2月30日はありません。"),
        ("since=2025-02-02&until=2025-02-01", "「この日から」以後の日にしてください。"),
    ],
)
@pytest.mark.parametrize("path", ["/plans/mihon/history/", "/plans/mihon/history.csv"])
def test_unknown_filter_is_refused_with_a_sentence(planner, busy, path, filters, sentence):
    response = planner.get(f"{path}?{filters}")

    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html
    assert "条件を読み取れないため、履歴を出していません" in html


def test_long_history_has_pages(planner, kpi, kikaku):
    record(kpi, {2024: 0}, kikaku)
    for version in range(1, 110):
        record_actual(kpi, 2024, final(version), user=kikaku, version=version)

    for page in ("2", "999"):
        shown = planner.get(f"/plans/mihon/history/?kpi=P1-1&page={page}").context["page"]

        assert shown.paginator.count == 112
        assert shown.number == 2
        assert len(shown.object_list) == 12


@pytest.mark.parametrize("asked", ["page=-1", "page=0", "page=abc", "page=²", "kpi=%00"])
def test_address_that_nobody_can_mean_is_refused(planner, busy, asked):
    refused = planner.get(f"/plans/mihon/history/?{asked}")

    assert refused.status_code == 400
    assert "<h1>受け付けられませんでした</h1>" in refused.content.decode()


def test_everybody_who_is_logged_in_may_read(client, busy, kanri):
    client.force_login(kanri)

    assert entered(client.get("/plans/mihon/history/")) == ["10件", "20件", "30件"]


def test_plan_without_history_explains_itself(planner, strategy):
    Strategy.history.all().delete()  # as loaddata leaves it

    assert "条件に合う変更はありません" in planner.get("/plans/mihon/history/").content.decode()


@pytest.mark.parametrize("projects", [1, 3])
def test_queries_do_not_grow_with_the_history(planner, kikaku, django_assert_num_queries, projects):
    make_plan(kikaku, projects=projects)

    with django_assert_num_queries(25):
        planner.get("/plans/mihon/history/")
    with django_assert_num_queries(22):
        list(planner.get("/plans/mihon/history.csv").streaming_content)


# The auditor's file


def test_file_has_a_line_for_each_field_whole_and_harmless(planner, strategy, project, kikaku):
    kpi = make_kpi(project, 1, name="=cmd()", decimal_places=1)
    long = "長い説明" * 100
    record(kpi, {2024: final("12.5", analysis=long)}, kikaku)
    YearlyActual.history.update(
        history_date=datetime(2025, 6, 29, 15, 0, tzinfo=UTC), history_change_reason="+1 した"
    )

    response = planner.get("/plans/mihon/history.csv?fy=2024&person=kikaku")
    rows = rows_of(response)

    assert response["Content-Disposition"] == 'attachment; filename="history.csv"'
    assert list(rows[0]) == [
        "日時", "利用者名", "氏名", "対象", "指標番号", "年度", "項目", "変更前", "変更後", "理由",
    ]  # fmt: skip
    assert [(row["項目"], row["変更前"], row["変更後"]) for row in rows] == [
        ("状態", "未入力", "確定"),
        ("実績値", "", "12.5件"),
        ("要因分析", "", long),
    ]
    assert {row["日時"] for row in rows} == {"2025-06-30T00:00:00+09:00"}
    assert rows[0]["対象"] == "実績値 P1-1 =cmd()（登録）"
    assert rows[0]["理由"] == "'+1 した"
    assert (rows[0]["利用者名"], rows[0]["氏名"]) == ("kikaku", "kikaku")
    assert (rows[0]["指標番号"], rows[0]["年度"]) == ("P1-1", "令和6年度")


def test_file_tells_the_plans_own_changes(planner, strategy, kpi, kikaku):
    strategy.bands = [*strategy.bands[:1], {"symbol": "B", "label": "遅れ", "lower": None}]
    sign_change(strategy, kikaku, "区分を二つにする")
    strategy.save()

    file = planner.get("/plans/mihon/history.csv?person=kikaku")
    rows = read(b"".join(file.streaming_content))  # with lines within a cell

    assert [tuple(row.values())[1:] for row in rows] == [
        (
            "kikaku", "kikaku", "総合戦略 見本市総合戦略（変更）", "", "", "評価区分",
            "A,順調,100\nB,概ね順調,80\nC,やや遅れ,60\nD,遅れ", "A,順調,100\nB,遅れ",
            "区分を二つにする",
        )
    ]  # fmt: skip
    make_department("D09")
    for filters in ("kpi=P1-1", "fy=2024", "department=D09"):
        others = rows_of(planner.get(f"/plans/mihon/history.csv?{filters}"))
        assert not [one for one in others if one["対象"].startswith("総合戦略")]


def test_file_obeys_the_filters(planner, busy):
    assert {
        row["利用者名"] for row in rows_of(planner.get("/plans/mihon/history.csv?person=tantou"))
    } == {"tantou"}
    assert len(User.objects.all()) == 2
