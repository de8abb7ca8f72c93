"""Which projects a year has: what the database is asked is what rows loaded once say."""

import pytest
from django.utils import timezone

from kpis.lookup import projects_in
from kpis.models import FormerPlace
from kpis.progress import load_all_years
from projects.models import FiscalYearClosing, InitiativeListing, ProjectReview
from tests.factories import make_goal, make_initiative, make_kpi, make_project


@pytest.fixture
def plan(strategy, kikaku):
    """Each project is there for a reason of its own; 2024 and 2025 are closed."""
    own, empty, left, between, listed, reviewed, begins = (
        make_project(strategy, f"P{number}", position=9 - number) for number in range(1, 8)
    )
    assert empty.kpis.count() == 0
    moved = make_kpi(own, 1)
    FormerPlace.objects.create(kpi=moved, project=left, number=1, held_until=2024)
    FormerPlace.objects.create(kpi=moved, project=between, number=1, held_until=2026)
    # Moved away only after its life had ended.
    ended = make_kpi(own, 2, last_year=2025)
    FormerPlace.objects.create(kpi=ended, project=begins, number=2, held_until=2026)
    make_kpi(begins, 1, first_year=2028)
    make_initiative(listed)
    InitiativeListing.objects.update(first_year=2025, last_year=2026)
    for project, year in ((reviewed, 2024), (own, 2025)):
        ProjectReview.objects.create(
            project=project, fiscal_year=year, summary="総括", updated_at=timezone.now()
        )
    make_goal(strategy)
    for year in (2024, 2025):
        FiscalYearClosing.objects.create(
            strategy=strategy, fiscal_year=year, closed_at=timezone.now(), closed_by=kikaku
        )
    return strategy


def test_rows_loaded_once_say_what_the_database_says_of_each_year(plan, django_assert_num_queries):
    loaded = load_all_years(plan).projects

    with django_assert_num_queries(0):
        shown = {year: [one.code for one in loaded.shown_in(year)] for year in plan.years}
        assert {one.pillar.name for one in loaded.projects} == {"しごとの創生"}
    assert shown == {
        2024: ["P7", "P6", "P3"],
        2025: ["P7", "P5", "P4", "P1"],
        2026: ["P6", "P5", "P4", "P2"],
        2027: ["P6", "P2", "P1"],
        2028: ["P7", "P6", "P2", "P1"],
    }
    for year, codes in shown.items():
        asked = projects_in(plan, year).order_by("position", "code")
        assert [one.code for one in asked] == codes
