"""Entering where a figure is shared: once, at its source; elsewhere it is read."""

import re
from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry, close_years_through, record_actual
from projects.models import Department, Strategy
from tests.entry.actuals_files import (
    SHORT,
    csv_bytes,
    csv_rows,
    differences,
    preview,
    problems,
    said,
    take,
)
from tests.entry_forms import typed
from tests.factories import (
    assign,
    final,
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    record,
)

PAGE = "/plans/mihon/entry/2025/"
THERE = (
    "令和7年度の数値は、見本市総合計画のP1-2「相談件数」で入力します"
    "（/plans/sogo/entry/2025/P1-2/）。ここに書けるのは、要因分析と今後の方向性だけです。"
)


@pytest.fixture(autouse=True)
def figure(source, kikaku):
    """The source's 20 of 2025, with its explanation."""
    record(source, {2025: final(20, analysis="元の要因")}, kikaku)


def row_of(html, code):
    """A row of the page."""
    return html.partition(f'data-code="{code}"')[2].partition('role="row"')[0]


def texts(**fields):
    """What the page posts of P1-1."""
    fields = {"analysis": "", "next_steps": "", "version": "0"} | fields
    return {f"P1-1-{name}": text for name, text in fields.items()}


# The page


def test_shared_figure_is_read_with_a_link_to_where_it_is_entered(planner):
    row = row_of(planner.get(PAGE).content.decode(), "P1-1")

    assert '<b class="entry__taken">20</b>' in row
    assert '<a href="/plans/sogo/kpis/P1-2/?fy=2025">見本市総合計画のP1-2「相談件数」</a>' in row
    assert re.findall(r'name="([^"]+)"', row) == [
        "P1-1-analysis",
        "P1-1-next_steps",
        "P1-1-version",
    ]
    assert "見本市総合計画のP1-2の説明（ここに書かないときに載ります）" in row
    assert "元の要因" in row


def test_shared_figure_is_nobodys_open_work_here(planner, source):
    source.actuals.all().delete()
    page = planner.get(PAGE).content.decode()

    assert '<b>未入力 <span id="waiting">0</span>件</b>' in page
    assert "data-waiting" not in row_of(page, "P1-1")
    assert (
        '<b>未入力 <span id="waiting">1</span>件</b>'
        in planner.get("/plans/sogo/entry/2025/").content.decode()
    )


def test_year_outside_the_sources_life_is_entered_here(planner, kpi):
    planner.post("/plans/mihon/entry/2028/", typed(P1_1={"value": "40"}))

    assert kpi.actuals.get(fiscal_year=2028).value == 40


def test_explanations_are_saved_and_cleared(planner, kpi):
    planner.post(PAGE, texts(analysis="この計画から見た要因"))
    assert kpi.actuals.get().analysis == "この計画から見た要因"
    assert "ここに書かないときに載ります" not in planner.get(PAGE).content.decode()

    planner.post(PAGE, texts(version="1"))
    assert not kpi.actuals.exists()


def test_nothing_typed_writes_nothing(planner, kpi):
    planner.post(PAGE, texts())

    assert not kpi.actuals.exists()


@pytest.mark.parametrize(
    "stated",
    [{"value": "21"}, {"unmeasured_reason": "調査なし"}, {"value": "20", "state": "provisional"}],
)
def test_another_figure_is_refused_naming_the_place(planner, kpi, stated):
    answer = planner.post(PAGE, texts(analysis="要因", **stated))

    assert answer.status_code == 422
    assert THERE in answer.content.decode()
    assert not kpi.actuals.exists()


def test_same_figure_as_of_a_page_from_before_passes(planner, kpi):
    planner.post(PAGE, typed(P1_1={"value": "20", "analysis": "要因"}))

    assert (kpi.actuals.get().analysis, kpi.actuals.get().value) == ("要因", None)


def test_pasted_column_may_repeat_a_shared_figure(planner):
    def pasted(value):
        body = texts(value=value, columns="value", now="20") | {"P1-1-now": "20"}
        return planner.post(f"{PAGE}paste/", body).content.decode()

    assert THERE in pasted("21")
    assert THERE not in pasted("20")


