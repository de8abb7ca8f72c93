"""Rules of KPIs, targets and actuals that need more than one table, each with its sentences.

Called by the models' `clean()` and `delete()` (so forms, loader and import obey them), by the
admin's tables with a KPI's targets as they will be, by the recording of actuals, and by
`kpis.plan_check` for all that stands. Targets are pairs of fiscal year and value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from common.fiscal_year import wareki
from kpis import value_years
from kpis.achievement import display_value, goal_problem, in_force, value_problem
from projects.models import FiscalYearClosing, Project, Strategy
from projects.rules import Fault, outside, overlap, refuse

if TYPE_CHECKING:
    from kpis.assessment import KpiDefinition
    from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget

Targets = Sequence[tuple[int, Decimal]]

_MAX_DIGITS_BEFORE_POINT = 11
_FIXED = {
    "aggregation": "集計方法",
    "direction": "目指す方向",
    "formula": "達成率の算式",
}


def baseline_faults(kpi: Kpi) -> Iterator[Fault]:
    """A baseline finer than the KPI's decimals."""
    if kpi.baseline is not None and not fits_decimal_places(kpi.baseline, kpi.decimal_places):
        yield Fault("baseline", worded(kpi, decimals_message("基準値", kpi.decimal_places)))


def carried_from_faults(kpi: Kpi) -> Iterator[Fault]:
    """A carried-over KPI whose old one is not of a plan that began earlier.

    So the way back from KPI to KPI always ends.
    """
    old = kpi.carried_from
    if old is None:
        return
    plan, before = kpi.project.strategy, old.project.strategy
    word = plan.words.kpi
    if before.pk == plan.pk:
        yield Fault("carried_from", f"同じ計画の{word}です。前の計画の{word}を選んでください。")
    elif before.first_year >= plan.first_year:
        yield Fault(
            "carried_from",
            f"「{before}」は、この計画より前に始まる計画ではありません。"
            f"前の計画の{word}を選んでください。",
            f"引き継ぎ元の「{before}」の{old.code}は、この計画より前に始まる計画のものでは"
            "ありません。引き継ぎ元か計画期間を直してください。",
        )


def place_faults(kpi: Kpi) -> Iterator[Fault]:
    """A place in the plan that another KPI has in one of the years of this one's life."""
    others = type(kpi).objects.filter(project=kpi.project_id, number=kpi.number).exclude(pk=kpi.pk)
    if kpi.number is not None and any(overlap(kpi, other) for other in others):
        words = kpi.project.strategy.words
        yield Fault("number", words.put("この番号の指標は、このプロジェクトにすでにあります。"))


def check_kpi(kpi: Kpi) -> None:
    """Raise ValidationError where a KPI's own numbers or its records don't bear its settings."""
    in_a_plan = [*carried_from_faults(kpi), *place_faults(kpi)] if kpi.project_id else ()
    refuse([*baseline_faults(kpi), *in_a_plan, *_changes_refused(kpi)])


def check_saved_targets(kpi: Kpi) -> None:
    """Raise ValidationError if one of the KPI's targets in the database does not fit it."""
    if kpi.pk is None:
        return
    finals, yearly = _saved_final_targets(kpi), _saved_yearly_targets(kpi)
    values = [value for _, value in finals + yearly]
    if any(not fits_decimal_places(value, kpi.decimal_places) for value in values):
        message = "これより細かい目標値が入力されています。小数桁数は減らせません。"
        raise ValidationError({"decimal_places": message})
    for label, targets in (("最終目標値", finals), ("年度目安", yearly)):
        for _, value in targets:
            problem = goal_problem_of(kpi, value)
            if problem:
                raise ValidationError(f"{label}{value.normalize():f}：{problem}")
    check_yearly_within_final(kpi, finals, yearly)


def check_kpi_deletable(kpi: Kpi) -> None:
    """Raise ValidationError if a closed year was measured against the KPI's targets."""
    closed = closed_years_of(kpi)
    if closed and (kpi.final_targets.exists() or kpi.yearly_targets.exists()):
        raise ValidationError(
            closed_message(closed, f"{kpi.project.strategy.words.kpi}とその目標値")
        )


# Of a project and of a plan's period, which the room below knows nothing of


