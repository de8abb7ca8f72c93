"""The admin's list of projects: where each stands in the year that a filter chooses."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.progress import load_progress
from kpis.recording import close_years_through
from tests.factories import make_kpi, make_plan, make_project, make_strategy, record

LIST = reverse("admin:projects_project_changelist")


def cells(page) -> dict[str, tuple[str, ...]]:
    """{"P1": (評価, 進捗率, 達成率, 指標)}, as a person reads the list."""
    admin = page.context["cl"].model_admin
    names = ("rating", "progress", "achievement", "kpis_with_rate")
    return {
        row.code: tuple(getattr(admin, name)(row) for name in names)
        for row in page.context["cl"].result_list
    }


@pytest.fixture
def measured(project, kikaku):
    """P1: two KPIs of 2025 (90 % and beyond 100 %) and one without; P2: none at all."""
    record(make_kpi(project, 1), {2024: 40, 2025: 45}, kikaku)
    record(make_kpi(project, 2), {2025: 80}, kikaku)
    make_kpi(project, 3)
    make_project(project.strategy, "P2")
    return project


def test_list_shows_both_means_the_mark_and_how_many_kpis_have_a_rate(planner, measured):
    page = planner.get(LIST)

    assert "プロジェクト（令和7年度の実績と評価）" in page.content.decode()
    assert cells(page) == {
        "P1": ("B 概ね順調", "95.0%", "95.0%", "2／3指標"),
        "P2": ("－", "－", "－", "0／0指標"),
    }
    assert "2／3指標" in page.content.decode()


def test_project_that_is_not_in_a_closed_year_has_no_figures_in_it(planner, measured, kikaku):
    close_years_through(measured.strategy, 2025, user=kikaku)

    assert cells(planner.get(LIST)) == {
        "P1": ("B 概ね順調", "95.0%", "95.0%", "2／3指標"),
        "P2": ("－", "－", "－", "0／0指標"),
    }


def test_list_shows_the_year_asked_for(planner, measured):
    page = planner.get(LIST, {"fy": "2024", "plan": "all"})

    assert "プロジェクト（令和6年度の実績と評価）" in page.content.decode()
    assert cells(page)["P1"] == ("B 概ね順調", "80.0%", "80.0%", "1／3指標")


def test_two_means_differ_where_the_years_goal_does(planner, project, kikaku):
    kpi = make_kpi(project, 1, target=100, aggregation="cumulative")
    record(kpi, {2024: 10}, kikaku)

    assert cells(planner.get(LIST))["P1"] == ("D 遅れ", "50.0%", "10.0%", "1／1指標")


def test_rating_follows_the_plans_basis(planner, project, kikaku):
    record(make_kpi(project, 1, target=100, aggregation="cumulative"), {2024: 20}, kikaku)
    assert cells(planner.get(LIST))["P1"][0] == "A 順調"

    project.strategy.rating_basis = "achievement"
    project.strategy.save()

    assert cells(planner.get(LIST))["P1"][0] == "D 遅れ"


def test_list_says_what_the_dashboard_says(planner, kikaku):
    strategy = make_plan(kikaku, projects=3, kpis=3)
    standing = {one.project.code: one.standing for one in load_progress(strategy, 2025).projects}

    listed = cells(planner.get(LIST, {"fy": "2025"}))

    assert {code: shown[3] for code, shown in listed.items()} == {
        code: f"{one.progress_count}／{one.kpi_count}指標" for code, one in standing.items()
    }
    assert {code: shown[0] for code, shown in listed.items()} == {
        code: one.rating.text for code, one in standing.items()
    }


def test_projects_of_another_plan_stand_in_their_own_year(planner, measured, kikaku):
    former = make_strategy(code="former", first_year=2019, last_year=2023, is_current=False)
    record(make_kpi(make_project(former, "P7"), 1), {2019: Decimal(25)}, kikaku)

    page = planner.get(LIST, {"fy": "2024", "plan": "all"})

    assert "プロジェクト（令和6年度の実績と評価）" in page.content.decode()
    assert cells(page)["P7"] == ("D 遅れ", "50.0%", "50.0%", "1／1指標")


def titles_and_years(planner, **query) -> tuple[str, list[str]]:
    """The list's title and the years that its filter offers, for the projects of all plans."""
    page = planner.get(LIST, query | {"plan": "all"})
    (years,) = [one for one in page.context["cl"].filter_specs if one.title == "実績の年度"]
    return page.context["cl"].title, [year for year, _name in years.lookup_choices]


def test_title_names_no_year_where_those_of_the_plans_differ(planner, measured, kikaku):
    former = make_strategy(code="former", first_year=2021, last_year=2024, is_current=False)
    kpi = make_kpi(make_project(former, "P7"), 1)
    record(kpi, {2023: Decimal(25)}, kikaku)

    assert titles_and_years(planner) == (
        "プロジェクト（各計画の最新の年度の実績と評価）",
        [str(year) for year in range(2021, 2029)],
    )
    assert titles_and_years(planner, fy="2023")[0] == "プロジェクト（令和5年度の実績と評価）"
    assert titles_and_years(planner, fy="2024")[0] == "プロジェクト（令和6年度の実績と評価）"
    assert titles_and_years(planner, fy="2030")[0] == (
        "プロジェクト（各計画の最新の年度の実績と評価）"
    )
    own = planner.get(LIST).context["cl"]
    assert own.title == "プロジェクト（令和7年度の実績と評価）"


def test_title_names_the_year_that_all_plans_of_the_page_stand_in(planner, measured):
    make_project(make_strategy(code="beside", first_year=2025, is_current=False), "P7")

    assert titles_and_years(planner, fy="2025")[0] == "プロジェクト（令和7年度の実績と評価）"
    assert titles_and_years(planner, q="P7", fy="2024")[0] == (
        "プロジェクト（令和7年度の実績と評価）"
    )


def test_manager_reads_the_list(client, kanri, measured):
    kanri.is_staff = True
    kanri.save()
    client.force_login(kanri)

    assert cells(client.get(LIST))["P1"][3] == "2／3指標"


@pytest.mark.parametrize("projects", [1, 3])
def test_list_takes_a_constant_number_of_queries(
    planner, kikaku, projects, django_assert_num_queries
):
    make_plan(kikaku, projects=projects)

    with django_assert_num_queries(18):
        page = planner.get(LIST)

    assert len(cells(page)) == projects
