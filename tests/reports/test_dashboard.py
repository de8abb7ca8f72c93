"""What the dashboard says beside its figures."""

import pytest

from kpis.progress import load_progress
from projects.models import Strategy
from reports.dashboard_figures import MOST_KPIS, OutlookCounts, kpi_years, outlook_counts
from reports.sentences import outlook_sentence
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import bare, table_row


@pytest.fixture
def progress(db, kikaku):
    """progress(2025, {2024: 50, 2025: 80}, …) → a year of a plan with KPIs of 100 each."""

    def make(year, *years, **fields):
        strategy = make_strategy()
        project = make_project(strategy)
        for number, values in enumerate(years, 1):
            record(make_kpi(project, number, target=100, **fields), values, kikaku)
        return load_progress(strategy, year)

    return make


@pytest.fixture
def shown(client, kikaku):
    """shown({2024: 50, 2025: 80}, …) → the dashboard of FY2025 with KPIs of these years."""

    def make(*years):
        project = make_project(make_strategy())
        for number, values in enumerate(years, 1):
            record(make_kpi(project, number, target=100), values, kikaku)
        client.force_login(kikaku)
        return client.get("/plans/mihon/?fy=2025").content.decode()

    return make


def test_change_stands_beside_the_year_before(shown):
    html = shown({2024: 50, 2025: 80})

    assert "1指標中1指標の平均" in html
    assert "前年度 50.0%（30.0ポイント増）" in html


def test_means_of_different_numbers_of_kpis_are_not_subtracted(shown):
    html = shown({2024: 50, 2025: 80}, {2024: 70})

    assert "2指標中1指標の平均" in html
    assert "前年度 60.0%（2指標の平均）" in html
    assert "ポイント" not in html


def test_ratings_stand_year_by_year_up_to_the_pages_own(client, shown):
    shown({2024: 50, 2025: 100})
    row = table_row(client.get("/plans/mihon/?fy=2026"), "P1-1")

    assert {year: cell for year, cell in row.items() if year.startswith("令和")} == {
        "令和6": "D 50.0%",
        "令和7": "A 100.0%",
        "令和8": "未入力",
        "令和9": "・ これから",
        "令和10": "・ これから",
    }


def test_project_stands_beside_the_year_before(progress):
    (row,) = progress(2025, {2024: 50, 2025: 80}, {2024: 70, 2025: 100}).projects

    assert row.previous.progress_mean == 60
    assert [year.rating_rate for year in row.years] == [60, 90]
    assert [year.rating.symbol for year in row.years] == ["C", "B"]


def test_first_year_has_none_before(progress):
    (row,) = progress(2024, {2024: 50}).projects

    assert row.previous is None


def test_outlook_counts_who_will_make_it(progress):
    outlook = outlook_counts(progress(2025, {2024: 90, 2025: 100}, {2025: 99}, {2024: 100}))

    assert outlook == OutlookCounts(reached=1, missed=1, unknown=1, is_final=False)


def test_last_year_has_nothing_left_to_estimate(progress):
    outlook = outlook_counts(progress(2028, {2028: 100}))

    assert outlook == OutlookCounts(0, 0, 1, is_final=True)


def test_plan_of_many_kpis_leaves_their_table_to_its_own_page(progress):
    assert len(kpi_years(progress(2025, *[{}] * MOST_KPIS))) == MOST_KPIS
    Strategy.objects.update(is_current=False, code="before")
    assert kpi_years(progress(2025, *[{}] * (MOST_KPIS + 1))) == []


@pytest.mark.parametrize(
    ("reached", "missed", "unknown", "sentence"),
    [
        (0, 0, 16, ""),
        (0, 15, 1, "このまま進むと、令和10年度に最終目標に届く見込みの指標はありません。"),
        (1, 15, 0, "このまま進むと、令和10年度に1指標が最終目標に届く見込みです。"),
        (16, 0, 0, "このまま進むと、令和10年度にすべての指標が最終目標に届く見込みです。"),
        (
            15,
            0,
            1,
            "このまま進むと、令和10年度に推計できる15指標のすべてが最終目標に届く見込みです。",
        ),
    ],
)
def test_outlook_is_said_in_a_sentence(reached, missed, unknown, sentence):
    outlook = OutlookCounts(reached, missed, unknown, is_final=False)

    assert outlook_sentence(outlook, 2028) == sentence


def test_page_says_what_moved_what_is_behind_and_what_is_missing(shown):
    html = shown({2024: 50, 2025: 100}, {2024: 100, 2025: 50}, {2024: 80})

    assert "↑ 上がった" in html
    assert "D 50.0% → A 100.0%" in html
    assert "↓ 下がった" in html
    assert "A 100.0% → D 50.0%" in html
    assert "50件 ／ 目安 100件" in html
    assert "まだ入力されていない指標が1件あります。" in html


@pytest.mark.parametrize("view", ["", "meeting"])
def test_who_rates_by_achievement_sees_the_target_of_what_is_behind(client, shown, view):
    shown({2024: 80, 2025: 50})
    Strategy.objects.update(rating_basis="achievement")
    page = client.get(f"/plans/mihon/?fy=2025&view={view}")

    assert "50件／最終目標100件以上" in bare(page)
    assert "／目安" not in bare(page)


def test_year_has_its_day_and_the_last_change(shown):
    assert "時点：令和8年3月31日（令和7年度末） ／ 更新：" in shown({2025: 80})


def test_meeting_view_has_the_figures_without_the_rest(client, shown):
    shown({2024: 50, 2025: 80})
    html = client.get("/plans/mihon/?fy=2025&view=meeting").content.decode()

    assert "会議用を終わる" in html
    assert "80.0%" in html
    assert "?fy=2024&amp;view=meeting" in html
    assert client.get("/plans/mihon/?view=wall").status_code == 404


def test_year_without_a_rating_is_neither_good_nor_bad_news(client, shown):
    shown({2025: 80})
    html = client.get("/plans/mihon/?fy=2026").content.decode()

    assert "令和8年度は、評価のある指標がまだありません。" in html
    assert "推計できる指標はまだありません。" in html
    assert "遅れている指標はありません" not in html


def test_kpi_is_opened_in_the_pages_own_year(client, shown):
    shown({2024: 50, 2025: 80})

    assert (
        '<a href="/plans/mihon/kpis/P1-1/?fy=2024">'
        in client.get("/plans/mihon/?fy=2024").content.decode()
    )
