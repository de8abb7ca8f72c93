"""The page of one KPI: a year in focus, its chart, all years, explanations."""

import re
from decimal import Decimal

import pytest

from kpis.models import ActualState, FinalTarget
from kpis.recording import ActualEntry, close_years_through
from reports.charts.rates import draw_counts
from tests.factories import (
    final,
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.page_text import main_of, said, table_row


@pytest.fixture
def project(db):
    return make_project(make_strategy(), name="産業応援プロジェクト")


@pytest.fixture
def total(project, kikaku):
    """A cumulative KPI of 50件 by FY2028: 12 in FY2024, 9 in FY2025."""
    kpi = make_kpi(
        project, 1, name="支援件数", aggregation="cumulative", department=make_department()
    )
    first = final(12, analysis="説明会を増やした", next_steps="個別相談を設ける")
    record(kpi, {2024: first, 2025: final(9, analysis="申請が減った")}, kikaku)
    return kpi


@pytest.fixture
def share(project, kikaku):
    """An annual KPI of 65.0% by FY2028: 55.1 in FY2024, 57.3 provisionally in FY2025."""
    kpi = make_kpi(project, 2, target=65, name="満足度", unit="%", decimal_places=1)
    provisional = ActualEntry(ActualState.PROVISIONAL, Decimal("57.3"))
    record(kpi, {2024: Decimal("55.1"), 2025: provisional}, kikaku)
    return kpi


def test_page_opens_on_the_latest_stated_year(planner, total):
    page = planner.get("/plans/mihon/kpis/P1-1/")

    assert page.context["fiscal_year"] == 2025
    assert re.search(r'href="\?fy=2025"\s+aria-current="page"', main_of(page))
    assert "単位：件 ／ 累計（のべ） ／ 所管課：D01課" in said(page)
    assert "令和7年度までの累計は21件で、目安の20件を1件上回っています。" in said(page)


def test_cumulative_year_stands_beside_pace_target_and_the_year_before(planner, total):
    text = said(planner.get("/plans/mihon/kpis/P1-1/"))

    assert "累計 令和6年度から 21 件 この年度 9件 前年度 12件、3件減" in text
    assert "年度目安 20件 1件上回る 最終目標 50件 あと29件" in text
    assert "進捗率 その年度の目安に対して 105.0% 21 ÷ 20 × 100 = 105.0%" in text
    assert "前年度 120.0%（15.0ポイント減）" in text
    assert "達成率 令和10年度の目標に対して 42.0% 21 ÷ 50 × 100 = 42.0%" in text
    assert "前年度 24.0%（18.0ポイント増）" in text


def test_outlook_is_marked_as_an_estimate_with_its_band_and_the_pace(planner, total):
    text = said(planner.get("/plans/mihon/kpis/P1-1/"))

    assert "令和10年度の見込み 推計 52.50 件 48件から57件 最終目標の50件に届く見込み" in text
    assert "令和6年度から令和7年度までの年平均10.50件が続くとした場合の推計です" in text
    assert "必要ペース あと29件。残り3年で年9.67件" in text


def test_annual_year_stands_beside_the_year_before_without_a_pace(planner, share):
    text = said(planner.get("/plans/mihon/kpis/P1-2/"))

    assert "実績 令和7年度 57.3 % 速報 確定すると変わることがあります 前年度 55.1%、2.2" in text
    assert "最終目標の65.0%に届かない見込み" in text
    assert "必要ペース" not in text


def test_first_year_has_no_year_before(planner, total):
    text = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2024"))

    assert "前年度 計画の最初の年度のため、ありません" in text
    assert "ポイント増" not in text
    assert "1か年の実績だけによるため、幅は示せません" in text


def test_year_without_an_actual_says_so_once(planner, total):
    page = planner.get("/plans/mihon/kpis/P1-1/?fy=2026")
    text = said(page)

    assert text.count("この年度の実績がまだ入力されていません。") == 1
    assert "令和8年度の実績が未入力のため、着地見込みは計算できません。" in text
    assert "推計 令和8" not in text
    assert "令和8年度を入力する" in text


def test_last_year_has_nothing_left_to_estimate(planner, total, kikaku):
    record(total, {2028: 40}, kikaku)
    text = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2028"))

    assert "令和10年度は計画の最終年度のため、着地見込みはありません。" in text
    assert "令和8年度、令和9年度の実績がそろっていないため、累計は参考です。" in text
    assert "参考 率は計算しません" in text


def test_kpi_without_target_or_actual_explains_itself(planner, project):
    make_kpi(project, 1, target=None)
    text = said(planner.get("/plans/mihon/kpis/P1-1/"))

    assert "最終目標 設定されていません" in text
    assert "年度目安 なし" in text
    assert "実績がまだないため、図はありません。" in text
    assert "要因分析と今後の方向性は、まだ書かれていません。" in text
    assert "None" not in text


def test_pending_year_says_when_it_will_be_known(planner, share, kikaku):
    pending = ActualEntry(ActualState.PENDING, expected_on="2027-08-20")
    record(share, {2026: pending}, kikaku)
    text = said(planner.get("/plans/mihon/kpis/P1-2/"))

    assert "この年度の実績は集計中です。令和9年8月20日に分かる予定です。" in text
    assert "前年度 57.3%" in text


def test_chart_is_there_for_wide_and_narrow_places_with_the_outlook(planner, total):
    markup = main_of(planner.get("/plans/mihon/kpis/P1-1/"))

    assert markup.count("見込み（推計） 52.50件、幅は48件から57件。") == 2
    assert '<div class="chart__narrow"><svg' in markup
    # Seen from FY2024, FY2025 says how it went on.
    assert "見込み（推計） " not in main_of(planner.get("/plans/mihon/kpis/P1-1/?fy=2024"))


def test_chart_of_a_kpi_needs_no_heavy_library(planner, total):
    before = draw_counts().misses
    planner.get("/plans/mihon/kpis/P1-1/")

    assert draw_counts().misses == before


def test_every_year_has_its_row(planner, total):
    page = planner.get("/plans/mihon/kpis/P1-1/")

    assert table_row(page, "令和7年度") == {
        "実績値": "9",
        "累計": "21",
        "年度目安": "20",
        "目安との差": "1",
        "最終目標との差": "−29",
        "進捗率": "105.0%",
        "達成率": "42.0%",
        "評価": "A 順調",
    }
    assert table_row(page, "令和8年度")["評価"] == "未入力"


def test_explanations_stand_with_the_pages_year_first_and_then_newest_first(planner, total, kikaku):
    record(total, {2026: final(10, analysis="持ち直した")}, kikaku)
    text = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))

    assert "令和7年度の要因と今後 要因分析 申請が減った" in text
    others = text.partition("ほかの年度の要因と今後")[2]
    assert others.index("持ち直した") < others.index("説明会を増やした")
    assert "今後の方向性 個別相談を設ける" in others


