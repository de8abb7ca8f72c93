"""Initiatives' progress: entered once at home, read under every re-listing."""

import re

import pytest
from django.urls import reverse

from kpis.recording import (
    close_years_through,
)
from projects.models import InitiativeListing, InitiativeProgress, InitiativeStatus
from tests.entry_forms import typed_progress
from tests.factories import assign, make_initiative, make_project, record_progress
from tests.page_text import text_of

URL = "/plans/mihon/entry/2025/initiatives/"


@pytest.fixture
def editor(editor, tantou, initiative):
    assign(initiative, tantou)
    return editor


def test_typed_rows_are_saved_and_blank_ones_left_alone(planner, project, initiative):
    make_initiative(project, 2)
    row = {"status": "ongoing", "cost": "1,250", "summary": "12回", "next_steps": "続ける"}
    response = planner.post(URL, typed_progress(P1_1=row, P1_2={}), follow=True)

    assert "令和7年度の取組1件を保存しました。" in text_of(response)
    saved = InitiativeProgress.objects.get()
    assert (saved.status, saved.cost, saved.summary, saved.next_steps) == (
        "ongoing", 1250, "12回", "続ける",
    )  # fmt: skip


@pytest.mark.parametrize("status", InitiativeStatus)
def test_every_status_alone_is_enough(planner, initiative, status):
    planner.post(URL, typed_progress(P1_1={"status": status.value}))

    assert f'<option value="{status.value}" selected>{status.label}</option>' in text_of(
        planner.get(URL)
    )
    assert InitiativeProgress.objects.get().cost is None


@pytest.mark.parametrize(
    ("written", "cost"),
    [
        ("１，２５０", 1250),
        ("1,250千円", 1250),
        ("1250 千円", 1250),
        ("５千円", 5),
        ("1250.0", 1250),
        ("0", 0),
        ("", None),
        ("　", None),
        ("1,000,000,000,000", 10**12),
    ],
)
def test_cost_is_read_as_people_write_it(planner, initiative, written, cost):
    planner.post(URL, typed_progress(P1_1={"status": "done", "cost": written}))

    assert InitiativeProgress.objects.get().cost == cost


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("1,250,000円", "千円単位ではありません"),
        ("125万円", "千円単位ではありません"),
        ("3万5千円", "千円単位ではありません"),
        ("1百万円", "千円単位ではありません"),
        ("△3", "決算額は0以上です"),
        ("－1", "決算額は0以上です"),
        ("1250.5", "千円未満の端数があります"),
        ("1e400", "読み取れません"),
        ("NaN", "読み取れません"),
        ("1,25", "読み取れません"),
        ("=1+1", "読み取れません"),
        ("約100", "読み取れません"),
        ("9999999999999999", "桁が多すぎます"),
        ("9" * 60, "読み取れません"),
    ],
)
def test_cost_that_is_no_amount_of_thousands_is_refused_with_a_remedy(
    planner, initiative, written, sentence
):
    row = {"status": "done", "cost": written, "summary": "書いた実績"}
    response = planner.post(URL, typed_progress(P1_1=row))

    html = text_of(response)
    assert response.status_code == 422
    assert sentence in html
    assert 'href="#P1-1-cost"' in html
    assert f'value="{written}"' in html
    assert "書いた実績</textarea>" in html
    assert "<title>エラー：" in html
    assert not InitiativeProgress.objects.exists()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"summary": "12回"}, "状況を選んでください"),
        ({"next_steps": "続ける"}, "状況を選んでください"),
        ({"cost": "0"}, "状況を選んでください"),
        ({"status": "finished"}, "状況は、未着手・実施中・完了・見直し・中止から"),
        ({"status": "done", "summary": "長" * 4001}, "4000字までです（今は4001字）"),
        ({"status": "done", "version": "x"}, "画面が古くなっています"),
        ({"status": "done", "version": ""}, "画面が古くなっています"),
        ({"status": "done", "version": "9" * 20}, "画面が古くなっています"),
    ],
)
def test_incomplete_rows_are_refused_with_a_remedy(planner, initiative, row, sentence):
    response = planner.post(URL, typed_progress(P1_1=row))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not InitiativeProgress.objects.exists()


