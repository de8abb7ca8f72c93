"""The KPIs of a report: figures, texts and revised targets, copied out of the database."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import dropwhile, pairwise
from typing import Any, NamedTuple

from django.utils import timezone

from common.fiscal_year import wareki, wareki_date
from kpis.achievement import Absence, as_decimal
from kpis.assessment import KpiAssessment
from kpis.definition import KpiDefinition
from kpis.models import ActualState, Aggregation, Direction, FinalTarget, Formula, Kpi
from kpis.progress import StrategyProgress
from kpis.related_departments import related_names
from kpis.series import ActualRecord, KpiSeries
from kpis.sharing import Source, span_of
from kpis.target_text import condition_of, target_in_column
from kpis.targets import Target
from kpis.value_years import mark_of
from projects.models import Strategy
from reports.annual.assembly.standings import rating_of
from reports.annual.document import ReportEndedKpi, ReportKpi, ReportRevision, ReportYear
from reports.target_lines import goal_of

# Of which other reasons for a missing rate the word alone says enough.
_EXPLAINED = (Absence.REFERENCE, Absence.UNCOMPUTABLE, Absence.NOT_APPLICABLE)


class KpiTexts(NamedTuple):
    """What the plan says of a KPI, its 関係課, why it began and ended, and which it replaced.

    `predecessor` is that one's id.
    """

    definition: str
    data_source: str
    note: str
    begin_reason: str
    end_reason: str
    predecessor: int | None
    related: tuple[str, ...]


# By the KPI's id.
Texts = dict[int, KpiTexts]
# Why a target is as it is, by the KPI's id and the year from which it holds.
Reasons = dict[tuple[int, int], str]


def texts_of(strategy: Strategy) -> Texts:
    """What the plan says of each KPI (two queries)."""
    kpis = Kpi.objects.filter(project__strategy=strategy).order_by()
    related = related_names(kpis.values("pk"))
    rows = kpis.values_list(
        "id", "definition", "data_source", "note", "begin_reason", "end_reason", "successor_of_id"
    )
    return {
        pk: KpiTexts(definition, data_source, note, began, ended, predecessor, related.get(pk, ()))
        for pk, definition, data_source, note, began, ended, predecessor in rows
    }


def reasons_of(strategy: Strategy) -> Reasons:
    """Why each target of a plan is as it is (one query)."""
    rows = FinalTarget.objects.filter(kpi__project__strategy=strategy).order_by()
    return {
        (kpi_id, effective_from): reason
        for kpi_id, effective_from, reason in rows.values_list("kpi_id", "effective_from", "reason")
    }


def revisions_of(progress: StrategyProgress, reasons: Reasons) -> tuple[ReportRevision, ...]:
    """The targets revised up to the report's year, in printed order."""
    return tuple(
        _revision(kpi, before, after, reasons[kpi.definition.id, after.effective_from])
        for kpi in (*progress.series, *progress.goal_series)
        for before, after in pairwise(_rows_until(kpi, progress.fiscal_year))
    )


def _rows_until(kpi: KpiSeries, fiscal_year: int) -> list[Target]:
    """The targets of a KPI as far as a year knows, from the first that says something."""
    rows = sorted(kpi.final_targets, key=lambda row: row.effective_from)
    known = [row for row in rows if row.effective_from <= fiscal_year]
    return list(dropwhile(lambda row: not row.is_set, known))


def _revision(kpi: KpiSeries, before: Target, after: Target, reason: str) -> ReportRevision:
    one = kpi.assess(max(after.effective_from, kpi.first_year)).definition
    sides = ((before, after.effective_from - 1), (after, after.effective_from))
    (_, year_before), (_, year_after) = years = [
        (row, kpi.course.target_year(year)) for row, year in sides
    ]
    baselines = [kpi.course.baseline(year) for _row, year in sides]
    texts = ["", ""]
    moves = year_before != year_after or baselines[0] != baselines[1]
    if moves or any(_needs_words(row, one.direction) for row, _year in years):
        texts = [
            "、".join(
                [
                    goal_of(one, row),
                    *([f"目標年度 {wareki(year)}"] if year_before != year_after else []),
                    *([_baseline(one, *baseline)] if baselines[0] != baselines[1] else []),
                ]
            )
            for (row, year), baseline in zip(years, baselines, strict=True)
        ]
    return ReportRevision(
        code=one.code,
        name=one.name,
        unit=one.unit,
        decimal_places=one.decimal_places,
        effective_from=after.effective_from,
        before=before.value,
        after=after.value,
        reason=reason,
        before_text=texts[0],
        after_text=texts[1],
    )


def _needs_words(row: Target, direction: str) -> bool:
    """Whether a target's figure alone doesn't say what is to be reached."""
    return condition_of(row, direction) not in ("以上", "以下")


def _baseline(definition: KpiDefinition, value: Decimal | None, year: int | None) -> str:
    shown = "なし" if value is None else definition.written(value)
    return f"基準値 {shown}" + (f"（{wareki(year)}）" if year else "")


def report_kpis(
    series: Sequence[KpiSeries],
    fiscal_year: int,
    texts: Texts,
    ever: Mapping[int, KpiSeries],
) -> tuple[ReportKpi, ...]:
    """A project's KPIs with every year up to the report's; `ever` are the plan's by id."""
    return tuple(_kpi(one, fiscal_year, fiscal_year, texts, ever) for one in series)


