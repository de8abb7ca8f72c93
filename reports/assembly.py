"""Assembles the `AnnualReport` of a strategy and fiscal year from the database.

A constant number of queries, whatever the size of the plan.
"""

from collections import defaultdict

from django.conf import settings
from django.utils import timezone

from kpis.achievement import Absence, as_decimal
from kpis.assessment import KpiAssessment
from kpis.models import ActualState, Aggregation, Direction, Formula, Kpi
from kpis.series import ActualRecord, KpiSeries
from projects.fiscal_year import wareki, wareki_date
from projects.models import Initiative, InitiativeListing, Project, ProjectDirection, Strategy
from reports.annual_report import (
    AnnualReport,
    ReportBand,
    ReportInitiative,
    ReportKpi,
    ReportProject,
    ReportStanding,
    ReportYear,
)
from reports.progress import ProjectProgress, Standing, StrategyProgress

SCHEMA = 1
_NO_RATING = ("－", "評価なし")


def assemble_report(strategy: Strategy, progress: StrategyProgress) -> AnnualReport:
    """The report's draft, as things stand now.

    `progress` is that of the report's fiscal year, loaded with its texts.
    """
    rules = progress.rules
    fiscal_year = progress.fiscal_year
    purposes = dict(Project.objects.filter(strategy=strategy).values_list("id", "purpose"))
    directions = _directions(strategy)
    initiatives = _initiatives(strategy)
    texts = {
        pk: (definition, data_source, note)
        for pk, definition, data_source, note in Kpi.objects.filter(
            project__strategy=strategy
        ).values_list("id", "definition", "data_source", "note")
    }
    series = {one.definition.id: one for one in progress.series}
    listed = sum(len(listings) for listings in initiatives.values())
    relisted = sum(one.is_relisted for listings in initiatives.values() for one in listings)
    return AnnualReport(
        schema=SCHEMA,
        municipality=strategy.municipality,
        municipality_code=strategy.municipality_code,
        strategy_name=strategy.name,
        first_year=rules.first_year,
        last_year=rules.last_year,
        fiscal_year=fiscal_year,
        is_draft=True,
        is_sample=settings.DEMO,
        made_at=timezone.localtime().replace(microsecond=0),
        rating_basis=rules.rating_basis,
        average_cap=rules.average_cap,
        bands=tuple(ReportBand(band.symbol, band.label, band.lower) for band in rules.bands),
        standing=_standing(progress.standing),
        previous=None if progress.previous is None else _standing(progress.previous),
        initiative_count=listed - relisted,
        relisted_count=relisted,
        projects=tuple(
            ReportProject(
                code=project.code,
                name=project.name,
                kind_label=project.kind_label,
                pillar=project.pillar,
                purpose=purposes[project.id],
                directions=tuple(directions[project.id]),
                standing=_standing(project.standing),
                kpis=_kpis(project, progress, series, texts),
                initiatives=tuple(initiatives[project.id]),
            )
            for project in progress.projects
        ),
    )


def _standing(standing: Standing) -> ReportStanding:
    symbol, label = _NO_RATING
    if standing.rating is not None:
        symbol, label = standing.rating.symbol, standing.rating.label
    return ReportStanding(
        kpi_count=standing.kpi_count,
        achievement_mean=as_decimal(standing.achievement_mean),
        achievement_count=standing.achievement_count,
        progress_mean=as_decimal(standing.progress_mean),
        progress_count=standing.progress_count,
        rating_symbol=symbol,
        rating_label=label,
        by_band=tuple(
            (band.symbol, band.label, count) if band else (*_NO_RATING, count)
            for band, count in standing.by_band
        ),
    )


