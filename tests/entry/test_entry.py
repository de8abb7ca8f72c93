"""The entry page: what is understood, what is refused, and that nothing typed is lost."""

from datetime import date

import pytest
from django.urls import reverse

from kpis.models import ActualState, YearlyActual
from kpis.plan_changes.places import move_kpi
from kpis.recording import ActualEntry, close_years_through, record_actual
from tests.entry_forms import typed
from tests.factories import assign, final, make_kpi, make_project, record
from tests.page_text import text_of


def post(planner, fiscal_year=2025, **rows):
    return planner.post(reverse("entry", args=["mihon", fiscal_year]), typed(**rows))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("9", "9"),
        ("１，２３４", "1234"),
        ("1,234件", "1234"),
        (" 12 ", "12"),
        ("12.0", "12"),
        ("0", "0"),
        ("+5", "5"),
    ],
)
def test_figures_are_read_as_people_write_them(planner, kpi, written, value):
    response = post(planner, P1_1={"value": written})

    assert response.status_code == 302
    assert YearlyActual.objects.get().value == int(value)


def test_percent_sign_is_understood(planner, project):
    make_kpi(project, 1, unit="%", decimal_places=1)
    post(planner, P1_1={"value": "１２．５％"})

    assert str(YearlyActual.objects.get().value) == "12.5000"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("△3", "実績値は0以上です"),
        ("NaN", "「NaN」を数字として読み取れません"),
        ("1e400", "指数の書き方は使えません"),
        ("12人", "単位は「件」です"),
        ("1,23", "桁区切りを読み取れません"),
        ("12.5", "整数で入力してください"),
        ("=1+1", "数字として読み取れません"),
        ("9" * 12, "桁が多すぎます"),
        ("9" * 50, "長すぎます"),
        ("十二", "数字として読み取れません"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_cell(planner, kpi, written, sentence):
    response = post(planner, P1_1={"value": written, "analysis": "書いた説明"})

    assert response.status_code == 422
    html = text_of(response)
    assert sentence in html
    assert f'value="{written}"' in html
    assert "書いた説明" in html
    assert "<title>エラー：" in html
    assert 'href="#P1-1-value"' in html
    assert not YearlyActual.objects.exists()


def test_one_wrong_row_keeps_every_row_unwritten(planner, project, kpi):
    make_kpi(project, 2)
    response = post(planner, P1_1={"value": "9"}, P1_2={"value": "abc"})

    assert response.status_code == 422
    assert "1件のエラーがあるため、1件も保存していません" in text_of(response)
    assert 'value="9"' in text_of(response)
    assert not YearlyActual.objects.exists()


def test_all_states_are_saved(planner, project, kpi):
    for number in (2, 3, 4):
        make_kpi(project, number)
    post(
        planner,
        P1_1={"value": "9"},
        P1_2={"value": "8", "state": "provisional"},
        P1_3={"state": "pending", "expected_on": "令和8年8月20日"},
        P1_4={"state": "unmeasured", "unmeasured_reason": "調査は隔年"},
    )

    saved = YearlyActual.objects.order_by("kpi__number")
    assert [(row.state, str(row.expected_on), row.unmeasured_reason) for row in saved] == [
        ("final", "None", ""),
        ("provisional", "None", ""),
        ("pending", "2026-08-20", ""),
        ("unmeasured", "None", "調査は隔年"),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"state": "unmeasured"}, "測定しなかった理由を書いてください"),
        ({"state": "pending"}, "集計が終わる予定の日を入力してください"),
        ({"state": "pending", "expected_on": "8月末"}, "日付「8月末」を読み取れません"),
        ({"state": "pending", "expected_on": "2026-02-30"}, "2月30日はありません"),
        ({"state": "unknown", "value": "9"}, "状態は、確定・速報・集計中・未測定から"),
        ({"value": "9", "analysis": "長" * 4001}, "4000字までです（今は4001字）"),
        ({"value": "9", "version": "x"}, "画面が古くなっています"),
    ],
)
def test_incomplete_rows_are_refused_with_a_remedy(planner, kpi, row, sentence):
    response = post(planner, P1_1=row)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not YearlyActual.objects.exists()


def test_blank_rows_are_left_alone(planner, project, kpi):
    make_kpi(project, 2)
    response = planner.post(
        reverse("entry", args=["mihon", 2025]), typed(P1_1={"value": "9"}, P1_2={}), follow=True
    )

    assert "令和7年度の実績を1件保存しました" in text_of(response)
    assert YearlyActual.objects.count() == 1


