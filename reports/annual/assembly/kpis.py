"""The KPIs of a report: figures, texts and revised targets, copied out of the database."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from common.fiscal_year import wareki, wareki_date
from kpis.achievement import Absence, as_decimal
from kpis.assessment import KpiAssessment
from kpis.models import ActualState, Aggregation, Direction, FinalTarget, Formula, Kpi
from kpis.progress import StrategyProgress
from kpis.related_departments import related_names
from kpis.series import ActualRecord, KpiSeries
from kpis.sharing import Source, span_of
from kpis.value_years import mark_of
from projects.models import Strategy
from reports.annual.document import ReportKpi, ReportRevision, ReportYear

# By KPI: definition, data source, note and the names of its 関係課.
Texts = dict[int, tuple[str, str, str, tuple[str, ...]]]


def texts_of(strategy: Strategy) -> Texts:
    """What the plan says of each KPI (two queries)."""
    kpis = Kpi.objects.filter(project__strategy=strategy).order_by()
    related = related_names(kpis.values("pk"))
    return {
        pk: (definition, data_source, note, related.get(pk, ()))
        for pk, definition, data_source, note in kpis.values_list(
            "id", "definition", "data_source", "note"
        )
    }


def revisions_of(strategy: Strategy, progress: StrategyProgress) -> tuple[ReportRevision, ...]:
    """The final targets revised up to the report's year, in printed order (one query)."""
    targets: dict[int, list[tuple[int, Decimal, str]]] = defaultdict(list)
    for kpi_id, effective_from, value, reason in (
        FinalTarget.objects.filter(
            kpi__project__strategy=strategy,
            effective_from__lte=progress.fiscal_year,
            value__isnull=False,
        )
        .order_by("effective_from")
        .values_list("kpi_id", "effective_from", "value", "reason")
    ):
        if value is not None:
            targets[kpi_id].append((effective_from, value, reason))
    return tuple(
        ReportRevision(
            code=kpi.code,
            name=kpi.name,
            unit=kpi.unit,
            decimal_places=kpi.decimal_places,
            effective_from=effective_from,
            before=before,
            after=after,
            reason=reason,
        )
        for kpi in (one.definition for one in progress.kpis)
        for (_, before, _), (effective_from, after, reason) in pairwise(targets[kpi.id])
    )


def report_kpis(
    series: Sequence[KpiSeries], fiscal_year: int, texts: Texts
) -> tuple[ReportKpi, ...]:
    """A project's KPIs with every year up to the report's."""
    kpis = []
    for kpi in series:
        latest = kpi.assess(fiscal_year)
        one = latest.definition
        definition, data_source, note, related = texts[one.id]
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
                    _year(kpi.assess(year), kpi.actuals.get(year), kpi.source)
                    for year in range(kpi.first_year, fiscal_year + 1)
                ),
                source=_source(kpi, fiscal_year),
                related_departments=related,
            )
        )
    return tuple(kpis)


def _source(kpi: KpiSeries, fiscal_year: int) -> str:
    """Whose figures a KPI has, and of which years up to the report's; empty for its own."""
    taken = [year for year in range(kpi.first_year, fiscal_year + 1) if kpi.takes(year)]
    if kpi.source is None or not taken:
        return ""
    return f"{kpi.source.named}（{span_of(taken)}）"


def _year(kpi: KpiAssessment, record: ActualRecord | None, source: Source | None) -> ReportYear:
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
        remarks=_remarks(kpi, record, source),
        analysis=record.analysis if record else "",
        next_steps=record.next_steps if record else "",
        updated_on=timezone.localdate(record.updated_at) if record else None,
        value_year=kpi.value_year,
        value_words=kpi.value_words,
    )


def _remarks(
    kpi: KpiAssessment, record: ActualRecord | None, source: Source | None
) -> tuple[str, ...]:
    remarks = []
    if kpi.value_words:
        remarks.append(f"実績：{kpi.value_words}")
    if kpi.value_year is not None:
        remarks.append(f"実績は{mark_of(kpi.value_year)}です。")
    if record and record.unmeasured_reason:
        remarks.append(f"未測定の理由：{record.unmeasured_reason}")
    if record and record.expected_on:
        remarks.append(f"集計中（{wareki_date(record.expected_on)}の予定）")
    if kpi.absence in (Absence.REFERENCE, Absence.UNCOMPUTABLE):
        remarks.append(kpi.absence_reason)
    if kpi.unmeasured_years:
        years = "、".join(wareki(year) for year in kpi.unmeasured_years)
        remarks.append(f"{years}は未測定のため、累計に含みません。")
    if record and record.has_lent_texts and source:
        remarks.append(f"要因分析と今後の方向性は、{source.place}のものです。")
    return tuple(remarks)
