"""Assembles the `AnnualReport` of a strategy and fiscal year from the database.

A constant number of queries, whatever the size of the plan.
"""

from collections import Counter
from datetime import datetime
from fractions import Fraction

from django.conf import settings
from django.utils import timezone

from kpis.achievement import as_decimal
from kpis.assessment import RULES_VERSION, KpiAssessment
from kpis.progress import StrategyProgress
from kpis.terms import PlanRules, RuleChange, terms_of
from projects.models import Strategy
from projects.scales import Basis
from reports.annual.assembly.goals import report_goals
from reports.annual.assembly.initiatives import initiatives_of_year, status_counts
from reports.annual.assembly.kpis import ended_kpis, report_kpis, revisions_of
from reports.annual.assembly.lives import kpi_lives
from reports.annual.assembly.outcome import outcome_of
from reports.annual.assembly.rows import NO_REVIEW, PlanRows, load_rows
from reports.annual.assembly.standings import plan_standing, project_standing, report_rating
from reports.annual.comparison import compared
from reports.annual.document import (
    AnnualReport,
    ReportInitiative,
    ReportMovement,
    ReportMovements,
    ReportProject,
    ReportStanding,
)
from reports.annual.serialisation import SCHEMA
from reports.sentences import headline


def assemble_report(
    strategy: Strategy,
    progress: StrategyProgress,
    *,
    edition: int | None = None,
    made_at: datetime | None = None,
    previous: AnnualReport | None = None,
    rows: PlanRows | None = None,
) -> AnnualReport:
    """The report as things stand now: a draft, or what becomes an edition of that number.

    `progress` is that of the report's fiscal year, loaded with its texts.
    `made_at` is now where it isn't given. `previous` is the report that was
    issued before, whose differences the new one lists. `rows` are what else it
    says, where they are loaded already.
    """
    rules = progress.rules
    fiscal_year = progress.fiscal_year
    rows = load_rows(strategy, (fiscal_year,)) if rows is None else rows
    initiatives = initiatives_of_year(strategy, fiscal_year, rows.initiatives)
    listed = [one for listings in initiatives.by_project.values() for one in listings]
    ever = {one.definition.id: one for one in (*progress.ever, *progress.goals_ever)}
    projects = _projects(progress, initiatives.by_project, rows)
    report = AnnualReport(
        schema=SCHEMA,
        rules_version=RULES_VERSION,
        municipality=strategy.municipality,
        municipality_code=strategy.municipality_code,
        office=strategy.office,
        strategy_name=strategy.name,
        words=strategy.words,
        first_year=rules.first_year,
        last_year=rules.last_year_in(fiscal_year),
        fiscal_year=fiscal_year,
        edition=edition,
        is_sample=settings.DEMO,
        made_at=timezone.localtime(made_at).replace(microsecond=0),
        **terms_of(rules),
        standing=plan_standing(progress.standing, rules),
        previous=_previous(progress),
        headline=headline(progress),
        movements=_movements(progress),
        initiative_count=sum(not one.is_relisted for one in listed),
        relisted_count=sum(one.is_relisted for one in listed),
        initiative_statuses=status_counts(listed),
        projects=projects,
        revisions=revisions_of(progress, rows.reasons),
        rules=_rules(rules, fiscal_year),
        outcome=outcome_of(progress),
        lives=(*kpi_lives(progress, rows.texts), *initiatives.lives),
        ended_kpis=ended_kpis(progress, rows.texts, ever),
        **report_goals(progress, rows.texts, ever),
        data_licence=strategy.data_licence,
        contact=strategy.contact,
    )
    return compared(report, previous)


def _rules(rules: PlanRules, fiscal_year: int) -> tuple[RuleChange, ...]:
    """All rules that the years up to the report's were rated by, if they are several."""
    revisions = rules.revised_by(fiscal_year)
    return (rules.changes[0], *revisions) if revisions else ()


def _projects(
    progress: StrategyProgress, initiatives: dict[int, list[ReportInitiative]], rows: PlanRows
) -> tuple[ReportProject, ...]:
    ever = {one.definition.id: one for one in progress.ever}
    is_by_people = progress.rules.project_scale.is_by_people
    projects = []
    for own in progress.projects:
        project = own.project
        said = rows.reviews.get((project.id, progress.fiscal_year), NO_REVIEW)
        listed = initiatives.get(project.id, [])
        projects.append(
            ReportProject(
                code=project.code,
                name=project.name,
                kind_label=project.kind,
                pillar=project.pillar.name if project.pillar else "",
                purpose=project.purpose,
                directions=tuple(rows.directions.get(project.id, ())),
                standing=project_standing(own.standing, progress.rules),
                kpis=report_kpis(own.series, progress.fiscal_year, rows.texts, ever),
                initiatives=tuple(listed),
                initiative_statuses=status_counts(listed),
                review=said.summary,
                external_opinion=said.external_opinion,
                rating_reason=said.rating_reason if is_by_people else "",
                printed_sign=project.printed_sign,
            )
        )
    return tuple(projects)


def _previous(progress: StrategyProgress) -> ReportStanding | None:
    if progress.previous is None:
        return None
    year = progress.fiscal_year - 1
    return plan_standing(progress.previous, progress.rules.in_year(year))


def _movements(progress: StrategyProgress) -> ReportMovements | None:
    if progress.movements is None:
        return None
    basis = progress.rules.rating_basis
    counts = Counter(one.direction for one in progress.movements)
    return ReportMovements(
        up=counts["up"],
        down=counts["down"],
        same=counts["same"],
        incomparable=progress.incomparable,
        moved=tuple(
            ReportMovement(
                code=one.after.definition.code,
                name=one.after.definition.name,
                direction=one.direction,
                before_rate=as_decimal(_rate(one.before, basis)),
                before_rating=report_rating(one.before),
                after_rate=as_decimal(_rate(one.after, basis)),
                after_rating=report_rating(one.after),
            )
            for one in progress.moved
            if one.before is not None
        ),
        reasons=progress.not_compared,
    )


def _rate(kpi: KpiAssessment, basis: str) -> Fraction | None:
    return kpi.progress if basis == Basis.PROGRESS else kpi.achievement
