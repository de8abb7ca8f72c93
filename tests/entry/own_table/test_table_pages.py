"""自分の市の表から: from the file over its columns and odd figures to a plan, or to figures."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from entry.models import OwnTableReading
from kpis.models import Kpi, YearlyActual
from projects.models import PlanState, Strategy
from tests.entry.own_table.wide_tables import book_of, of_two_rows, town, with_bands
from tests.factories import make_kpi, make_project
from tests.page_text import said, text_of

NEW = "/plans/new/table/"
FIGURES = "/plans/mihon/figures/"
CITY = {
    "plan:団体名": "みどり町", "plan:団体コード": "464686", "plan:計画コード": "midori",
    "plan:計画名": "健康と安全の計画",
}  # fmt: skip


def upload(client, content, url=NEW, name="KPI一覧.xlsx"):
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def fields(page):
    """What a browser would post of a step's form as it is shown."""
    form = re.search(r'<form method="post" action="[^"]*" class="import own-table">.*?</form>',
                     text_of(page), re.DOTALL)[0]  # fmt: skip
    found = {}
    for tag in re.finditer(r"<input\b[^>]*>", form, re.DOTALL):
        if 'type="radio"' in tag[0] and "checked" not in tag[0]:
            continue
        name, value = re.search(r'name="([^"]*)"', tag[0]), re.search(r'value="([^"]*)"', tag[0])
        if name and 'type="submit"' not in tag[0]:
            found[name[1]] = value[1] if value else ""
    for select in re.finditer(r'<select\b[^>]*?name="([^"]*)".*?</select>', form, re.DOTALL):
        options = re.findall(r'<option(?: value="([^"]*)")?( selected)?>([^<]*)', select[0])
        chosen = next((one for one in options if one[1]), options[0])
        found[select[1]] = chosen[0] or ("" if "value=" in select[0] else chosen[2])
    found.pop("csrfmiddlewaretoken")
    return found


def at_columns(client, content, url=NEW):
    """The page of columns and odd figures, as it is proposed."""
    return client.post(url, fields(upload(client, content, url)))


def looked_over(client, page, url=NEW, **typed):
    return client.post(url, fields(page) | typed)


def test_table_becomes_a_plan_in_preparation(planner):
    page = upload(planner, town())
    assert "シート「KPI一覧」のはじめの10行" in said(page)
    page = planner.post(NEW, fields(page))
    assert "5件の指標を読み取りました。" in said(page)
    looked = looked_over(planner, page, **CITY)

    assert "取り込む内容の確認" in said(looked)
    assert [(sheet, counts["新しい"]) for sheet, counts in looked.context["looked"].counts] == [
        ("計画", 7), ("柱", 2), ("プロジェクト", 3), ("所管課", 3), ("指標", 5), ("目標", 5),
        ("実績", 11),
    ]  # fmt: skip
    assert (
        "A5:A7 は結合されたセルなので、「基本目標1 しごとをつくる」を5〜7行目のすべてに当てました。"
        in said(looked)
    )
    assert not Strategy.objects.exists()
    answer = planner.post("/plans/new/workbook/", {"confirmed": looked.context["signed"]})
    assert answer.url == "/plans/midori/draft/"
    plan = Strategy.objects.get()
    assert (plan.state, plan.name) == (PlanState.PREPARING, "健康と安全の計画")
    assert Kpi.objects.filter(project__strategy=plan).count() == 5


def test_what_was_said_is_remembered_for_the_next_file(planner):
    page = at_columns(planner, town())
    answered = {"answer:bracket_figure:actual": "inside", "use:J": "source"}
    looked = looked_over(planner, page, **CITY, **answered)
    planner.post("/plans/new/workbook/", {"confirmed": looked.context["signed"]})

    assert OwnTableReading.objects.get().strategy.code == "midori"
    again = upload(planner, town())
    assert "前に取り込んだ表と同じ見出しです。" in said(again)
    typed = fields(planner.post(NEW, fields(again)))
    assert (typed["answer:bracket_figure:actual"], typed["use:J"]) == ("inside", "source")
    assert typed["plan:計画名"] == "第2期みどり町まち・ひと・しごと創生総合戦略"


def test_another_sheet_and_other_heading_rows_may_be_chosen(planner):
    page = upload(planner, town())
    other = planner.post(NEW, fields(page) | {"sheet": "はじめに", "show": "1"})
    assert "この表の見方" in said(other)

    back = planner.post(NEW, fields(other) | {"sheet": "KPI一覧", "show": "1"})
    refused = planner.post(NEW, fields(back) | {"first": "5", "last": "4"})
    assert refused.status_code == 422
    assert "見出しの行を、上から下へ4行まで、行の番号で入力してください。" in said(refused)
    columns = planner.post(NEW, fields(back) | {"first": "3", "last": "3"})
    assert columns.context["form"].headings[4].text == "基準値"


def test_column_that_lacks_its_year_is_asked_for_and_nothing_typed_is_lost(planner):
    page = at_columns(planner, town())
    refused = looked_over(planner, page, **CITY, **{"year:G": "来年", "use:J": "remarks"})

    assert refused.status_code == 422
    assert "まだ読み取れないところがあります" in said(refused)
    assert "G列（実績値 Ｒ６）：年度「来年」を読み取れません。" in said(refused)
    typed = fields(refused)
    assert (typed["year:G"], typed["use:J"], typed["plan:団体名"]) == (
        "来年", "remarks", "みどり町",
    )  # fmt: skip
    assert looked_over(planner, refused, **{"year:G": "R6"}).context["looked"].problems == []


