"""The report's document: the same figures as the screen, names and counts copied in."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState
from kpis.progress import load_progress
from kpis.recording import ActualEntry
from projects.models import InitiativeListing
from reports.annual.assembly import assemble_report
from tests.factories import (
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    record,
)


@pytest.fixture
def strategy(db, kikaku):
    strategy = make_strategy()
    first, second = make_project(strategy, "P1", purpose="目的"), make_project(strategy, "P2")
    cumulative = make_kpi(
        first, 1, target=50, aggregation="cumulative", department=make_department("D01")
    )
    record(cumulative, {2024: 12, 2025: final(9, analysis="説明", next_steps="次")}, kikaku)
    pending = make_kpi(first, 2, target=65, unit="%", decimal_places=1)
    record(
        pending,
        {2024: "55.1", 2025: ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))},
        kikaku,
    )
    shared = make_initiative(first, 1, name="共通の取組")
    InitiativeListing.objects.create(project=second, number=3, initiative=shared)
    return strategy


def report_of(strategy, year=2025):
    return assemble_report(strategy, load_progress(strategy, year, with_texts=True))


def test_figures_are_those_of_the_rules(strategy):
    latest = report_of(strategy).kpis[0].latest

    assert (latest.actual, latest.total, latest.expected) == (9, 21, 20)
    assert (latest.achievement, latest.progress) == (Decimal(42), Decimal(105))
    assert (latest.rating_symbol, latest.rating_label) == ("A", "順調")
    assert (latest.absence_code, latest.absence_label, latest.remarks) == (0, "", ())
    assert (latest.analysis, latest.next_steps) == ("説明", "次")


def test_every_year_up_to_the_reports_is_in_it(strategy):
    assert [year.fiscal_year for year in report_of(strategy, 2026).kpis[0].years] == [
        2024, 2025, 2026,
    ]  # fmt: skip


def test_year_without_a_rate_says_why(strategy):
    latest = report_of(strategy).kpis[1].latest

    assert (latest.actual, latest.total, latest.progress) == (None, None, None)
    assert (latest.state, latest.absence_code, latest.absence_label) == ("pending", 2, "集計中")
    assert latest.remarks == ("集計中（令和8年8月20日の予定）",)


def test_initiatives_are_counted_once_and_point_to_their_home(strategy):
    report = report_of(strategy)
    (home,), (again,) = (project.initiatives for project in report.projects)

    assert (report.initiative_count, report.relisted_count) == (1, 1)
    assert (home.is_relisted, home.relisted_in) == (False, ("P2",))
    assert (again.is_relisted, again.home_code, again.home_number) == (True, "P1", 1)


def test_means_are_those_of_the_dashboard(strategy):
    report, progress = report_of(strategy), load_progress(strategy, 2025)

    assert report.standing.progress_mean == progress.standing.progress_mean == 100
    assert report.standing.by_band == (
        ("A", "順調", 1),
        ("B", "概ね順調", 0),
        ("C", "やや遅れ", 0),
        ("D", "遅れ", 0),
        ("－", "評価なし", 1),
    )
    assert report.previous.achievement_mean == Decimal("54.384615384615")


def test_names_are_copied_in(strategy):
    report = report_of(strategy)

    assert report.kpis[0].department == "D01課"
    assert (report.projects[0].purpose, report.projects[0].pillar) == ("目的", "しごとの創生")
    assert (report.is_draft, report.is_sample, report.fiscal_year) == (True, False, 2025)