def test_one_wrong_row_keeps_every_row_unwritten(planner, project, initiative):
    make_initiative(project, 2)
    response = planner.post(
        URL, typed_progress(P1_1={"status": "done", "summary": "よい行"}, P1_2={"cost": "abc"})
    )

    html = text_of(response)
    assert "2件のエラーがあるため、1件も保存していません" in html
    assert "よい行</textarea>" in html
    assert not InitiativeProgress.objects.exists()


def test_only_changed_rows_are_written(planner, project, initiative, kikaku):
    second = make_initiative(project, 2)
    record_progress(initiative, kikaku, summary="一行目\n二行目", cost=1250)
    record_progress(second, kikaku)
    unchanged = {
        "status": "ongoing", "summary": "一行目\r\n二行目", "cost": "1,250", "version": "1",
    }  # fmt: skip
    planner.post(URL, typed_progress(P1_1=unchanged, P1_2={"status": "done", "version": "1"}))
    nothing = planner.post(URL, typed_progress(P1_1=unchanged), follow=True)

    assert [row.version for row in InitiativeProgress.objects.order_by("initiative")] == [1, 2]
    assert "何も書き込んでいません" in text_of(nothing)


def test_save_on_top_of_a_newer_one_shows_who_and_both_texts(planner, initiative, tantou):
    assign(initiative, tantou)
    record_progress(initiative, tantou, status="done", summary="先の実績", cost=900)
    mine = {"status": "done", "cost": "900", "summary": "後の実績"}
    response = planner.post(URL, typed_progress(P1_1=mine))

    html = text_of(response)
    assert response.status_code == 409
    assert "1件の食い違いがあるため、1件も保存していません" in html
    assert "tantouさんが" in html
    assert '<p class="prose">先の実績</p>' in html
    assert '<p class="prose">後の実績</p>' in html
    assert 'href="#P1-1-summary"' in html
    assert '<p class="prose">900</p>' not in html
    assert InitiativeProgress.objects.get().summary == "先の実績"

    planner.post(URL, typed_progress(P1_1=mine | {"version": "1"}))
    assert InitiativeProgress.objects.get().summary == "後の実績"


def test_row_that_was_only_looked_at_does_not_undo_a_newer_save(
    planner, project, initiative, kikaku
):
    make_initiative(project, 2)
    record_progress(initiative, kikaku, summary="前")
    record_progress(initiative, kikaku, summary="後", version=1)
    looked_at = {"status": "ongoing", "summary": "前", "version": "1"}
    response = planner.post(URL, typed_progress(P1_1=looked_at, P1_2={"status": "done"}))

    assert response.status_code == 302
    assert InitiativeProgress.objects.get(initiative=initiative).summary == "後"
    assert InitiativeProgress.objects.count() == 2


def test_year_closed_while_typing_loses_nothing(planner, initiative, kikaku):
    close_years_through(initiative.strategy, 2025, user=kikaku)
    response = planner.post(URL, typed_progress(P1_1={"status": "done", "summary": "書きかけ"}))

    assert response.status_code == 409
    assert "令和7年度は締め済みです" in text_of(response)
    assert "書きかけ</textarea>" in text_of(response)
    assert not InitiativeProgress.objects.exists()


def test_closed_year_is_plain_text(planner, initiative, kikaku):
    record_progress(initiative, kikaku, summary="12回ひらいた", cost=1250)
    close_years_through(initiative.strategy, 2025, user=kikaku)
    html = text_of(planner.get(URL))

    assert "<b>締め済み</b>です" in html
    assert "12回ひらいた" in html
    assert 'data-label="決算額（千円）">1,250</td>' in html
    assert "<textarea" not in html


def test_closed_year_says_what_was_never_entered(planner, project, initiative, kikaku):
    make_initiative(project, 2)
    record_progress(initiative, kikaku, cost=1250)
    close_years_through(initiative.strategy, 2025, user=kikaku)
    html = text_of(planner.get(URL))

    costs = re.findall('data-label="決算額（千円）">(.*?)</td>', html)
    assert costs == ["1,250", "－"]
    assert html.count("未入力") == 1


def test_last_year_and_saved_state_stand_beside_the_fields(planner, initiative, relisted, kikaku):
    record_progress(
        initiative, kikaku, year=2024, status="revised", summary="昨年の実績", cost=12345
    )
    before = text_of(planner.get(URL))
    record_progress(initiative, kikaku)
    after = text_of(planner.get(URL))

    assert "前年度（見直し）の記入を見る" in before
    assert "昨年の実績" in before
    assert "12,345千円" in before
    assert "P2にも再掲" in before
    assert '<span class="tag">未入力</span>' in before
    assert "1の取組のうち、<b>まだ入っていないのは1</b>です" in before
    assert "kikakuさんが保存" in after