def check_project_deletable(project: Project) -> None:
    """Raise ValidationError if a closed year was measured by the project's KPIs."""
    if project.kpis.exists() and project.strategy.closings.exists():
        raise ValidationError(
            project.strategy.words.put(
                "締め済みの年度があるため、指標のあるプロジェクトは削除できません。"
            )
        )


def check_period(strategy: Strategy) -> None:
    """Raise ValidationError if the plan's period leaves out a year with actuals."""
    early = Q(kpis__actuals__fiscal_year__lt=strategy.first_year)
    late = Q(kpis__actuals__fiscal_year__gt=strategy.last_year)
    if strategy.projects.filter(early | late).exists():
        raise ValidationError(
            "計画期間の外になる年度に実績が入力されています。その年度は期間から外せません。"
        )


# Final targets


def final_target_faults(target: FinalTarget, years: Iterable[int]) -> Iterator[Fault]:
    """What is wrong with a final target; `years` are those from which the KPI's targets hold."""
    if target.value is not None:
        yield from _goal_faults(target.kpi, target.value, label="最終目標値")
    strategy = target.kpi.project.strategy
    if target.effective_from not in strategy.years:
        yield _outside_fault("effective_from", strategy, "適用する最初の年度を直してください。")
    elif target.effective_from > min(years) and not target.reason.strip():
        yield Fault("reason", "目標を改めた理由を書いてください（報告書に載ります）。")


def check_final_target(target: FinalTarget) -> None:
    """Raise ValidationError for a target that is wrong beside the KPI's others as saved."""
    kpi = _kpi_to_judge_by(target)
    if kpi is None or target.effective_from is None:
        return
    after = _saved_final_targets(kpi, without=target.pk)
    if target.value is not None:
        after.append((target.effective_from, target.value))
    refuse(final_target_faults(target, [target.effective_from, *(year for year, _ in after)]))
    _check_final_targets_become(kpi, after)


def check_final_target_deletable(target: FinalTarget) -> None:
    """Raise ValidationError if a closed year, or a yearly target, rests on the target."""
    kpi = _kpi_to_judge_by(target)
    if kpi is not None:
        _check_final_targets_become(kpi, _saved_final_targets(kpi, without=target.pk))


def check_closed_years_keep(kpi: Kpi, after: Targets) -> None:
    """Raise ValidationError if the final targets, as they will be, change a closed year's."""
    if kpi.pk is None:
        return
    before = _saved_final_targets(kpi)
    changed = [
        year for year in closed_years_of(kpi) if in_force(before, year) != in_force(after, year)
    ]
    if changed:
        raise ValidationError(closed_message(changed, "最終目標値"))


# Yearly targets


def yearly_target_faults(target: YearlyTarget) -> Iterator[Fault]:
    """What is wrong with a yearly target by itself; the last year can't have one."""
    yield from _goal_faults(target.kpi, target.value, label="年度目安値")
    strategy = target.kpi.project.strategy
    if target.fiscal_year not in strategy.years:
        yield _outside_fault("fiscal_year", strategy, "年度を直すか、年度目安を消してください。")
    elif target.fiscal_year == strategy.last_year:
        yield Fault(
            "fiscal_year",
            f"最終年度（{wareki(strategy.last_year)}）の目安は最終目標値です。"
            "年度目安は置かず、最終目標値を使ってください。",
            "最終年度の目安は最終目標値です。年度目安を消してください。",
        )


def passing_faults(kpi: Kpi, final_targets: Targets, yearly_targets: Targets) -> Iterator[Fault]:
    """Yearly targets that pass, in the KPI's direction, the final target in force for their year.

    One fault for all of them, which names each. A final target that can't be is no bound.
    """
    increases = kpi.direction == "increase"
    passing = []
    for year, value in sorted(yearly_targets):
        goal = in_force(final_targets, year)
        if goal is None or goal_problem_of(kpi, goal):
            continue
        if value > goal if increases else value < goal:
            passing.append(
                f"{wareki(year)}の{display_value(value, kpi.decimal_places)}"
                f"（最終目標値{display_value(goal, kpi.decimal_places)}）"
            )
    if passing:
        yield Fault(
            "value",
            f"年度目安が最終目標値を{'超えて' if increases else '下回って'}います："
            f"{'、'.join(passing)}。年度目安を直すか消すか、最終目標値を改めてください。",
        )


