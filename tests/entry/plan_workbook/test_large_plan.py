"""A 総合計画 of 6 goals, 42 measures, 133 projects and 200 indicators with mixed rules.

All of it with `--large` (`make large`), else a part of it.
"""

import pytest
from django.db import transaction

from kpis.models import Kpi
from kpis.series import load_series
from projects.models import Initiative, InitiativeListing, Pillar, Project
from tests.large_plan_workbook import KINDS, KPIS, PROJECTS, RECORDED, large_sheets
from tests.plan_workbooks import content_of, exported, looked, sheets_of, taken

# By hand, of each kind in turn, in 2024, 2025 and 2026: 達成率, 進捗率 and the mark.
# Until 2025 rates are rounded and marks read from 達成率; then they are cut, from 進捗率.
FIGURES = (
    # 48, 60 and 61 of 80, which is also what each year is to reach
    (("60.0%", "60.0%", "C"), ("75.0%", "75.0%", "C"), ("76.2%", "76.2%", "C")),
    # 90, 210 and 290 of 500; 100, 200 and 300 are due
    (("18.0%", "90.0%", "C"), ("42.0%", "105.0%", "C"), ("58.0%", "96.6%", "B")),
    # 10 over 17.5, 16 and 12.5
    (("57.1%", "57.1%", "C"), ("62.5%", "62.5%", "C"), ("80.0%", "80.0%", "B")),
    # from 100 on: -5, 30 and 80 of 100; 20, 40 and 60 are due
    (("-5.0%", "-25.0%", "C"), ("30.0%", "75.0%", "C"), ("80.0%", "133.3%", "A")),
    # 2 less 290, 250 and 210 over 200; over 280, 260 and 240
    (("55.0%", "96.4%", "C"), ("75.0%", "103.8%", "C"), ("95.0%", "112.5%", "A")),
)
# The first six by position: ↗ what is due is reached, → the baseline, ↘ neither.
POSITIONS = ("→→→", "↘↗↘", "→→→", "↘→↗", "→↗↗", "→→→")


@pytest.fixture
def size(request):
    """How many projects and KPIs."""
    return (PROJECTS, KPIS) if request.config.getoption("--large") else (7, 12)


def figures(series):
    """What is shown of a KPI in the recorded years."""
    for year in RECORDED:
        found = series.assess(year)
        rates = [
            found.rules.rate_number(rate, minus="-", separator="") + "%"
            for rate in (found.achievement, found.progress)
        ]
        yield (*rates, found.rating.symbol if found.rating else "")


def test_large_plan_comes_in_and_out_again_with_its_figures(db, size):
    projects, kpis = size
    content = content_of(large_sheets(projects, kpis))
    with transaction.atomic():
        assert looked(content).problems == []
        plan = taken(content)
        counts = [model.objects.count() for model in (Pillar, Project, Kpi, Initiative)]
        assert counts == [6, projects, kpis, projects]
        assert InitiativeListing.objects.count() == projects + (projects + 2) // 4
        first = exported(plan)
        transaction.set_rollback(True)
    plan = taken(first)

    assert exported(plan) == first
    for sheets in (first, content):
        assert looked(sheets).changes == []
    series = load_series(plan)
    for one in series:
        at = place_of(one.definition, projects)
        shown = [*figures(one)]
        expected = FIGURES[at % len(KINDS)]
        if at < len(POSITIONS):
            marks = POSITIONS[at]
            expected = [(*rates, marks[year]) for year, (*rates, _mark) in enumerate(expected)]
        assert shown == [*expected], one.definition.code
    assert len(series) == kpis
    assert len(sheets_of(first)["実績"]) == 1 + kpis * len(RECORDED)


def place_of(definition, projects):
    """Which of the workbook's KPIs one is, from 0."""
    code, _dash, number = definition.code.rpartition("-")
    return int(code.removeprefix("S")) - 1 + (int(number) - 1) * projects
