"""What is typed or pasted where a figure, a day or a year belongs, and is none."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from kpis.models import YearlyActual
from projects.models import EntryDeadline, InitiativeProgress
from tests.entry_forms import typed, typed_progress
from tests.factories import make_initiative
from tests.page_text import text_of

HTMX = {"HX-Request": "true"}
MARKED = [("95①", "①"), ("120¹", "¹"), ("9⒊", "⒊"), ("4⁵", "⁵"), ("½", "½"), ("Ⅳ", "Ⅳ")]
PENDING = "状態で「集計中」を選び、集計中の予定日を入力してください。"
UNMEASURED = "測っていない年度は、状態で「未測定」を選び、その理由を書いてください。"
WORDS = [
    ("集計中", PENDING),
    ("未集計", PENDING),
    ("－", UNMEASURED),
    ("―", UNMEASURED),
    ("未調査", UNMEASURED),
    ("***", UNMEASURED),
    ("…", UNMEASURED),
    ("N/A", UNMEASURED),
    ("不明", UNMEASURED),
    ("皆減", "数字で入力してください（例：1,234）。"),
]


def save(planner, **row):
    return planner.post(reverse("entry", args=["mihon", 2025]), typed(P1_1=row))


def paste(planner, text):
    fields = typed(P1_1={"value": text}) | {"P1-1-columns": "value", "P1-1-now": ""}
    return planner.post(reverse("entry_paste", args=["mihon", 2025]), fields, headers=HTMX)


@pytest.mark.parametrize(("written", "mark"), MARKED)
def test_figure_with_a_footnote_mark_is_refused_typed_and_pasted(planner, kpi, written, mark):
    for response in (save(planner, value=written), paste(planner, written)):
        assert f"「{written}」の「{mark}」は数字ではありません。" in text_of(response)
    assert not YearlyActual.objects.exists()


@pytest.mark.parametrize(("written", "remedy"), WORDS)
def test_word_where_a_figure_belongs_says_which_state_that_is(planner, kpi, written, remedy):
    for response in (save(planner, value=written), paste(planner, written)):
        assert f"「{written}」は数字ではありません。{remedy}" in text_of(response)
    assert not YearlyActual.objects.exists()


def test_invisible_characters_about_a_figure_and_a_day_are_taken_off(planner, kpi):
    save(planner, value="\u200b2\u20603\ufeff件")
    assert YearlyActual.objects.get().value == 23

    day = {"state": "pending", "expected_on": "\u200e2026-08-\u00ad20", "version": "1"}
    save(planner, **day)
    assert YearlyActual.objects.get().expected_on.isoformat() == "2026-08-20"


def test_day_with_a_footnote_mark_is_refused(planner, kpi):
    response = save(planner, state="pending", expected_on="令和⑧年8月20日")

    assert "日付「令和⑧年8月20日」の「⑧」は数字ではありません。" in text_of(response)


def test_deadline_with_a_footnote_mark_is_refused(planner, kpi):
    response = planner.post(reverse("overview", args=["mihon", 2025]), {"due_on": "2026年6月30日¹"})

    assert "「¹」は数字ではありません。" in text_of(response)
    assert not EntryDeadline.objects.exists()


def test_cost_with_a_footnote_mark_or_a_word_is_refused(planner, project):
    make_initiative(project)
    url = reverse("entry_initiatives", args=["mihon", 2025])
    marked = planner.post(url, typed_progress(P1_1={"status": "done", "cost": "1,250①"}))
    word = planner.post(url, typed_progress(P1_1={"status": "done", "cost": "未確定"}))

    assert "「1,250①」を読み取れません。千円単位の数字だけを入力してください" in text_of(marked)
    assert (
        "「未確定」は数字ではありません。決算額がまだ分からないときは空けてください。"
        in text_of(word)
    )
    assert not InitiativeProgress.objects.exists()


@pytest.mark.parametrize("written", ["令和⑦年度", "2025①"])
def test_year_with_a_footnote_mark_is_refused_by_command_and_filter(planner, kpi, written):
    with pytest.raises(CommandError, match=f"年度「{written}」の"):
        call_command("verify", year=written)

    assert f"年度「{written}」の" in text_of(planner.get("/plans/mihon/history/", {"fy": written}))


def test_day_and_code_with_a_footnote_mark_are_refused_in_a_url(planner, kpi):
    day = planner.get("/plans/mihon/kpis/P1-1/", {"as_of": "2025-06-3⁰"})
    code = planner.get("/plans/mihon/history/", {"kpi": "P1-①"})

    assert day.status_code == 422
    assert "「⁰」は数字ではありません。" in text_of(day)
    assert "指標「P1-①」はありません。" in text_of(code)