def check_yearly_within_final(kpi: Kpi, final_targets: Targets, yearly_targets: Targets) -> None:
    """Raise ValidationError if targets, as they will be, have a yearly one that passes the final.

    It belongs to no field: either of the two may be the one to change.
    """
    for fault in passing_faults(kpi, final_targets, yearly_targets):
        raise ValidationError(fault.entered)


def check_yearly_target(target: YearlyTarget) -> None:
    """Raise ValidationError for a yearly target that is wrong beside what is saved."""
    kpi = _kpi_to_judge_by(target)
    if kpi is None or target.fiscal_year is None or target.value is None:
        return
    own = [(target.fiscal_year, target.value)]
    refuse([*yearly_target_faults(target), *passing_faults(kpi, _saved_final_targets(kpi), own)])
    check_closed_year_keeps(target)


def check_closed_year_keeps(target: YearlyTarget) -> None:
    """Raise ValidationError if a yearly target changes what is saved for a closed year."""
    before = _saved(target)
    if before is None or (before.fiscal_year, before.value) != (target.fiscal_year, target.value):
        _refuse_closed_yearly_target(target, before)


def check_yearly_target_deletable(target: YearlyTarget) -> None:
    """Raise ValidationError if the target's year is closed."""
    _refuse_closed_yearly_target(target, _saved(target))


# Figures


def goal_problem_of(kpi: Kpi, goal: Decimal) -> str:
    """Why the KPI's formula can't bear a goal, as a sentence; empty when it can.

    Empty too while the KPI lacks the baseline that its formula needs, which its own rule says.
    """
    if kpi.formula == "from_baseline" and kpi.baseline is None:
        return ""
    return goal_problem(goal, direction=kpi.direction, formula=kpi.formula, baseline=kpi.baseline)


def actual_errors(kpi: Kpi | KpiDefinition, value: Decimal) -> str:
    """Why a value can't be an actual of the KPI, as a sentence; empty when it can."""
    if not value.is_finite():
        return "実績値は数字で入力してください（例：1,234）。"
    if abs(value) >= 10**_MAX_DIGITS_BEFORE_POINT:
        return f"実績値の桁が多すぎます。整数部分は{_MAX_DIGITS_BEFORE_POINT}桁までです。"
    if not fits_decimal_places(value, kpi.decimal_places):
        return decimals_message("実績値", kpi.decimal_places)
    return value_problem(value, formula=kpi.formula)


def actual_faults(actual: YearlyActual) -> Iterator[Fault]:
    """What is wrong with an actual that stands: its year, and its value for its KPI."""
    strategy = actual.kpi.project.strategy
    if actual.fiscal_year not in strategy.years:
        yield _outside_fault("fiscal_year", strategy, "計画期間を直してください。")
    problem = "" if actual.value is None else actual_errors(actual.kpi, actual.value)
    if problem:
        yield Fault("value", worded(actual.kpi, problem))
    if actual.value_year is not None:
        problem = value_years.problem_of(actual.kpi, actual.fiscal_year, actual.value_year)
        if problem:
            yield Fault("value_year", worded(actual.kpi, problem))


def fits_decimal_places(value: Decimal, decimal_places: int) -> bool:
    """Whether a value has no more decimals than `decimal_places`; trailing zeros don't count."""
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimal_places


def decimals_message(label: str, decimal_places: int) -> str:
    """The sentence that refuses too many decimals."""
    if decimal_places == 0:
        return f"{label}は整数で入力してください。この指標は小数を使いません。"
    return f"{label}は小数第{decimal_places}位までで入力してください。"


def worded(kpi: Kpi, sentence: str) -> str:
    """A sentence of ours in the words of the KPI's plan."""
    return kpi.project.strategy.words.put(sentence)


def closed_years_of(kpi: Kpi) -> set[int]:
    """The closed fiscal years of the KPI's strategy."""
    return set(
        FiscalYearClosing.objects.filter(strategy__projects=kpi.project_id).values_list(
            "fiscal_year", flat=True
        )
    )