def _kpis(
    project: ProjectProgress,
    progress: StrategyProgress,
    series: dict[int, KpiSeries],
    texts: dict[int, tuple[str, str, str]],
) -> tuple[ReportKpi, ...]:
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    kpis = []
    for latest in project.kpis:
        one = latest.definition
        definition, data_source, note = texts[one.id]
        kpis.append(
            ReportKpi(
                code=one.code,
                name=one.name,
                unit=one.unit,
                decimal_places=one.decimal_places,
                is_cumulative=one.is_cumulative,
                aggregation_label=Aggregation(one.aggregation).label,
                direction_label=Direction(one.direction).label,
                formula_label=Formula(one.formula).label,
                baseline=one.baseline,
                baseline_year=one.baseline_year,
                final_target=latest.final_target,
                department=one.department_name,
                definition=definition,
                data_source=data_source,
                note=note,
                years=tuple(
                    _year(series[one.id].assess(year), series[one.id].actuals.get(year))
                    for year in years
                ),
            )
        )
    return tuple(kpis)


def _year(kpi: KpiAssessment, record: ActualRecord | None) -> ReportYear:
    return ReportYear(
        fiscal_year=kpi.fiscal_year,
        state=record.state if record else "missing",
        state_label=ActualState(record.state).label if record else Absence.MISSING.label,
        actual=kpi.actual,
        total=kpi.value if kpi.definition.is_cumulative else None,
        expected=as_decimal(kpi.expected),
        final_target=kpi.final_target,
        achievement=as_decimal(kpi.achievement),
        progress=as_decimal(kpi.progress),
        rating_symbol=kpi.rating.symbol if kpi.rating else "",
        rating_label=kpi.rating.label if kpi.rating else "",
        absence_code=kpi.absence.code if kpi.absence else 0,
        absence_label=kpi.absence.label if kpi.absence else "",
        remarks=_remarks(kpi, record),
        analysis=record.analysis if record else "",
        next_steps=record.next_steps if record else "",
        updated_on=timezone.localdate(record.updated_at) if record else None,
    )


def _remarks(kpi: KpiAssessment, record: ActualRecord | None) -> tuple[str, ...]:
    remarks = []
    if record and record.unmeasured_reason:
        remarks.append(f"未測定の理由：{record.unmeasured_reason}")
    if record and record.expected_on:
        remarks.append(f"集計中（{wareki_date(record.expected_on)}の予定）")
    if kpi.absence in (Absence.REFERENCE, Absence.UNCOMPUTABLE):
        remarks.append(kpi.absence_reason)
    if kpi.unmeasured_years:
        years = "、".join(wareki(year) for year in kpi.unmeasured_years)
        remarks.append(f"{years}は未測定のため、累計に含みません。")
    return tuple(remarks)


def _directions(strategy: Strategy) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for project_id, text in (
        ProjectDirection.objects.filter(project__strategy=strategy)
        .order_by("number")
        .values_list("project_id", "text")
    ):
        grouped[project_id].append(text)
    return grouped


def _initiatives(strategy: Strategy) -> dict[int, list[ReportInitiative]]:
    rows = list(
        InitiativeListing.objects.filter(project__strategy=strategy)
        .select_related(
            "project", "initiative", "initiative__home_project", "initiative__department"
        )
        .order_by("project__position", "project__code", "number")
    )
    home_numbers = {row.initiative_id: row.number for row in rows if not row.is_relisted}
    relisted_in: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.is_relisted:
            relisted_in[row.initiative_id].append(row.project.code)
    grouped: dict[int, list[ReportInitiative]] = defaultdict(list)
    for row in rows:
        initiative: Initiative = row.initiative
        grouped[row.project_id].append(
            ReportInitiative(
                number=row.number,
                name=row.name,
                is_relisted=row.is_relisted,
                home_code=initiative.home_project.code,
                home_name=initiative.home_project.name,
                home_number=home_numbers.get(row.initiative_id),
                department=initiative.department.name if initiative.department else "",
                relisted_in=() if row.is_relisted else tuple(relisted_in[row.initiative_id]),
            )
        )
    return grouped
