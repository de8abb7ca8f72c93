"""A page works out what a KPI's year comes to once, however often it says so."""

from collections import Counter

import pytest

from kpis import series
from kpis.recording import close_years_through
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.made_once import made_once

P1 = ["P1-1", "P1-2"]
ALL = [*P1, "P2-1"]
UP_TO_2026 = [2024, 2025, 2026]
PLAN = [*UP_TO_2026, 2027, 2028]

# What each page has to know: of which KPIs and years.
PAGES = {
    "/plans/mihon/?fy=2026": (ALL, UP_TO_2026),
    "/plans/mihon/?fy=2026&view=meeting": (ALL, UP_TO_2026),
    "/plans/mihon/projects/?fy=2026": (ALL, [2025, 2026]),
    "/plans/mihon/projects/P1/?fy=2026": (P1, PLAN),
    "/plans/mihon/projects/P1/": (P1, PLAN),
    "/plans/mihon/kpis/?fy=2026": (ALL, [2026]),
    "/plans/mihon/kpis/P1-2/?fy=2026": (["P1-2"], PLAN),
    "/plans/mihon/entry/2026/": (ALL, [2026]),
    "/plans/mihon/entry/2026/P1-2/": (["P1-2"], [2026]),
    "/plans/mihon/reports/": ([], []),
    "/plans/mihon/reports/2026/": (ALL, UP_TO_2026),
    "/plans/mihon/reports/2026/annual-report.csv": (ALL, UP_TO_2026),
    "/plans/mihon/reports/2026/annual-report.pdf": (ALL, UP_TO_2026),
    "/plans/mihon/reports/2024/issue/": ([], []),
}


@pytest.fixture
@made_once
def plan(kikaku):
    strategy = make_strategy()
    for code, count in (("P1", 2), ("P2", 1)):
        project = make_project(strategy, code)
        for number in range(1, count + 1):
            kpi = make_kpi(project, number, target=100, aggregation="cumulative")
            record(kpi, {2024: 20, 2025: 30, 2026: 10}, kikaku)
    close_years_through(strategy, 2024, user=kikaku)


@pytest.fixture
def planner(planner, plan):
    """The planner's browser, in a plan in use."""
    return planner


@pytest.mark.parametrize(("path", "kpis", "years"), [(path, *of) for path, of in PAGES.items()])
def test_page_assesses_each_kpi_and_year_once(planner, monkeypatch, path, kpis, years):
    assessed = Counter()

    def counted(definition, rules, fiscal_year, **facts):
        assessed[definition.code, fiscal_year] += 1
        return assess(definition, rules, fiscal_year, **facts)

    assess = series.assess
    monkeypatch.setattr(series, "assess", counted)
    response = planner.get(path)

    assert response.status_code == 200
    assert assessed == Counter((kpi, year) for kpi in kpis for year in years)
