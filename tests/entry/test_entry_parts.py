"""What the entry page's script asks the server: a row's parts, doubts and pasted columns."""

import html as html_module
import json
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from kpis.models import ActualState, Kpi, YearlyActual
from kpis.recording import ACTUALS, ActualEntry, close_years_through, record_actual
from projects.models import EntryDeadline
from tests.entry_forms import FORM, typed
from tests.factories import assign, final, make_kpi, record
from tests.page_text import text_of

HTMX = {"HX-Request": "true"}


def save_row(planner, **row):
    url = reverse("entry_one", args=["mihon", 2025, "P1-1"])
    return planner.post(url, typed(P1_1=row), headers=HTMX)


def save_rows(planner, **rows):
    return planner.post(reverse("entry", args=["mihon", 2025]), typed(**rows), headers=HTMX)


def part(response, name):
    """The text of one part of the first row, without tags."""
    pattern = rf'data-part="{name}">(.*?)</div>\s*<(div data-part|/div)'
    found = re.search(pattern, text_of(response), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found.group(1))).strip()


def standing(response):
    found = re.search(r'data-standing="([^"]*)"', text_of(response))
    return json.loads(html_module.unescape(found.group(1)))


def test_saved_row_answers_with_its_parts_only(planner, kpi):
    response = save_row(planner, value="４０件")

    assert response.status_code == 200
    html = text_of(response)
    assert "<html" not in html
    assert "<input" not in html
    assert part(response, "status") == f"保存しました {timezone.localtime():%-H:%M}"
    assert "B 概ね順調" in part(response, "effect")
    assert (standing(response)["value"], standing(response)["version"]) == ("40", "1")
    assert YearlyActual.objects.get().value == 40


def test_row_that_says_what_stands_is_not_written_again(planner, kpi, kikaku):
    record(kpi, {2025: 40}, kikaku)
    response = save_row(planner, value="40.0", version="1")

    assert part(response, "status") == "保存済み（変わりありません）"
    assert YearlyActual.history.count() == 1


def test_row_that_cannot_be_read_is_refused_with_the_reason(planner, kpi):
    response = save_row(planner, value="abc")

    assert response.status_code == 422
    assert part(response, "status") == "保存できません：実績値を確かめてください"
    assert "「abc」を数字として読み取れません" in part(response, "messages")
    assert 'data-invalid="value"' in text_of(response)
    assert not YearlyActual.objects.exists()


def test_row_on_top_of_a_newer_save_shows_both_and_lets_choose(planner, kpi, tantou):
    assign(kpi, tantou)
    record_actual(kpi, 2025, final(9, analysis="先の説明"), user=tantou, version=0)
    response = save_row(planner, value="15", analysis="後の説明")

    assert response.status_code == 409
    assert part(response, "status") == "保存できません：ほかの人の保存と食い違っています"
    html = text_of(response)
    for expected in (
        "tantouさんが",
        "9件（確定）",
        "あなたの入力：<b>15</b>",
        "先の説明",
        "後の説明",
        'data-action="overwrite"',
        'data-action="take"',
    ):
        assert expected in html
    assert standing(response) == FORM | {"value": "9", "analysis": "先の説明", "version": "1"}
    assert YearlyActual.objects.get().value == 9


