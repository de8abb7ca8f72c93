"""Reading an initiative: on its page, in every project's list, in the list of all."""

import pytest

from kpis.recording import close_years_through
from projects.models import InitiativeListing
from tests.factories import make_initiative, make_project, record_progress
from tests.page_text import said, table_row, text_of


def test_initiative_has_a_page_with_its_years(planner, initiative, relisted, kikaku):
    record_progress(initiative, kikaku, year=2024, status="done", summary="実績の文", cost=1234567)
    record_progress(initiative, kikaku, cost=0, next_steps="来年の話")
    close_years_through(initiative.strategy, 2024, user=kikaku)
    page = planner.get("/plans/mihon/initiatives/P1-1/")
    html, text = text_of(page), said(page)

    assert "<h1>創業支援事業</h1>" in html
    assert '<a href="/plans/mihon/projects/P1/#P1-1">P1 P1プロジェクト の (1)</a>' in html
    assert '<a href="/plans/mihon/projects/P2/#P2-3">P2 P2プロジェクト の (3)</a>' in html
    assert "掲載名：創業支援" in html
    assert "実施中 令和7年度の状況 ／ 所管課：未設定" in text
    # The newest year first, then what is missing.
    assert "令和7年度 実施中 決算額 0 千円 直す 取組実績 まだ書かれていません。" in text
    assert "今後の方向性 来年の話 令和6年度 締め済み 完了 決算額 1,234,567 千円" in text
    assert "実績の文" in text
    assert "まだ入力されていない年度 令和8年度 入力 令和9年度 入力 令和10年度 入力" in text
    assert 'href="/plans/mihon/entry/2024/initiatives/P1-1/"' not in html
    assert 'href="/plans/mihon/entry/2025/initiatives/P1-1/" aria-label="令和7年度を直す"' in html
    assert 'href="/plans/mihon/entry/2026/initiatives/P1-1/" aria-label="令和8年度を入力"' in html


def test_relistings_code_leads_to_the_home_and_marks_the_place(planner, relisted):
    response = planner.get("/plans/mihon/initiatives/P2-3/")

    assert (response.status_code, response.url) == (302, "/plans/mihon/initiatives/P1-1/#P2-3")
    assert '<li id="P2-3">' in text_of(planner.get("/plans/mihon/initiatives/P1-1/"))


def test_manager_reads_an_initiative_without_links_to_entry(manager, initiative, kikaku):
    record_progress(initiative, kikaku, summary="実績の文")
    html = text_of(manager.get("/plans/mihon/initiatives/P1-1/"))

    assert "実績の文" in html
    assert "/plans/mihon/initiatives/P1-1/" not in html.split("<main")[1]


def test_project_page_shows_the_homes_progress_in_every_list(planner, initiative, relisted, kikaku):
    record_progress(initiative, kikaku, summary="長い実績" * 30)
    for path in ("/plans/mihon/projects/P1/?fy=2025", "/plans/mihon/projects/P2/?fy=2025"):
        html = text_of(planner.get(path))
        assert '<a href="/plans/mihon/initiatives/P1-1/">創業支援' in html
        assert table_row(planner.get(path), "創業支援")["状況"] == "実施中"
        assert f"{'長い実績' * 30}" in html
    row = table_row(planner.get("/plans/mihon/projects/P2/?fy=2024"), "創業支援")
    assert row["状況"] == "未入力"


def test_list_shows_the_latest_status_with_its_year(planner, project, initiative, kikaku):
    make_initiative(project, 2)
    record_progress(initiative, kikaku, year=2024, status="not_started")
    record_progress(initiative, kikaku, year=2025, status="done")
    page = planner.get("/plans/mihon/initiatives/")

    assert '<a href="/plans/mihon/initiatives/P1-1/">創業支援事業</a>' in text_of(page)
    assert table_row(page, "創業支援事業")["状況"] == "完了 令和7年度"
    assert table_row(page, "P1の取組2")["状況"] == "未入力"


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/initiatives/P1-9/",
        "/plans/mihon/initiatives/P9-1/",
        "/plans/mihon/initiatives/P1-0/",
    ],
)
def test_unknown_code_is_a_clean_404(planner, initiative, path):
    response = planner.get(path)

    assert response.status_code == 404
    assert "ページが見つかりません" in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(
    planner, initiative, kikaku, count, django_assert_num_queries
):
    for number in range(2, count + 2):
        other = make_project(initiative.strategy, f"P{number}")
        InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
        record_progress(initiative, kikaku, year=2022 + number)

    with django_assert_num_queries(8):
        planner.get("/plans/mihon/initiatives/P1-1/")


def test_initiative_without_an_entry_says_so(planner, initiative):
    text = said(planner.get("/plans/mihon/initiatives/P1-1/"))

    assert "状況はまだ入力されていません ／ 所管課：未設定" in text
    assert "再掲先 なし" in text
    assert "まだ入力されていない年度 令和6年度 入力" in text


def test_cost_that_nobody_knows_is_not_zero(planner, initiative, kikaku):
    record_progress(initiative, kikaku)

    assert "決算額 未定" in said(planner.get("/plans/mihon/initiatives/P1-1/"))
