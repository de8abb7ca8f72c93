"""A KPI that joins the plan when years are closed already (docs/domain.md, FiscalYearClosing)."""

from fractions import Fraction

from kpis.achievement import Absence
from kpis.progress import load_progress
from kpis.recording import close_years_through
from tests.factories import make_kpi, record


def test_closed_year_says_missing_and_keeps_its_means(strategy, project, kpi, kikaku):
    record(kpi, {2024: 40}, kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    before = load_progress(strategy, 2024).standing
    make_kpi(project, 2)
    after = load_progress(strategy, 2024)

    assert after.kpis[1].absence is Absence.MISSING
    assert (before.kpi_count, after.standing.kpi_count) == (1, 2)
    assert after.standing.achievement_mean == before.achievement_mean == Fraction(80)
    assert after.standing.achievement_count == 1
    assert after.standing.rating == before.rating