def test_stale_explanation_is_shown_beside_the_newer(planner, kpi):
    planner.post(PAGE, texts(analysis="はじめ"))
    answer = planner.post(PAGE, texts(analysis="あと"))

    assert answer.status_code == 409
    assert "はじめ" in answer.content.decode()
    assert kpi.actuals.get().analysis == "はじめ"


def test_closed_page_shows_the_shared_figure(planner, kpi, kikaku):
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    page = planner.get(PAGE).content.decode()

    assert re.search(
        r'data-label="実績値">\s*20\s*</td>\s*<td role="cell" data-label="状態">確定', page
    )


def test_source_says_which_plan_closed_the_year(planner, kpi, source, kikaku):
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    row = {"P1_2": {"value": "21", "analysis": "元の要因", "version": "1"}}
    answer = planner.post("/plans/sogo/entry/2025/", typed(**row))

    assert answer.status_code == 409
    assert "この指標の数値を使う見本市総合戦略（P1-1）で締め済みのため、値は変えられません。" in (
        answer.content.decode()
    )
    assert source.actuals.get().value == 20


# The page where the figure is entered

THERE_TOO = "この数値は、見本市総合戦略のP1-1でも使います。"


def note_of(client, code="P1-2", year=2025):
    """What a row of the source's plan says before its fields, with its links' addresses."""
    row = row_of(client.get(f"/plans/sogo/entry/{year}/").content.decode(), code)
    note = row.partition('class="entry__more">')[2].partition('<p class="field')[0]
    return re.sub("<[^>]*>", "", note).strip(), re.findall('href="([^"]+)"', note)


def test_source_names_the_plans_that_use_its_figure_of_the_year(planner, kpi):
    other = make_kpi(make_project(make_strategy(code="other", name="見本の計画", is_current=False)))
    other.source_id = kpi.source_id
    other.save()

    assert note_of(planner) == (
        "この数値は、見本市総合戦略のP1-1、見本の計画のP1-1でも使います。",
        ["/plans/mihon/kpis/P1-1/?fy=2025", "/plans/other/kpis/P1-1/?fy=2025"],
    )
    assert note_of(planner, year=2023) == ("", [])  # none of the others begins so early


@pytest.mark.parametrize(
    ("own", "locked"), [({}, "値と説明"), ({"analysis": "この計画から見た要因"}, "値")]
)
def test_source_says_before_anything_is_typed_that_a_plan_has_closed_the_year(
    planner, kpi, source, kikaku, own, locked
):
    Strategy.objects.filter(code="sogo").update(kpi_word="成果指標")
    planner.post(PAGE, texts(**own))
    close_years_through(kpi.project.strategy, 2025, user=kikaku)

    assert note_of(planner)[0] == (
        f"{THERE_TOO}令和7年度は、この成果指標の数値を使う見本市総合戦略（P1-1）で締め済みのため、"
        f"{locked}は変えられません。直すときは、企画担当か管理職に、見本市総合戦略の締めた年度を"
        "改めてもらってください。"
    )
    assert note_of(planner, year=2026)[0] == THERE_TOO


def test_refused_page_says_it_again(planner, kpi):
    refused = planner.post("/plans/sogo/entry/2025/", typed(P1_2={"value": "多い", "version": "1"}))

    assert refused.status_code == 422
    assert THERE_TOO in re.sub("<[^>]*>", "", refused.content.decode())


def test_plan_in_preparation_is_not_named_to_who_does_not_see_it(editor, tantou, source):
    assign(source, tantou)
    assert note_of(editor)[0] == THERE_TOO
    Strategy.objects.filter(code="mihon").update(state="preparing", is_current=False)

    assert note_of(editor) == ("", [])


def test_takers_cost_one_query_whatever_their_number(
    planner, kpi, source, django_assert_num_queries
):
    for number in range(3, 5):
        with django_assert_num_queries(12):  # 11 where nothing is shared
            planner.get("/plans/sogo/entry/2025/")
        given = make_kpi(source.project, number)
        make_kpi(kpi.project, number, source=given)


# Files