def ended_kpis(
    progress: StrategyProgress, texts: Texts, ever: Mapping[int, KpiSeries]
) -> tuple[ReportEndedKpi, ...]:
    """The KPIs that ended before the report's year, each up to its last."""
    return ended_among(progress.ever, progress.fiscal_year, texts, ever)


def ended_among(
    series: Sequence[KpiSeries], fiscal_year: int, texts: Texts, ever: Mapping[int, KpiSeries]
) -> tuple[ReportEndedKpi, ...]:
    """Those of some KPIs that ended before a year, each up to its last."""
    ended = []
    for one in series:
        last = one.definition.ends_as_of(fiscal_year)
        if last is None or last >= fiscal_year:
            continue
        placed = one.placed_in(last)
        kpi = _kpi(one, fiscal_year, last, texts, ever)
        ended.append(ReportEndedKpi(placed.project_code, placed.project_name, kpi))
    return tuple(ended)


def _kpi(
    kpi: KpiSeries, fiscal_year: int, last: int, texts: Texts, ever: Mapping[int, KpiSeries]
) -> ReportKpi:
    """A KPI with its years up to `last`, as the report's year knows it."""
    latest = kpi.assess(last)
    one, said = latest.definition, texts[latest.definition.id]
    return ReportKpi(
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
        definition=said.definition,
        data_source=said.data_source,
        note=said.note,
        years=tuple(
            _year(kpi.assess(year), kpi.actuals.get(year), kpi.source)
            for year in range(kpi.first_year, last + 1)
        ),
        source=_source(kpi, last),
        key=one.id,
        first_year=one.first_year,
        last_year=kpi.definition.ends_as_of(fiscal_year),
        predecessor=_named(ever.get(said.predecessor or 0)),
        related_departments=said.related,
        own_scales=tuple(
            scale for scale in kpi.definition.own_scales if scale.effective_from <= last
        ),
        **_target(kpi, latest),
    )


def _named(one: KpiSeries | None) -> str:
    """`P1-1 起業件数`: a KPI that ended, under the code it had last; empty for none."""
    if one is None or one.definition.last_year is None:
        return ""
    placed = one.placed_in(one.definition.last_year)
    return f"{placed.code} {placed.name}"


def _target(kpi: KpiSeries, latest: KpiAssessment) -> dict[str, Any]:
    """What the target in force asks for beside its figure."""
    one, target, year = latest.definition, latest.target, latest.target_year
    last = kpi.rules.last_year_in(latest.fiscal_year)
    return {
        "target_text": target_in_column(
            target,
            one.direction,
            decimals=one.decimal_places,
            other_year=None if year == last else year,
        ),
        "target_condition": condition_of(target, one.direction),
        "target_words": target.words if target else "",
        "target_tolerance": target.tolerance if target else None,
        "target_year": year,
    }


def _source(kpi: KpiSeries, fiscal_year: int) -> str:
    """Whose figures a KPI has, and of which years up to the report's; empty for its own."""
    taken = [year for year in range(kpi.first_year, fiscal_year + 1) if kpi.takes(year)]
    if kpi.source is None or not taken:
        return ""
    return f"{kpi.source.named}（{span_of(taken)}）"


def _year(kpi: KpiAssessment, record: ActualRecord | None, source: Source | None) -> ReportYear:
    symbol, label = rating_of(kpi.rating)
    why = kpi.why_nothing
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
        rating_symbol=symbol,
        rating_label=label,
        absence_code=why.code if why else 0,
        absence_label=why.label if why else "",
        remarks=_remarks(kpi, record, source),
        analysis=record.analysis if record else "",
        next_steps=record.next_steps if record else "",
        updated_on=timezone.localdate(record.updated_at) if record else None,
        value_year=kpi.value_year,
        value_words=kpi.value_words,
        **_judged(kpi),
    )


def _judged(kpi: KpiAssessment) -> dict[str, Any]:
    """What people say of a year beside its rating, where they rate."""
    if not kpi.scale.is_by_people:
        return {}
    return {
        "computed_rating": rating_of(kpi.computed),
        "proposed_rating": rating_of(kpi.proposed),
        "proposal_reason": kpi.judgement.proposal_reason,
        "decision_reason": kpi.judgement.decision_reason,
    }


def _remarks(
    kpi: KpiAssessment, record: ActualRecord | None, source: Source | None
) -> tuple[str, ...]:
    remarks = []
    if kpi.value_words:
        remarks.append(f"実績は「{kpi.value_words}」です。")
    if kpi.value_year is not None:
        remarks.append(f"実績は{mark_of(kpi.value_year)}です。")
    if record and record.unmeasured_reason:
        remarks.append(f"未測定の理由：{record.unmeasured_reason}")
    if record and record.expected_on:
        remarks.append(f"集計中（{wareki_date(record.expected_on)}の予定）")
    explained = kpi.absence_reason if kpi.absence in _EXPLAINED else ""
    if explained:
        remarks.append(explained)
    if kpi.target is not None and kpi.target.words and kpi.target.words not in explained:
        remarks.append(f"最終目標は「{kpi.target.words}」です。")
    if kpi.unmeasured_years:
        years = "、".join(wareki(year) for year in kpi.unmeasured_years)
        remarks.append(f"{years}は未測定のため、累計に含みません。")
    if record and record.has_lent_texts and source:
        remarks.append(f"要因分析と今後の方向性は、{source.place}のものです。")
    return tuple(remarks)
