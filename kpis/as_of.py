"""A KPI as it stands now, and as it stood at the end of a day.

The past is put together from each model's own history: the reverse sets of a
past object would be today's. Of the rows that were dated up to then the last
written counts, not the last dated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from common.fiscal_year import end_of_day, wareki_date
from common.reading.dates import read_date
from kpis.definition import KpiDefinition, PlaceUntil
from kpis.models import (
    FinalTarget,
    FormerEnd,
    FormerPlace,
    Kpi,
    KpiRatingRules,
    YearlyActual,
    YearlyTarget,
)
from kpis.plan_rules import own_scale, rules_of
from kpis.related_departments import past_related_names, related_names
from kpis.series import (
    ACTUAL_COLUMNS,
    OWN_COLUMNS,
    ActualRecord,
    KpiSeries,
    closed_years,
    counted_actuals,
    load_series,
    measurements_of,
)
from kpis.sharing import Source
from kpis.targets import target_of
from kpis.terms import LastYearUntil
from projects.models import (
    Department,
    FiscalYearClosing,
    FormerPeriod,
    Project,
    RatingRules,
    Strategy,
)

# Later than any date that a clock has written.
_NEVER = datetime(9998, 12, 31, tzinfo=UTC)


class NoRecord(Exception):
    """There is nothing to show of that day; the message says why, in Japanese."""


@dataclass(frozen=True, slots=True)
class KpiState:
    """One KPI with its figures; `is_partial` if the record of some began later.

    `related_departments` are the names of its 関係課.
    """

    kpi: Kpi
    series: KpiSeries
    final_targets: Sequence[FinalTarget]
    closed_years: frozenset[int]
    is_partial: bool = False
    related_departments: tuple[str, ...] = ()


def read_past_day(text: str) -> date | None:
    """The day somebody asks for, None if they typed none.

    Raises ValueError with a sentence in Japanese if it can't be read or lies ahead.
    """
    day = read_date(text)
    if day is not None and day > timezone.localdate():
        raise ValueError(f"{wareki_date(day)}はまだ来ていません。今日までの日を入力してください。")
    return day


def kpi_now(strategy: Strategy, kpi: Kpi) -> KpiState:
    """The KPI with today's figures and texts."""
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk), with_texts=True)
    return KpiState(
        kpi,
        series,
        list(kpi.final_targets.all()),
        closed_years(strategy),
        related_departments=related_names([kpi.pk]).get(kpi.pk, ()),
    )


def kpi_as_of(strategy: Strategy, kpi: Kpi, day: date) -> KpiState:
    """The KPI as it stood when a day ended. Raises NoRecord if it was not there yet."""
    moment = _end(day)
    past = _past_row(Kpi.history.filter(id=kpi.pk), moment)
    if past is None:
        raise NoRecord(_why_nothing(kpi, day))
    plan = _past_row(Strategy.history.filter(id=strategy.pk), moment)
    targets, lost_targets = _standing(FinalTarget, kpi.pk, moment)
    yearly, lost_yearly = _standing(YearlyTarget, kpi.pk, moment)
    actuals, lost_actuals = _standing(YearlyActual, kpi.pk, moment)
    rules = rules_of(
        plan.instance if plan is not None else strategy,
        _last_rows(RatingRules.history.filter(strategy_id=strategy.pk), moment),
        _last_rows(FormerPeriod.history.filter(strategy_id=strategy.pk), moment),
    )
    own, source, lent, lost_lent = _records(actuals), None, {}, False
    if past.source_id is not None:
        source = _source(past.source_id, moment)
        shared, lost_lent = _standing(YearlyActual, past.source_id, moment)
        lent = _records(shared)
    records = counted_actuals(rules.years, source, lent, own)
    series = KpiSeries(
        definition=_definition(past, moment),
        rules=rules,
        final_targets=tuple(map(target_of, targets)),
        yearly_targets={row.fiscal_year: row.value for row in yearly},
        actuals=records,
        measurements=measurements_of(records),
        source=source,
        own_records=own if source else {},
    )
    closings = _last_rows(FiscalYearClosing.history.filter(strategy_id=strategy.pk), moment)
    return KpiState(
        kpi=past.instance,
        series=series,
        final_targets=[row.instance for row in targets],
        closed_years=frozenset(row.fiscal_year for row in closings),
        is_partial=lost_targets or lost_yearly or lost_actuals or lost_lent,
        related_departments=past_related_names(past, moment),
    )


def _end(day: date) -> datetime:
    """The moment at which a day ends; today has no end, and holds all that was written.

    A clock that ran ahead and was set right must not hide what stands.
    """
    return end_of_day(day) if day < timezone.localdate() else _NEVER


def _past_row(history: Any, moment: datetime) -> Any:
    """The last row before a moment, None if there is none or it says deleted."""
    row = history.filter(history_date__lt=moment).order_by("-history_id").first()
    return None if row is None or row.history_type == "-" else row