def test_file_says_the_shared_figure_and_comes_back_unchanged(planner):
    content = planner.get(f"{PAGE}actuals.csv").content
    (row,) = csv_rows(content)[1:]

    assert row == ["P1-1", "支援件数", "件", "2025", "20", "0", "", "", "", "", "", "", ""]
    assert preview(planner, content).context["result"].unchanged == 1


def test_file_changes_explanations_alone(planner, kpi):
    heads = [*SHORT, "要因分析", "版"]
    answer = preview(planner, csv_bytes(heads, ["P1-1", "2025", "20", "要因", ""]))
    assert differences(answer) == [("P1-1", "要因分析", "", "要因")]

    assert said(take(planner, heads, ["P1-1", "2025", "20", "要因", ""])) != []
    (own,) = YearlyActual.objects.filter(kpi=kpi)
    assert (own.analysis, own.value, own.version) == ("要因", None, 1)


@pytest.mark.parametrize(
    ("head", "cell"),
    [("実績値", "21"), ("実績値", "削除"), ("速報", "1"), ("未測定の理由", "調査なし")],
)
def test_file_with_another_figure_is_refused_for_that_row(planner, kpi, head, cell):
    other = make_kpi(kpi.project, 2)
    answer = preview(
        planner,
        csv_bytes(["KPI番号", "年度", head], ["P1-1", "2025", cell], ["P1-2", "2025", ""]),
    )

    assert problems(answer) == [(f"2行目 C列（{head}）", THERE)]
    assert not other.actuals.exists()


# Who is asked


def test_overview_names_shared_kpis_with_their_source_and_asks_nobody(planner, kpi, source):
    source.actuals.all().delete()
    kpi.department = make_department("D01")
    kpi.save()
    source.department = make_department("D02")
    source.save()
    page = planner.get(f"{PAGE}overview/")
    overview = page.context["overview"]
    html = page.content.decode()

    assert (overview.total.kpis, overview.departments) == ((), ())
    assert [(one.code, one.state.label, one.source.place) for one in overview.shared] == [
        ("P1-1", "未入力", "見本市総合計画のP1-2")
    ]
    assert "<h2>共有する指標 <small>1指標</small></h2>" in html
    assert '<a href="/plans/sogo/kpis/P1-2/?fy=2025">見本市総合計画のP1-2</a>（D02課）' in html
    there = planner.get("/plans/sogo/entry/2025/overview/").context["overview"]
    assert [(one.name, len(one.missing)) for one in there.departments] == [("D02課", 1)]


def test_reminder_asks_for_a_shared_figure_at_its_source_alone(planner, kpi, source):
    source.actuals.all().delete()
    department = make_department("D01")
    for one in (kpi, source):
        one.department = department
        one.save()
    make_kpi(kpi.project, 2, department=department)
    asked = {
        plan: planner.get(f"/plans/{plan}/entry/2025/reminders/D01/").content.decode()
        for plan in ("mihon", "sogo")
    }

    assert "・P1-2 指標2" in asked["mihon"]
    assert "・P1-1 支援件数" not in asked["mihon"]
    assert "・P1-2 相談件数" in asked["sogo"]


def test_department_hears_of_it_once_on_its_first_page(editor, kpi, source, tantou, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 18))
    source.actuals.all().delete()
    Department.objects.create(code="D01", name="産業課").members.add(tantou)
    for one in (kpi, source):
        one.department = Department.objects.get()
        one.save()

    # The plan that takes the figure only says that there is work in another.
    first_page = editor.get("/plans/mihon/").content.decode()
    assert "ほかの1つの計画に、あなたの課の未入力があります。" in first_page
    assert "あなたの課の令和7年度" not in first_page
    assert (
        "あなたの課の令和7年度の<b>未入力は1件</b>です"
        in editor.get("/plans/sogo/").content.decode()
    )


def test_closing_lists_what_a_source_has_not_settled(planner, kpi, source, kikaku):
    page = planner.get(f"{PAGE}close/")
    assert "<h2>共有する指標" not in page.content.decode()

    record_actual(
        source, 2025, ActualEntry(ActualState.PROVISIONAL, Decimal(20)), user=kikaku, version=1
    )
    html = planner.get(f"{PAGE}close/").content.decode()
    assert "<h2>共有する指標 <small>1指標</small></h2>" in html
    assert "<h2>速報" not in html
