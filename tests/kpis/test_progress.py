"""Where the strategy stands: means, counts, what is behind and what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState
from kpis.progress import load_progress
from kpis.recording import ActualEntry, close_years_through
from reports.sentences import headline
from tests.factories import make_kpi, make_project, record

PENDING = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))


@pytest.fixture
def recorded(strategy, kikaku):
    """recorded(2025, 120, 70, None) → one project with KPIs at these shares of 100."""

    def make(year, *values, code="P1"):
        project = make_project(strategy, code)
        for number, value in enumerate(values, 1):
            kpi = make_kpi(project, number, target=100, name=f"指標{code}-{number}")
            if value is not None:
                record(kpi, {year: value}, kikaku)
        return load_progress(strategy, year)

    return make


def counts(standing):
    return {band.symbol if band else "－": count for band, count in standing.by_band}


def test_mean_caps_each_kpi_and_says_how_many_it_is_made_of(recorded):
    standing = recorded(2025, 120, 70, None).standing

    assert (standing.progress_mean, standing.progress_count, standing.kpi_count) == (85, 2, 3)
    assert (standing.achievement_mean, standing.achievement_count) == (85, 2)
    assert counts(standing) == {"A": 1, "B": 0, "C": 1, "D": 0, "－": 1}
    assert standing.rating.symbol == "B"


def test_strategys_mean_is_over_kpis_not_projects(recorded):
    recorded(2025, 100, 100, 100, code="P1")
    progress = recorded(2025, 0, code="P2")

    assert [project.standing.progress_mean for project in progress.projects] == [100, 0]
    assert progress.standing.progress_mean == 75


def test_project_without_rates_has_no_mean_and_no_rating(recorded):
    standing = recorded(2025, None, PENDING).standing

    assert (standing.progress_mean, standing.achievement_mean, standing.rating) == (
        None, None, None,
    )  # fmt: skip


def test_cap_can_be_lifted(strategy, recorded):
    strategy.average_cap = None
    strategy.save()

    assert recorded(2025, 120, 70).standing.progress_mean == 95


def test_behind_comes_worst_first_and_missing_before_pending(recorded):
    progress = recorded(2025, 70, 30, PENDING, None, 100)

    assert [kpi.definition.code for kpi in progress.behind] == ["P1-2", "P1-1"]
    assert [kpi.definition.code for kpi in progress.without_rating] == ["P1-4", "P1-3"]


def test_year_before_stands_beside(strategy, kikaku):
    kpi = make_kpi(make_project(strategy), target=100)
    record(kpi, {2024: 50, 2025: 80}, kikaku)

    assert load_progress(strategy, 2025).previous.progress_mean == 50
    assert load_progress(strategy, 2024).previous is None


def test_page_opens_on_the_latest_closed_year(strategy, kikaku):
    kpi = make_kpi(make_project(strategy), target=100)
    record(kpi, {2024: 50, 2025: 80}, kikaku)

    assert load_progress(strategy).fiscal_year == 2025
    close_years_through(strategy, 2024, user=kikaku)
    assert load_progress(strategy).fiscal_year == 2024


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((), "指標がまだ登録されていません。"),
        (
            (None, None),
            "2指標のどれにも、この年度の評価はまだありません。まだ入力されていない指標が2件あります。",
        ),
        ((100, 110), "2指標のすべてが「順調」です。"),
        ((10,), "1指標のすべてが「遅れ」です。"),
        (
            (100, 10),
            "2指標のうち、1指標が「順調」、1指標が「遅れ」です。「遅れ」は「指標P1-2」です。",
        ),
        (
            (100, 10, 20),
            "3指標のうち、1指標が「順調」、2指標が「遅れ」です。「遅れ」は「指標P1-2」「指標P1-3」の2指標です。",
        ),
        (
            (100, 10, 20, 30),
            (
                "4指標のうち、1指標が「順調」、3指標が「遅れ」です。"
                "「遅れ」は「指標P1-2」「指標P1-3」など3指標です。"
            ),
        ),
        (
            (100, PENDING),
            "2指標のうち、1指標が「順調」です。評価のない指標が1件あります（集計中）。",
        ),
        (
            (100, PENDING, None),
            "3指標のうち、1指標が「順調」です。評価のない指標が2件あり、うち1件は未入力です。",
        ),
    ],
)
def test_headline_reads_as_a_manager_would_say_it(recorded, values, sentence):
    assert headline(recorded(2025, *values)) == sentence


def test_bound_is_judged_before_rounding(strategy, kikaku):
    kpi = make_kpi(make_project(strategy), target=10000)
    record(kpi, {2025: 9996}, kikaku)
    progress = load_progress(strategy, 2025)

    assert progress.kpis[0].rating.symbol == "B"
    assert progress.kpis[0].progress == Decimal("99.96")
