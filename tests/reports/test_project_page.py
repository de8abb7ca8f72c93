"""The page of one project: where it stands, its KPIs, its initiatives and where else they stand."""

import pytest

from kpis.progress import load_progress
from kpis.recording import (
    ProgressEntry,
    ReviewEntry,
    record_initiative_progress,
    record_project_review,
)
from projects.models import InitiativeListing, InitiativeStatus
from tests.factories import make_initiative, make_kpi, make_project, make_strategy, record
from tests.page_text import main_of, said, table_row


@pytest.fixture
def plan(kikaku):
    """P1 with two KPIs of 100 each, P2 with one; P1's initiative is listed in P2 again."""
    strategy = make_strategy()
    first = make_project(strategy, "P1", purpose="働く場を増やす")
    second = make_project(strategy, "P2")
    record(make_kpi(first, 1, target=100), {2024: 50, 2025: 80}, kikaku)
    record(make_kpi(first, 2, target=100), {2024: 70, 2025: 120}, kikaku)
    record(make_kpi(second, 1, target=100), {2024: 10, 2025: 20}, kikaku)
    shared = make_initiative(first, 1, name="創業支援事業")
    make_initiative(first, 2, name="販路開拓事業")
    InitiativeListing.objects.create(
        project=second, number=3, initiative=shared, printed_name="創業の支援"
    )
    entry = ProgressEntry(InitiativeStatus.DONE, summary="22件を支援した", cost=5450)
    record_initiative_progress(shared, 2025, entry, user=kikaku, version=0)
    return strategy


def test_project_stands_beside_its_own_year_before(planner, plan):
    text = said(planner.get("/plans/mihon/projects/P1/?fy=2025"))

    assert "働く場を増やす" in text
    assert "2指標のうち、1指標が「順調」、1指標が「概ね順調」です。" in text
    # (80 + 100) ÷ 2 beside (50 + 70) ÷ 2
    assert "90.0% 2指標中2指標の平均 前年度 60.0%（30.0ポイント増）" in text
    assert "このまま進むと" in text


def test_first_year_has_nothing_beside_it(planner, plan):
    assert (
        "前年度"
        not in said(planner.get("/plans/mihon/projects/P1/?fy=2024")).partition("取組 令和6年度")[0]
    )


def test_each_kpi_has_a_card_with_its_figures_and_trend(planner, plan):
    page = planner.get("/plans/mihon/projects/P1/?fy=2025")

    assert "P1-1 B 概ね順調 指標1 80 件 目安 100件（20件下回る） 最終目標 100件" in said(page)
    assert "P1-2 A 順調 指標2 120 件 目安 100件（20件上回る） 最終目標 100件（達成）" in said(page)
    assert main_of(page).count('<div class="kpi-card__trend"><svg') == 2
    assert 'href="/plans/mihon/kpis/P1-1/?fy=2025"' in main_of(page)


def test_chart_of_rates_has_its_table(planner, plan):
    page = planner.get("/plans/mihon/projects/P1/?fy=2025")

    assert "令和7年度の進捗率（その年度の目安に対して）" in said(page)
    assert table_row(page, "P1-2")["進捗率"] == "120.0%"
    assert "指標の数値を表で見る" in said(page)


def test_relisting_explains_itself_and_leads_to_the_home_entry(planner, plan):
    home = planner.get("/plans/mihon/projects/P1/?fy=2025")
    elsewhere = planner.get("/plans/mihon/projects/P2/?fy=2025")

    assert (
        '<a href="/plans/mihon/projects/P2/?fy=2025#P2-3">P2 P2プロジェクト の (3)</a>'
        in main_of(home)
    )
    assert 'id="P1-1"' in main_of(home)
    assert (
        '<a href="/plans/mihon/projects/P1/?fy=2025#P1-1">P1 P1プロジェクト の (1)</a>'
        in main_of(elsewhere)
    )
    assert 'id="P2-3"' in main_of(elsewhere)
    assert "主な掲載先での名前：創業支援事業。" in said(elsewhere)
    assert "取組の数には、再掲を含めません。" in said(elsewhere)


def test_both_lists_show_what_was_done_at_the_home(planner, plan):
    row = {"状況": "完了", "決算額（千円）": "5,450", "所管課": "未設定"}

    assert (
        table_row(planner.get("/plans/mihon/projects/P1/?fy=2025"), "創業支援事業")
        == {"番号": "(1)"} | row
    )
    assert (
        table_row(planner.get("/plans/mihon/projects/P2/?fy=2025"), "創業の支援")
        == {"番号": "(3)"} | row
    )


def test_initiatives_are_counted_at_their_home(planner, plan):
    assert "2の取組（完了1、未入力1）" in said(planner.get("/plans/mihon/projects/P1/?fy=2025"))
    assert "0の取組。ほかに再掲1" in said(planner.get("/plans/mihon/projects/P2/?fy=2025"))


def test_review_stands_before_the_kpis(planner, plan, kikaku):
    project = plan.projects.get(code="P1")
    entry = ReviewEntry(summary="目安を上回った", external_opinion="続けてほしい")
    record_project_review(project, 2025, entry, user=kikaku, version=0)
    text = said(planner.get("/plans/mihon/projects/P1/?fy=2025"))

    assert "総括 令和7年度 目安を上回った 外部有識者の意見 令和7年度 続けてほしい" in text
    assert text.index("目安を上回った") < text.index("指標 令和7年度")
    assert "目安を上回った" not in said(planner.get("/plans/mihon/projects/P1/?fy=2024"))


def test_empty_project_explains_itself(planner, plan):
    make_project(plan, "P3")
    text = said(planner.get("/plans/mihon/projects/P3/"))

    for sentence in (
        "このプロジェクトの目的は、まだ書かれていません。",
        "指標がまだ登録されていません。",
        "方向性は、まだ書かれていません。",
        "このプロジェクトの取組はまだ登録されていません。",
    ):
        assert sentence in text


def test_long_account_is_cut_with_a_link_to_all_of_it(planner, plan, kikaku):
    other = plan.initiatives.get(name="販路開拓事業")
    entry = ProgressEntry(InitiativeStatus.ONGOING, summary="実績" * 100)
    record_initiative_progress(other, 2025, entry, user=kikaku, version=0)
    page = planner.get("/plans/mihon/projects/P1/?fy=2025")

    assert f"{'実績' * 59}実… すべて読む" in said(page)
    assert 'aria-label="販路開拓事業の取組実績をすべて読む"' in main_of(page)


def test_progress_of_one_project_is_that_of_a_plan_with_this_project_alone(plan):
    project = plan.projects.get(code="P2")
    progress = load_progress(plan, 2025, project=project)

    assert [kpi.definition.code for kpi in progress.kpis] == ["P2-1"]
    assert [one.project for one in progress.projects] == [project]
    assert (progress.standing.progress_mean, progress.previous.progress_mean) == (20, 10)
    assert len(progress.movements) == 1
    assert load_progress(plan, 2024, project=project).previous is None


def test_page_opens_on_the_year_of_the_whole_plan(planner, plan, kikaku):
    record(make_kpi(plan.projects.get(code="P2"), 2, target=100), {2026: 30}, kikaku)

    assert planner.get("/plans/mihon/projects/P2/").context["fiscal_year"] == 2025


def test_list_shows_each_project_beside_its_year_before(planner, plan):
    text = said(planner.get("/plans/mihon/projects/?fy=2025"))

    assert "2指標中2指標の平均 進捗率 90.0% 前年度比 30.0ポイント増" in text
    assert "達成率 20.0% 前年度比 10.0ポイント増" in text