def test_columns_may_be_said_anew_after_the_look_over(planner):
    looked = looked_over(planner, at_columns(planner, with_bands()), **CITY)
    assert "率 2／4 評価 2／4" in said(looked)
    again = planner.post(NEW, dict(looked.context["back"]) | {"again": "1"})

    typed = fields(again)
    assert typed["plan:団体名"] == "みどり町"
    better = {"plan:達成率の算式": "基準値からの伸び", "plan:評価に使う率": "達成率"}
    assert "率 4／4 評価 4／4" in said(planner.post(NEW, typed | better))


def test_new_questions_are_asked_when_columns_change(planner):
    rows = [["指標", "値 R6", "目標値（R10）"], ["客数", "5(3)", 10]]
    page = at_columns(planner, book_of("表", rows))
    assert [one.question.key for one in page.context["questions"]] == []

    said_now = {"use:B": "actual", "year:B": "R6", "plan:最初の年度": "R6"}
    asked = looked_over(planner, page, **CITY, **said_now)
    assert "列の意味を変えたため、新しく確かめることがあります。" in said(asked)
    assert [one.question.key for one in asked.context["questions"]] == ["bracket_figure:actual"]
    assert looked_over(planner, asked).context["looked"].problems == []


def test_what_the_plan_needs_is_asked_for_before_the_look_over(planner):
    page = at_columns(planner, book_of("表", [["指標", "目標値"], ["客数", 10]]))
    refused = looked_over(planner, page, **{"plan:計画名": "観光の計画"})

    assert refused.status_code == 422
    assert "団体名：入力してください。 団体コード：入力してください。" in said(refused)
    assert '<a href="#plan-6">最終年度：入力してください。</a>' in text_of(refused)
    assert "計画名：" not in said(refused)
    assert "まだ書いていないところがあります" in said(refused)


def test_problems_are_told_at_the_citys_cells_and_the_form_stays(planner):
    rows = [["指標", "実績 R6", "目標値（R10）"], ["客数", "たくさん", 10]]
    page = at_columns(planner, book_of("表", rows))
    refused = looked_over(planner, page, **CITY)

    assert refused.status_code == 422
    assert "2行目 B列（実績 R6） たくさん" in said(refused)
    assert fields(refused)["plan:団体名"] == "みどり町"


def test_figures_of_years_past_come_in_by_their_names(planner, strategy):
    kpi = make_kpi(make_project(strategy), name="受診率")
    rows = [["指標名", "R6実績", "R7実績"], ["受診率", 40, 45]]
    looked = looked_over(planner, at_columns(planner, book_of("実績", rows), FIGURES), FIGURES)
    typed = {"confirmed": looked.context["signed"], "reason": "過去の実績"}
    answer = planner.post("/plans/mihon/workbook/", typed)

    assert answer.url == "/plans/mihon/changes/"
    figures = YearlyActual.objects.filter(kpi=kpi).order_by("fiscal_year")
    assert list(figures.values_list("fiscal_year", "value")) == [(2024, 40), (2025, 45)]
    assert OwnTableReading.objects.get().strategy == strategy


def test_figures_of_no_indicator_are_refused_at_their_cell(planner, strategy):
    rows = [["指標名", "R6実績"], ["受診率", 40]]
    refused = looked_over(planner, at_columns(planner, book_of("実績", rows), FIGURES), FIGURES)

    assert refused.status_code == 422
    assert "2行目 A列（指標名） 受診率 この名前の指標は、計画にありません。" in said(refused)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"PK", "Excel のファイルとして読み取れません。"), (b"", "ファイルが空です。")],
)
def test_file_that_cannot_be_read_says_why(planner, content, sentence):
    refused = upload(planner, content)

    assert (refused.status_code, sentence in said(refused)) == (422, True)


def test_table_of_too_many_columns_is_refused(planner):
    content = book_of("表", [["指標", *range(100)], ["客数", *range(100)]])

    assert "列が100を超えています。" in said(at_columns(planner, content))


def test_table_that_no_form_can_carry_is_refused(planner, monkeypatch):
    monkeypatch.setattr("entry.views.beginning.table._MOST_SEALED", 100)

    assert "表が大きすぎます。" in said(upload(planner, town()))


def test_missing_file_and_forged_or_foreign_steps_begin_anew(planner, strategy):
    page = at_columns(planner, of_two_rows())

    assert "ファイルを選んでください。" in said(planner.post(NEW, {}))
    assert "確認の画面が古くなっています。" in said(planner.post(NEW, {"kept": "x"}))
    foreign = planner.post(FIGURES, fields(page))
    assert "確認の画面が古くなっています。" in said(foreign)


def test_tables_are_the_planners(editor, strategy):
    new, figures = editor.get(NEW), editor.get(FIGURES)

    assert (new.status_code, figures.status_code) == (403, 403)
    assert "計画を始めるのは企画担当です。" in said(new)
    assert "計画を変えるのは企画担当です。" in said(figures)