def _last_rows(history: Any, moment: datetime) -> list[Any]:
    """What stood at a moment: the last row before it of each object that was not deleted."""
    last = {row.id: row for row in history.filter(history_date__lt=moment).order_by("history_id")}
    return [row for row in last.values() if row.history_type != "-"]


def _standing(model: Any, kpi_id: int, moment: datetime) -> tuple[list[Any], bool]:
    """A KPI's rows of a model at a moment in their order, and whether some may be missing.

    Missing are those that a loader without history brought: nothing tells since when.
    """
    history = model.history.filter(kpi_id=kpi_id)
    standing = _last_rows(history, moment)
    # By id, whether the history begins with the beginning: "+" sorts before "-" and "~".
    begins = dict(history.order_by().values_list("id").annotate(Min("history_type")))
    recorded = {pk for pk, first in begins.items() if first == "+"} | {row.id for row in standing}
    ever = {*begins, *model.objects.filter(kpi=kpi_id).values_list("id", flat=True)}
    year = "effective_from" if model is FinalTarget else "fiscal_year"
    return sorted(standing, key=lambda row: getattr(row, year)), bool(ever - recorded)


def _records(actuals: Sequence[Any]) -> dict[int, ActualRecord]:
    """Past rows of actuals by year."""
    return {
        row.fiscal_year: ActualRecord(*(getattr(row, column) for column in ACTUAL_COLUMNS))
        for row in actuals
    }


def _source(kpi_id: int, moment: datetime) -> Source:
    """A source under the names, and with the years of its plan, that it had."""
    past = _past_or_now(Kpi, kpi_id, moment)
    project = _past_or_now(Project, past.project_id, moment)
    plan = _past_or_now(Strategy, project.strategy_id, moment)
    return Source(
        kpi_id=kpi_id,
        code=f"{project.code}-{past.number}",
        name=past.name,
        plan_code=plan.code,
        plan_name=plan.name,
        first_year=plan.first_year,
        last_year=plan.last_year,
    )


def _past_or_now(model: Any, pk: int, moment: datetime) -> Any:
    """A row as it was at a moment; as it is now where no history tells."""
    return _past_row(model.history.filter(id=pk), moment) or model.objects.get(pk=pk)


def _definition(past: Any, moment: datetime) -> KpiDefinition:
    """The KPI's definition, its project and department under the names they had."""
    project = _past_or_now(Project, past.project_id, moment)
    department = None
    if past.department_id is not None:
        departments = Department.history.filter(id=past.department_id)
        today = Department.objects.filter(pk=past.department_id)
        department = _past_row(departments, moment) or today.first()
    return KpiDefinition(
        **{column: getattr(past, column) for column in OWN_COLUMNS},
        code=f"{project.code}-{past.number}",
        project_code=project.code,
        project_name=project.name,
        department_name=department.name if department is not None else "",
        former_ends=tuple(
            LastYearUntil(row.held_until, row.last_year)
            for row in _last_rows(FormerEnd.history.filter(kpi_id=past.id), moment)
        ),
        former_places=_former_places(past.id, moment),
        order=_order(project, past.number),
        own_scales=tuple(
            own_scale(row)
            for row in _last_rows(KpiRatingRules.history.filter(kpi_id=past.id), moment)
        ),
        is_goal=project.holds_goals,
    )


def _former_places(kpi_id: int, moment: datetime) -> tuple[PlaceUntil, ...]:
    """Where the KPI stood before it was moved, as far as was known then."""
    rows = _last_rows(FormerPlace.history.filter(kpi_id=kpi_id), moment)
    projects = {row.project_id: _past_or_now(Project, row.project_id, moment) for row in rows}
    return tuple(
        PlaceUntil(
            row.held_until,
            f"{projects[row.project_id].code}-{row.number}",
            projects[row.project_id].code,
            projects[row.project_id].name,
            _order(projects[row.project_id], row.number),
            row.reason,
        )
        for row in rows
    )


def _order(project: Any, number: int) -> tuple[int, str, int]:
    return project.position, project.code, number


def _why_nothing(kpi: Kpi, day: date) -> str:
    word = kpi.project.strategy.words.kpi
    first = Kpi.history.filter(id=kpi.pk).order_by("history_id").first()
    if first is None:
        return (
            f"この{word}には変更の記録がありません（記録を残さない方法で登録されています）。"
            "過去の日の値は分かりません。"
        )
    began = wareki_date(timezone.localtime(first.history_date).date())
    if first.history_type == "+":
        return f"この{word}は{began}に登録されました。{wareki_date(day)}にはまだありませんでした。"
    return (
        f"この{word}の変更の記録は{began}に始まります。"
        f"{wareki_date(day)}の値は記録がないため分かりません。"
    )
