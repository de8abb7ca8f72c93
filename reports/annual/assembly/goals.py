"""The 数値目標 of a report, apart from projects and their KPIs."""

from collections.abc import Mapping
from typing import Any

from kpis.progress import StrategyProgress
from kpis.series import KpiSeries
from reports.annual.assembly.kpis import Texts, ended_among, report_kpis
from reports.annual.assembly.standings import plan_standing
from reports.annual.document import ReportGoals
from reports.goal_figures import goals_sentence


def report_goals(
    progress: StrategyProgress, texts: Texts, ever: Mapping[int, KpiSeries]
) -> dict[str, Any]:
    """The columns of a report that are about 数値目標; none for a plan that never had any."""
    if not progress.goals_ever:
        return {}
    year = progress.fiscal_year
    standing = plan_standing(progress.goal_standing, progress.rules)
    return {
        "goals": tuple(
            ReportGoals(
                code=holder.project.code,
                name=holder.project.name,
                pillar=holder.project.pillar.name if holder.project.pillar else "",
                kpis=report_kpis(holder.series, year, texts, ever),
            )
            for holder in progress.goals
        ),
        "goals_by_band": standing.by_band if progress.goals else (),
        "goals_sentence": goals_sentence(progress),
        "ended_goals": ended_among(progress.goals_ever, year, texts, ever),
    }