def test_year_is_put_right_from_its_page_before_and_after_it_is_closed(planner, total, kikaku):
    assert "令和7年度を直す" in said(planner.get("/plans/mihon/kpis/P1-1/"))
    close_years_through(total.project.strategy, 2025, user=kikaku)
    page = planner.get("/plans/mihon/kpis/P1-1/")
    planner.force_login(make_user("tantou"))
    text, theirs = said(page), said(planner.get("/plans/mihon/kpis/P1-1/"))

    assert "所管課：D01課 ／ 締め済み 締めた令和7年度を改める" in text
    assert '<a class="button" href="/plans/mihon/entry/2025/correct/">' in main_of(page)
    assert "令和7年度を直す" not in text
    assert "締め済み" in theirs
    assert "改める" not in theirs


def test_past_day_keeps_its_day_when_the_year_changes(planner, total):
    today = planner.get("/plans/mihon/kpis/P1-1/").context["past"]["today"].isoformat()
    page = planner.get(f"/plans/mihon/kpis/P1-1/?as_of={today}&fy=2024")
    markup = main_of(page)

    assert f'href="?fy=2025&amp;as_of={today}"' in markup
    assert '<input type="hidden" name="fy" value="2024">' in markup
    assert '<a href="/plans/mihon/kpis/P1-1/?fy=2024">現在の値を見る</a>' in markup
    assert "令和6年度までの累計は12件" in said(page)


def test_year_outside_the_plan_is_not_found(planner, total):
    assert planner.get("/plans/mihon/kpis/P1-1/?fy=2030").status_code == 404


def test_revised_target_is_told_with_its_reason(planner, total):
    FinalTarget.objects.create(kpi=total, effective_from=2026, value=Decimal(80), reason="上方修正")
    text = said(planner.get("/plans/mihon/kpis/P1-1/"))

    assert "最終目標 50件 あと29件" in text
    assert "令和8年度から 80件以上（上方修正）" in text


@pytest.mark.parametrize("years", [1, 5])
def test_page_takes_a_constant_number_of_queries(
    planner, project, kikaku, years, django_assert_num_queries
):
    kpi = make_kpi(project, aggregation="cumulative")
    record(kpi, {2024 + at: final(10, analysis="文") for at in range(years)}, kikaku)

    with django_assert_num_queries(21):
        planner.get("/plans/mihon/kpis/P1-1/?fy=2024")


def test_list_links_each_kpi_in_its_year(planner, total, share):
    page = planner.get("/plans/mihon/kpis/?fy=2024")

    assert 'href="/plans/mihon/kpis/P1-1/?fy=2024"' in main_of(page)
    assert table_row(page, "P1-2") == {
        "評価": "B 概ね順調",
        "実績値": "55.1",
        "累計": "",
        "年度目安": "65.0",
        "最終目標": "65.0",
        "単位": "%",
        "進捗率": "84.8%",
        "達成率": "84.8%",
        "所管課": "未設定",
    }