def _changes_refused(kpi: Kpi) -> Iterator[Fault]:
    """What a saved KPI's actuals and closed years don't let change."""
    before = type(kpi).objects.filter(pk=kpi.pk).first() if kpi.pk else None
    if before is None:
        return
    changed = [name for name in _FIXED if getattr(before, name) != getattr(kpi, name)]
    if changed and (kpi.actuals.exists() or _has_shared_figures(before)):
        for name in changed:
            yield Fault(
                name,
                f"実績が入力されているため、{_FIXED[name]}は変えられません。"
                f"新しい{kpi.project.strategy.words.kpi}として登録してください。",
            )
    if before.project.strategy_id != kpi.project.strategy_id:
        yield Fault(
            "project",
            "実績が入力されているため、別の計画へは移せません。"
            if kpi.actuals.exists()
            else f"別の計画の{before.project.strategy.words.project}へは移せません。"
            "同じ計画から選んでください。",
        )
    if (
        kpi.carried_from_id != before.carried_from_id
        and not before.project.strategy.is_in_preparation
    ):
        yield Fault("carried_from", "計画が準備中のあいだだけ変えられます。")
    if kpi.decimal_places < before.decimal_places:
        recorded = kpi.actuals.filter(value__isnull=False).values_list("value", flat=True)
        if any(value and not fits_decimal_places(value, kpi.decimal_places) for value in recorded):
            sentence = "これより細かい実績が入力されています。小数桁数は減らせません。"
            yield Fault("decimal_places", sentence)
    if (before.baseline, before.baseline_year) != (kpi.baseline, kpi.baseline_year):
        closed = closed_years_of(kpi)
        if closed:
            yield Fault("baseline", closed_message(closed, "基準値"))


def _has_shared_figures(kpi: Kpi) -> bool:
    """Whether the KPI has figures from a source (`kpis.sharing`)."""
    if kpi.source is None:
        return False
    return kpi.source.actuals.filter(fiscal_year__in=kpi.project.strategy.years).exists()


def _kpi_to_judge_by(target: FinalTarget | YearlyTarget) -> Kpi | None:
    """The target's KPI, by whose saved targets it is judged.

    None while a form has none, or one without a project, for it; and where all of the KPI's
    targets are stated together and judged so.
    """
    kpi: Kpi | None = getattr(target, "kpi", None)
    if kpi is None or kpi.project_id is None or kpi.comes_with_targets:
        return None
    return kpi


def _goal_faults(kpi: Kpi, value: Decimal, *, label: str) -> Iterator[Fault]:
    if not fits_decimal_places(value, kpi.decimal_places):
        yield Fault("value", worded(kpi, decimals_message(label, kpi.decimal_places)))
    problem = goal_problem_of(kpi, value)
    if problem:
        yield Fault("value", problem)


def _saved_final_targets(kpi: Kpi, *, without: int | None = None) -> list[tuple[int, Decimal]]:
    if kpi.pk is None:
        return []
    saved = kpi.final_targets.values_list("pk", "effective_from", "value")
    return [(year, value) for pk, year, value in saved if pk != without and value is not None]


def _saved_yearly_targets(kpi: Kpi) -> list[tuple[int, Decimal]]:
    if kpi.pk is None:
        return []
    return list(kpi.yearly_targets.values_list("fiscal_year", "value"))


def _check_final_targets_become(kpi: Kpi, after: Targets) -> None:
    check_closed_years_keep(kpi, after)
    check_yearly_within_final(kpi, after, _saved_yearly_targets(kpi))


def _saved(target: YearlyTarget) -> YearlyTarget | None:
    return type(target).objects.filter(pk=target.pk).first() if target.pk else None


def _refuse_closed_yearly_target(target: YearlyTarget, before: YearlyTarget | None) -> None:
    if target.kpi_id is None:
        return
    years = {target.fiscal_year} | ({before.fiscal_year} if before else set())
    closed = closed_years_of(target.kpi) & years
    if closed:
        raise ValidationError(closed_message(closed, "年度目安"))


def _outside_fault(field: str, strategy: Strategy, remedy: str) -> Fault:
    return Fault(
        field,
        f"計画期間（{wareki(strategy.first_year)}から{wareki(strategy.last_year)}まで）の"
        f"年度を西暦で入力してください（例：{strategy.first_year}）。",
        f"{outside(strategy)}{remedy}",
    )


def closed_message(years: Iterable[int], label: str) -> str:
    """The sentence that refuses to change something that closed years were measured by."""
    named = "、".join(wareki(year) for year in sorted(years))
    return f"{named}は締め済みのため、{label}は変えられません。締めを解いてから直してください。"
