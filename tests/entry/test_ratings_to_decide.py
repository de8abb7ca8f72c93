"""What people have still to propose and to decide: overview, work, reminders, closing check."""

import pytest

from entry.closing_check import check_closing
from kpis.models import YearlyActual
from kpis.open_work.by_department import load_overview
from kpis.recording import ReviewEntry, close_years_through, record_project_review
from tests.factories import assign, final, make_kpi, make_source, record
from tests.page_text import text_of
from tests.rated_otherwise import rate_otherwise

PROPOSED = {"proposed_place": 2, "proposal_reason": "見込みどおり"}


@pytest.fixture
def judged(project, tantou, kikaku):
    """A plan in which people rate: P1-1 is unproposed, P1-2 proposed, P1-3 decided, P1-4 missing.

    P1-5 has its figure from another plan, and no proposal either.
    """
    strategy = rate_otherwise(project.strategy, "by people")
    kpis = [make_kpi(project, number) for number in range(1, 6)]
    assign(kpis[0], tantou)
    for kpi in kpis[1:]:
        kpi.department = kpis[0].department
        kpi.save()
    record(make_source(kpis[4]), {2025: 9}, kikaku)
    record(kpis[0], {2025: 9}, kikaku)
    record(kpis[1], {2025: final(9, **PROPOSED)}, kikaku)
    record(kpis[2], {2025: final(9, **PROPOSED, decided_place=2)}, kikaku)
    return strategy


def codes(lines):
    return [one.code for one in lines]


def test_overview_knows_what_is_to_be_proposed_and_decided(judged):
    overview = load_overview(judged, 2025)
    (department,) = overview.departments

    assert overview.is_judged
    assert codes(department.unproposed) == ["P1-1", "P1-5"]
    assert codes(department.undecided) == ["P1-1", "P1-2", "P1-5"]
    assert [one.rating_note for one in department.undecided] == ["案もまだ", "案あり", "案もまだ"]
    assert codes(overview.total.undecided) == ["P1-1", "P1-2", "P1-5"]
    assert codes(department.missing) == ["P1-4"]


def test_plan_without_peoples_ratings_has_none_of_it(kpi, kikaku):
    record(kpi, {2025: 9}, kikaku)
    overview = load_overview(kpi.project.strategy, 2025)

    assert not overview.is_judged
    assert (overview.total.unproposed, overview.total.undecided) == ((), ())


def test_mark_that_the_scale_has_no_more_is_none(judged):
    YearlyActual.objects.filter(kpi__number=3).update(decided_place=7)

    assert codes(load_overview(judged, 2025).total.undecided) == ["P1-1", "P1-2", "P1-3", "P1-5"]


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_a_constant_number_of_queries(judged, count, django_assert_num_queries):
    for number in range(count):
        make_kpi(judged.projects.get(), 10 + number)

    with django_assert_num_queries(8):
        load_overview(judged, 2025)


def test_page_of_the_overview_counts_what_is_undecided(judged, planner):
    html = text_of(planner.get("/plans/mihon/entry/2025/overview/"))

    assert "、評価未定は3指標です。" in html
    assert "<small>案がまだ2</small>" in html


def test_reminder_asks_for_the_proposal(judged, planner):
    html = text_of(planner.get("/plans/mihon/entry/2025/reminders/D01/"))

    assert "<b>評価の案がまだの2指標</b>" in html
    assert "■ 評価の案がまだの指標\n・P1-1 指標1\n・P1-5 指標5\n" in html


def test_list_of_work_names_the_proposals(judged, editor):
    html = text_of(editor.get("/work/"))

    assert html.count("評価の案がまだ</span>") == 2
    assert "評価の案がまだの指標は2です。" in html


def test_planner_sees_the_number_of_undecided_ones(judged, planner):
    html = text_of(planner.get("/work/"))

    assert "評価未定の指標は3です。" in html
    assert "評価の案がまだ2" in html


def test_closing_names_what_is_undecided_and_closes_all_the_same(judged, planner, kikaku):
    check = check_closing(judged, 2025)
    html = text_of(planner.get("/plans/mihon/entry/2025/close/"))

    assert codes(check.figures.undecided) == ["P1-1", "P1-2", "P1-5"]
    assert [str(one) for one in check.without_rating] == ["P1 P1プロジェクト"]
    assert "<h2>評価未定 <small>3指標</small></h2>" in html
    assert "案もまだ" in html
    assert "評価を決めていないプロジェクト" in html
    assert close_years_through(judged, 2025, user=kikaku)[-1].fiscal_year == 2025


def test_everything_is_there_once_all_is_decided(project, kikaku):
    strategy = rate_otherwise(project.strategy, "by people")
    kpi = make_kpi(project)
    record(kpi, {2025: final(9, decided_place=1)}, kikaku)
    assert not check_closing(strategy, 2025).is_complete

    entry = ReviewEntry("総括", rating_place=1, rating_reason="伸びた")
    record_project_review(project, 2025, entry, user=kikaku, version=0)
    assert check_closing(strategy, 2025).is_complete