def test_row_overwrites_once_its_author_has_seen_the_newer_save(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    seen = standing(save_row(planner, value="15"))["version"]
    response = save_row(planner, value="15", version=seen)

    assert response.status_code == 200
    assert [int(row.value) for row in YearlyActual.history.order_by("version")] == [9, 15]


def test_row_of_a_closed_year_is_refused(planner, kpi, kikaku):
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    response = save_row(planner, value="15")

    assert response.status_code == 409
    assert part(response, "status") == "保存できません：締め済みです"
    assert "令和7年度は締め済みです" in part(response, "messages")


def test_row_without_a_session_is_told_so(client, kpi):
    response = save_row(client, value="15")

    assert response.status_code == 401
    assert "ログインの期限が切れました" in text_of(response)
    assert not YearlyActual.objects.exists()


def test_row_of_another_department_is_refused_in_a_sentence(editor, kpi):
    response = save_row(editor, value="15")

    assert response.status_code == 403
    assert text_of(response) == "P1-1は、あなたの課の指標ではないため入力できません。"


def test_forged_row_in_another_rows_save_is_refused(editor, tantou, project, kpi):
    make_kpi(project, 2)
    assign(kpi, tantou)
    response = save_rows(editor, P1_1={"value": "9"}, P1_2={"value": "4"})

    assert response.status_code == 403
    assert text_of(response) == "P1-2は、あなたの課の指標ではないため入力できません。"
    assert not YearlyActual.objects.exists()


def test_several_rows_are_saved_together_or_not_at_all(planner, project, kpi):
    make_kpi(project, 2)
    make_kpi(project, 3)
    refused = save_rows(planner, P1_1={"value": "9"}, P1_2={"value": "abc"})
    assert refused.status_code == 422
    assert "1件のエラーがあるため、1件も保存していません" in text_of(refused)
    assert 'data-row="P1-3"' not in text_of(refused)
    assert not YearlyActual.objects.exists()

    saved = save_rows(planner, P1_1={"value": "9"}, P1_2={"value": "4"})
    assert text_of(saved).count("保存しました") == 2
    assert YearlyActual.objects.count() == 2


def test_withdrawn_row_stands_empty(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    response = save_row(planner, value="9", state="withdraw", version="1")

    assert standing(response) == FORM
    assert "data-waiting" in text_of(response)


def test_explanation_alone_is_saved_and_the_row_stays_open(planner, kpi):
    response = save_row(planner, analysis="値はまだ")

    assert response.status_code == 200
    assert "data-waiting" in text_of(response)
    assert "未入力" in part(response, "effect")
    assert YearlyActual.objects.get().state == ActualState.MISSING


def test_doubt_asks_in_the_row_without_blocking_and_its_answer_is_kept(planner, kpi, kikaku):
    record(kpi, {2024: 4}, kikaku)
    doubted = save_row(planner, value="40")
    assert doubted.status_code == 200
    assert part(doubted, "doubts") == "確認：前年度（4件）の10倍以上です。桁を確かめてください。"
    assert "doubt--open" in text_of(doubted)

    answered = save_row(planner, value="40", confirmation="制度が変わった", version="1")
    assert part(answered, "doubts").startswith("確認済み：前年度（4件）の10倍以上です。")
    assert "doubt--answered" in text_of(answered)
    assert YearlyActual.objects.get(fiscal_year=2025).confirmation == "制度が変わった"

    page = text_of(planner.get(reverse("entry", args=["mihon", 2025])))
    (field,) = re.findall('<input [^>]*name="P1-1-confirmation"[^>]*>', page)
    assert 'value="制度が変わった"' in field
    assert "P1-1 確認のひとこと" in page


def test_doubt_is_shown_on_the_page_without_script(planner, kpi, kikaku):
    record(kpi, {2024: 4, 2025: 40}, kikaku)
    page = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert "<b>確認：</b>前年度（4件）の10倍以上です。" in page


def test_figure_without_a_doubt_shows_none(planner, kpi, kikaku):
    record(kpi, {2024: 4}, kikaku)

    assert part(save_row(planner, value="39"), "doubts") == ""


def test_effect_of_what_is_typed_brings_its_doubts(planner, kpi, kikaku):
    record(kpi, {2024: 4}, kikaku)
    response = planner.get(
        reverse("entry_effect", args=["mihon", 2025, "P1-1"]),
        typed(P1_1={"value": "40"}),
        headers=HTMX,
    )

    assert "前年度（4件）の10倍以上です" in part(response, "doubts")


def test_previous_years_explanation_is_one_click_away(planner, kpi, kikaku):
    record(kpi, {2024: final(4, analysis="昨年の要因", next_steps="昨年の方向")}, kikaku)
    page = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert "前年度の説明</summary>" in page
    assert "昨年の要因" in page
    assert "昨年の方向" in page


def paste(planner, rows, **more):
    fields = typed(**{code: row["texts"] for code, row in rows.items()})
    for code, row in rows.items():
        own = code.replace("_", "-")
        fields[f"{own}-columns"] = row.get("columns", "value")
        fields[f"{own}-now"] = row.get("now", "")
    return planner.post(reverse("entry_paste", args=["mihon", 2025]), fields | more, headers=HTMX)


def test_pasted_columns_are_shown_and_nothing_is_written(planner, project, kpi, kikaku):
    for number in (2, 3):
        make_kpi(project, number)
    record(kpi, {2025: 9}, kikaku)
    response = paste(
        planner,
        {
            "P1_1": {"texts": {"value": "１２", "version": "1"}, "now": "9"},
            "P1_2": {"texts": {"value": "4x"}},
            "P1_3": {"texts": {}, "columns": ""},
        },
        over=["99", "100"],
    )

    html = text_of(response)
    assert "<b>2指標</b>に入ります。" in html
    assert "読み取れないものが1件" in html
    assert "2行は、下に指標がないため入りません：「99」「100」" in html
    assert re.search(r'<td class="num">9</td>\s*<td class="num"><b>１２</b>', html)
    assert "「4x」を数字として読み取れません" in html
    assert "空欄のため変えません" in html
    assert [row.value for row in YearlyActual.objects.all()] == [9]


def test_pasted_explanations_have_their_columns(planner, kpi):
    row = {
        "texts": {"value": "9", "analysis": "要因の文", "next_steps": "方向の文"},
        "columns": "value analysis next_steps",
    }
    html = text_of(paste(planner, {"P1_1": row}, wide=["四列目"]))

    assert "要因の文" in html
    assert "方向の文" in html
    assert "4列目から右は入りません" in html
    assert "「四列目」" in html


def test_other_departments_kpis_stay_out_of_a_paste(editor, kpi):
    assert "P1-1" not in text_of(paste(editor, {"P1_1": {"texts": {"value": "9"}}}))


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 6, 18), "締切 令和8年6月30日、あと12日"),
        (date(2026, 6, 29), "締切 令和8年6月30日、あと1日"),
        (date(2026, 6, 30), "締切 令和8年6月30日、今日まで"),
        (date(2026, 7, 3), "締切の令和8年6月30日を3日過ぎています"),
    ],
)
def test_page_says_what_is_open_and_by_when(editor, tantou, kpi, monkeypatch, today, sentence):
    assign(kpi, tantou)
    EntryDeadline.objects.create(
        strategy=kpi.project.strategy, fiscal_year=2025, due_on=date(2026, 6, 30)
    )
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    html = text_of(editor.get(reverse("entry", args=["mihon", 2025])))

    assert f'あなたの課の<b>未入力 <span id="waiting">1</span>件</b>、{sentence}' in html
    assert 'href="#P1-1-value">次の未入力へ</a>' in html