def test_saving_without_a_change_writes_nothing(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    response = planner.post(
        reverse("entry", args=["mihon", 2025]),
        typed(P1_1={"value": "9", "version": "1"}),
        follow=True,
    )

    assert "何も書き込んでいません" in text_of(response)
    assert YearlyActual.history.count() == 1


def test_emptied_value_is_refused_and_points_to_the_explicit_way(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    response = post(planner, P1_1={"value": "", "version": "1"})

    assert response.status_code == 422
    assert "状態で「未入力に戻す」を選んでください" in text_of(response)
    assert YearlyActual.objects.get().value == 9


def test_withdrawing_makes_the_year_missing(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    post(planner, P1_1={"value": "9", "state": "withdraw", "version": "1"})

    assert not YearlyActual.objects.exists()
    assert YearlyActual.history.latest().history_user == kikaku


def test_save_on_top_of_a_newer_one_shows_both_values(planner, kpi, tantou):
    assign(kpi, tantou)
    record_actual(kpi, 2025, final(9, analysis="先の説明"), user=tantou, version=0)
    response = post(planner, P1_1={"value": "15", "analysis": "後の説明"})

    assert response.status_code == 409
    html = text_of(response)
    assert "tantouさんが" in html
    assert "9件（確定）" in html
    assert "あなたの入力：<b>15</b>" in html
    assert "先の説明" in html
    assert "後の説明" in html
    assert YearlyActual.objects.get().value == 9


def test_second_save_after_a_conflict_is_a_decision_and_counts(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    refused = post(planner, P1_1={"value": "15"})
    assert 'name="P1-1-version" value="1"' in text_of(refused)

    post(planner, P1_1={"value": "15", "version": "1"})
    assert YearlyActual.objects.get().value == 15


def test_row_that_was_only_looked_at_does_not_undo_a_newer_save(planner, project, kpi, kikaku):
    second = make_kpi(project, 2)
    record(kpi, {2025: 9}, kikaku)
    record_actual(kpi, 2025, final(11), user=kikaku, version=1)

    response = post(planner, P1_1={"value": "9", "version": "1"}, P1_2={"value": "4"})

    assert response.status_code == 302
    assert YearlyActual.objects.get(kpi=kpi).value == 11
    assert YearlyActual.objects.get(kpi=second).value == 4


def test_year_closed_while_typing_loses_nothing(planner, kpi, kikaku):
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    response = post(planner, P1_1={"value": "9", "analysis": "書きかけ"})

    assert response.status_code == 409
    html = text_of(response)
    assert "令和7年度は締め済みです" in html
    assert "書きかけ" in html
    assert not YearlyActual.objects.exists()


def test_closed_year_is_plain_text(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    other = make_project(kpi.project.strategy, "P2")
    move_kpi(kpi, other, 4, user=kikaku, reason="再編", from_year=2026)
    html = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert "<b>締め済み</b>です" in html
    assert "P1-1-value" not in html
    assert '<a href="/plans/mihon/kpis/P1-1/?fy=2025">' in html
    assert "P2-4" not in html


def test_editor_sees_only_their_own_kpis(editor, tantou, project, kpi):
    make_kpi(project, 2, name="よその指標")
    assign(kpi, tantou)
    html = text_of(editor.get(reverse("entry", args=["mihon", 2025])))

    assert "P1-1-value" in html
    assert "よその指標" not in html


def test_forged_row_of_another_department_is_refused_whole(editor, tantou, project, kpi):
    make_kpi(project, 2)
    assign(kpi, tantou)
    response = post(editor, P1_1={"value": "9"}, P1_2={"value": "4"})

    assert response.status_code == 403
    assert "P1-2は、あなたの課の指標ではない" in text_of(response)
    assert not YearlyActual.objects.exists()


@pytest.mark.parametrize("name", ["entry_one", "entry_effect"])
def test_editor_cannot_open_another_departments_row(editor, kpi, name):
    response = editor.get(reverse(name, args=["mihon", 2025, "P1-1"]))

    assert response.status_code in (403, 404)
    assert "P1-1-value" not in text_of(response)


def test_manager_has_nothing_to_enter(manager, kpi):
    assert "あなたが入力できる指標はありません" in text_of(
        manager.get(reverse("entry", args=["mihon", 2025]))
    )
    assert post(manager, P1_1={"value": "9"}).status_code == 403


def test_page_of_one_kpi_shows_and_saves_that_one(planner, project, kpi):
    make_kpi(project, 2)
    url = reverse("entry_one", args=["mihon", 2025, "P1-2"])
    html = text_of(planner.get(url))
    planner.post(url, typed(P1_2={"value": "4"}))

    assert ("P1-2-value" in html, "P1-1-value" in html) == (True, False)
    assert YearlyActual.objects.get().kpi.number == 2


def test_row_says_what_the_typed_figure_would_mean(planner, project, kikaku):
    kpi = make_kpi(project, 1, aggregation="cumulative")
    record(kpi, {2024: 12}, kikaku)
    response = planner.get(
        reverse("entry_effect", args=["mihon", 2025, "P1-1"]), typed(P1_1={"value": "９"})
    )

    html = text_of(response)
    assert "A 順調" in html
    assert "累計 21 → 進捗率 105.0%、達成率 42.0%" in html
    assert YearlyActual.objects.count() == 1


def test_page_shows_target_last_year_and_rate_so_far(planner, project, kikaku):
    kpi = make_kpi(project, 1, aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9}, kikaku)
    html = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert "累計 12 ／ 50" in html
    assert "累計 21 → 進捗率 105.0%、達成率 42.0%" in html


def test_value_is_named_by_kpi_and_year(planner, kpi):
    html = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert 'id="P1-1-name">支援件数</a>' in html
    assert 'id="col-value">令和7年度の実績値</span>' in html
    assert 'aria-labelledby="P1-1-name col-value"' in html


def test_control_characters_are_dropped_and_line_breaks_kept(planner, kpi):
    post(planner, P1_1={"value": "9", "analysis": "一行目\r\n二行目\x07\x1b"})

    assert YearlyActual.objects.get().analysis == "一行目\n二行目"


@pytest.mark.parametrize(
    "path",
    ["/plans/mihon/entry/2023/", "/plans/mihon/entry/2029/", "/plans/mihon/entry/2025/P9-9/"],
)
def test_unknown_year_or_kpi_is_a_clean_404(planner, kpi, path):
    response = planner.get(path)

    assert response.status_code == 404
    assert "ページが見つかりません" in text_of(response)


def test_start_page_leads_to_the_year_that_is_due(planner, kpi, kikaku, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 5, 7))
    assert planner.get("/plans/mihon/entry/").url == "/plans/mihon/entry/2025/"

    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    assert planner.get("/plans/mihon/entry/").url == "/plans/mihon/entry/2026/"


def test_partial_request_without_a_session_is_told_so(client, kpi):
    response = client.get(
        reverse("entry_effect", args=["mihon", 2025, "P1-1"]), headers={"HX-Request": "true"}
    )

    assert response.status_code == 401
    assert "再ログイン" in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(
    planner, project, kikaku, count, django_assert_num_queries
):
    for number in range(1, count + 1):
        record(make_kpi(project, number), {2024: 12}, kikaku)

    with django_assert_num_queries(11):
        planner.get(reverse("entry", args=["mihon", 2025]))


def test_pending_state_of_an_existing_actual_shows_its_day(planner, kpi, kikaku):
    entry = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(kpi, {2025: entry}, kikaku)

    assert 'value="2026-08-20"' in text_of(planner.get(reverse("entry", args=["mihon", 2025])))


def test_row_with_explanations_that_was_only_looked_at_stops_nobody(planner, project, kpi, kikaku):
    make_kpi(project, 2)
    early = ActualEntry(ActualState.MISSING, analysis="先に説明")
    record(kpi, {2025: early}, kikaku)
    record_actual(kpi, 2025, final(9, analysis="先に説明"), user=kikaku, version=1)

    response = post(planner, P1_1={"analysis": "先に説明", "version": "1"}, P1_2={"value": "4"})

    assert response.status_code == 302
    assert YearlyActual.objects.get(kpi=kpi).value == 9
    assert YearlyActual.objects.get(kpi__number=2).value == 4


def test_version_in_another_spelling_is_understood(planner, kpi):
    assert post(planner, P1_1={"value": "9", "version": "0.0"}).status_code == 302
    assert YearlyActual.objects.get().value == 9


def test_confirmation_without_a_figure_is_not_dropped_in_silence(planner, kpi):
    response = post(planner, P1_1={"confirmation": "確かめた"})

    assert response.status_code == 422
    assert "実績値を入力してください" in text_of(response)