def test_initiatives_stand_at_home_in_printed_order(planner, project, initiative, relisted):
    make_initiative(project, 12)
    make_initiative(project, 2)
    make_initiative(relisted.project, 1)
    html = text_of(planner.get(URL))
    codes = ["P1-1", "P1-2", "P1-12", "P2-1"]

    assert [html.index(f'name="{code}-status"') for code in codes] == sorted(
        html.index(f'name="{code}-status"') for code in codes
    )
    assert "P2-3-status" not in html


def test_editor_sees_and_saves_their_own_only(editor, project, tantou):
    make_initiative(project, 2, name="よその取組")
    html = text_of(editor.get(URL))
    editor.post(URL, typed_progress(P1_1={"status": "done"}))

    assert ("P1-1-status" in html, "よその取組" in html) == (True, False)
    assert InitiativeProgress.objects.get().updated_by == tantou


def test_forged_row_of_another_department_is_refused_whole(editor, project):
    make_initiative(project, 2)
    response = editor.post(URL, typed_progress(P1_1={"status": "done"}, P1_2={"status": "done"}))

    assert response.status_code == 403
    assert "P1-2は、あなたの課の取組ではない" in text_of(response)
    assert not InitiativeProgress.objects.exists()


def test_row_of_another_department_cannot_be_opened(editor, project):
    make_initiative(project, 2)
    url = reverse("entry_initiative", args=["mihon", 2025, "P1-2"])

    assert editor.get(url).status_code == 403
    assert editor.post(url, typed_progress(P1_2={"status": "done"})).status_code == 403
    assert not InitiativeProgress.objects.exists()


@pytest.mark.parametrize("name", ["kanri", "stranger"])
def test_who_may_record_nothing_is_told_so(client, initiative, kanri, django_user_model, name):
    people = {"kanri": kanri, "stranger": django_user_model.objects.create_user("yosomono")}
    client.force_login(people[name])

    assert "あなたが入力できる取組はありません" in text_of(client.get(URL))
    assert client.post(URL, typed_progress(P1_1={"status": "done"})).status_code == 403
    assert not InitiativeProgress.objects.exists()


def test_page_of_one_initiative_shows_and_saves_that_one(planner, project, initiative, relisted):
    make_initiative(project, 2)
    url = reverse("entry_initiative", args=["mihon", 2025, "P1-1"])
    html = text_of(planner.get(url))
    planner.post(url, typed_progress(P1_1={"status": "done"}))

    assert ("P1-1-status" in html, "P1-2-status" in html) == (True, False)
    assert InitiativeProgress.objects.get().initiative == initiative
    assert planner.get("/plans/mihon/entry/2025/initiatives/P2-3/").url == url


def test_texts_are_cleaned_and_never_markup(planner, initiative):
    nasty = "一行目\r\n二行目\x00\x07<script>alert(1)</script>"
    planner.post(URL, typed_progress(P1_1={"status": "done", "summary": nasty}))

    assert InitiativeProgress.objects.get().summary == ("一行目\n二行目<script>alert(1)</script>")
    for path in (URL, "/plans/mihon/initiatives/P1-1/", "/plans/mihon/projects/P1/?fy=2025"):
        html = text_of(planner.get(path))
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert(1)" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/entry/2023/initiatives/",
        "/plans/mihon/entry/2029/initiatives/P1-1/",
        "/plans/mihon/entry/2025/initiatives/P1-9/",
    ],
)
def test_unknown_year_or_code_is_a_clean_404(planner, initiative, path):
    response = planner.get(path)

    assert response.status_code == 404
    assert "ページが見つかりません" in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [(URL, 9), ("/plans/mihon/entry/2025/initiatives/P1-1/", 11)],
)
def test_pages_take_a_constant_number_of_queries(
    planner, project, kikaku, count, path, queries, django_assert_num_queries
):
    other = make_project(project.strategy, "P2")
    for number in range(1, count + 1):
        made = make_initiative(project, number)
        InitiativeListing.objects.create(project=other, number=number, initiative=made)
        record_progress(made, kikaku, year=2024)
        record_progress(made, kikaku, year=2025)

    with django_assert_num_queries(queries):
        planner.get(path)