def test_page_without_a_deadline_or_open_rows_says_just_that(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    html = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert '1指標の<b>未入力 <span id="waiting">0</span>件</b></p>' in html
    assert "次の未入力へ" not in html


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 6, 18), "件</b>、締切 令和8年6月30日、あと12日</p>"),
        (date(2026, 7, 3), "件</b></p>"),
    ],
)
def test_page_without_open_rows_is_not_late(planner, kpi, kikaku, monkeypatch, today, sentence):
    record(kpi, {2025: 9}, kikaku)
    strategy = kpi.project.strategy
    EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=date(2026, 6, 30))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    html = text_of(planner.get(reverse("entry", args=["mihon", 2025])))

    assert f'<b>未入力 <span id="waiting">0</span>{sentence}' in html


def test_pending_row_counts_as_entered(planner, kpi, kikaku):
    record(kpi, {2025: ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))}, kikaku)

    assert '<span id="waiting">0</span>' in text_of(
        planner.get(reverse("entry", args=["mihon", 2025]))
    )


@pytest.mark.parametrize("count", [1, 3])
def test_saving_rows_takes_a_constant_number_of_queries(
    planner, project, kikaku, count, django_assert_num_queries
):
    for number in range(1, count + 1):
        record(make_kpi(project, number), {2025: 12}, kikaku)
    rows = {f"P1_{number}": {"value": "13", "version": "1"} for number in range(1, count + 1)}

    with django_assert_num_queries(16):
        save_rows(planner, **rows)


def test_answered_row_has_no_negative_zero(planner, kpi):
    assert standing(save_row(planner, value="△0"))["value"] == "0"


def test_row_posted_without_its_fields_is_refused_and_nothing_is_withdrawn(planner, kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    response = planner.post(
        reverse("entry_one", args=["mihon", 2025, "P1-1"]), {"P1-1-version": "1"}, headers=HTMX
    )

    assert response.status_code == 422
    assert "画面が古くなっています" in part(response, "messages")
    assert YearlyActual.objects.get().value == 9


def test_row_withdrawn_by_two_at_once_stands_empty(planner, kpi, kikaku, monkeypatch):
    record(kpi, {2025: 9}, kikaku)
    lock = ACTUALS._lock

    def withdrawn_first(strategy, changes, user):
        YearlyActual.objects.all().delete()
        return lock(strategy, changes, user)

    monkeypatch.setattr(ACTUALS, "_lock", withdrawn_first)
    response = save_row(planner, value="9", state="withdraw", version="1")

    assert standing(response) == FORM


def test_refusal_finds_its_row_though_the_code_has_changed_since(planner, kpi, kikaku, monkeypatch):
    record(kpi, {2025: 9}, kikaku)
    record_actual(kpi, 2025, final(10), user=kikaku, version=1)
    lock = ACTUALS._lock

    def renumbered_first(strategy, changes, user):
        Kpi.objects.update(number=7)
        return lock(strategy, changes, user)

    monkeypatch.setattr(ACTUALS, "_lock", renumbered_first)
    response = save_row(planner, value="12", version="1")

    assert response.status_code == 409
    assert part(response, "status") == "保存できません：ほかの人の保存と食い違っています"
