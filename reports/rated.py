"""What of ratings there is to show: a page keeps no place for what a plan doesn't rate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kpis.assessment import KpiAssessment
from kpis.progress import StrategyProgress
from kpis.terms import RatingTerms
from reports.annual.document import AnnualReport


@dataclass(frozen=True, slots=True)
class Rated:
    """Whether KPIs, projects and (by outside experts) projects are rated in a page's year.

    `kpi_years` and `project_years` say it of any of the years that stand beside each other.
    `column` is the head of the column that has a KPI's rating or, where none is rated, what is
    missing (状態); empty where there is neither.
    """

    kpis: bool
    projects: bool
    experts: bool
    kpi_years: bool
    project_years: bool
    column: str


def rated_in(progress: StrategyProgress) -> Rated:
    """What is rated in a year of a plan, and in those before it."""
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    in_force = [progress.rules.in_year(year) for year in years]
    found = rated_of((*progress.kpis, *progress.goal_kpis), progress.rules)
    return replace(
        found,
        kpi_years=found.kpis or any(one.scale.rates for one in in_force),
        project_years=any(one.project_scale.rates for one in in_force),
    )


def rated_of(kpis: Sequence[KpiAssessment], rules: RatingTerms) -> Rated:
    """The same of some KPIs in a year that stands alone."""
    is_kpi = any(kpi.scale.rates for kpi in kpis)
    return Rated(
        kpis=is_kpi,
        projects=rules.project_scale.rates,
        experts=rules.external_scale.rates,
        kpi_years=is_kpi,
        project_years=rules.project_scale.rates,
        column=column_of(kpis),
    )


def rated_in_report(report: AnnualReport) -> Rated:
    """The same of a report, which shows no years beside each other."""
    is_kpi = any(kpi.scale_in(report.fiscal_year, report).rates for kpi in report.all_kpis)
    is_missing = any(kpi.latest.absence_label for kpi in report.all_kpis)
    return Rated(
        kpis=is_kpi,
        projects=report.project_scale.rates,
        experts=report.external_scale.rates,
        kpi_years=is_kpi,
        project_years=report.project_scale.rates,
        column=_column(is_rated=is_kpi, is_missing=is_missing),
    )


def column_of(kpis: Iterable[KpiAssessment]) -> str:
    """評価 where any of some KPIs is rated, 状態 where one only has something missing, else ''."""
    shown = list(kpis)
    is_missing = any(kpi.why_nothing for kpi in shown)
    is_rated = any(kpi.scale.rates for kpi in shown)
    return _column(is_rated=is_rated, is_missing=is_missing)


def own_rated(kpis: Iterable[KpiAssessment], rules: RatingTerms) -> tuple[str, ...]:
    """The codes of KPIs that are rated otherwise than the plan's others."""
    return tuple(kpi.definition.code for kpi in kpis if kpi.scale != rules.scale)


def own_rated_in(report: AnnualReport) -> tuple[str, ...]:
    """The same of the KPIs of a report in its year."""
    year = report.fiscal_year
    return tuple(kpi.code for kpi in report.all_kpis if kpi.scale_in(year, report) != report.scale)


def _column(*, is_rated: bool, is_missing: bool) -> str:
    return "評価" if is_rated else "状態" if is_missing else ""
