"""Rules of KPIs, targets and actuals that need more than one table.

Called by the models' `clean()` (so forms, admin and import obey them), by the
recording of actuals and by `check_plan`. Every refusal is a sentence that
says what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from common.fiscal_year import wareki
from kpis.achievement import goal_problem, in_force, value_problem
from projects.models import FiscalYearClosing, Project, Strategy

if TYPE_CHECKING:
    from kpis.assessment import KpiDefinition
    from kpis.models import FinalTarget, Kpi, YearlyTarget

_MAX_DIGITS_BEFORE_POINT = 11
_FIXED = {
    "aggregation": "集計方法",
    "direction": "目指す方向",
    "formula": "達成率の算式",
}


def check_kpi(kpi: Kpi) -> None:
    """Raise ValidationError where a KPI's own numbers or its records don't bear its settings."""
    errors: dict[str, str] = {}
    if kpi.baseline is not None and not fits_decimal_places(kpi.baseline, kpi.decimal_places):
        errors["baseline"] = decimals_message("基準値", kpi.decimal_places)
    if kpi.pk is not None:
        errors |= _changes_refused(kpi)
    if errors:
        raise ValidationError(errors)


def check_period(strategy: Strategy) -> None:
    """Raise ValidationError if the plan's period leaves out a year with actuals."""
    early = Q(kpis__actuals__fiscal_year__lt=strategy.first_year)
    late = Q(kpis__actuals__fiscal_year__gt=strategy.last_year)
    if strategy.projects.filter(early | late).exists():
        raise ValidationError(
            "計画期間の外になる年度に実績が入力されています。その年度は期間から外せません。"
        )


def check_project_deletable(project: Project) -> None:
    """Raise ValidationError if a closed year was measured by the project's KPIs."""
    if project.kpis.exists() and project.strategy.closings.exists():
        raise ValidationError("締め済みの年度があるため、指標のあるプロジェクトは削除できません。")


def check_kpi_targets(
    kpi: Kpi, final_targets: Iterable[Decimal], yearly_targets: Iterable[Decimal]
) -> None:
    """Raise ValidationError if the KPI's formula can't bear one of its targets."""
    for label, values in (("最終目標値", final_targets), ("年度目安", yearly_targets)):
        for value in values:
            problem = goal_problem_of(kpi, value)
            if problem:
                raise ValidationError(f"{label}{value.normalize():f}：{problem}")


def check_saved_targets(kpi: Kpi) -> None:
    """Raise ValidationError if one of the KPI's targets in the database does not fit it."""
    if kpi.pk is None:
        return
    finals = [target.value for target in kpi.final_targets.all()]
    yearly = [target.value for target in kpi.yearly_targets.all()]
    if any(not fits_decimal_places(value, kpi.decimal_places) for value in finals + yearly):
        message = "これより細かい目標値が入力されています。小数桁数は減らせません。"
        raise ValidationError({"decimal_places": message})
    is_complete = kpi.formula != "from_baseline" or kpi.baseline is not None
    if is_complete:  # else the KPI's own constraint says what is missing
        check_kpi_targets(kpi, finals, yearly)


def goal_problem_of(kpi: Kpi, goal: Decimal) -> str:
    """Why the KPI's formula can't bear a goal, as a sentence; empty when it can."""
    return goal_problem(goal, direction=kpi.direction, formula=kpi.formula, baseline=kpi.baseline)


def check_final_target(target: FinalTarget) -> None:
    """Raise ValidationError for a target outside the plan, unbearable, or in a closed year."""
    kpi = _kpi_of(target)
    if kpi is None or target.effective_from is None or target.value is None:
        return
    strategy = kpi.project.strategy
    errors = _goal_errors(kpi, target.value, label="最終目標値")
    others = _other_final_targets(target)
    if target.effective_from not in strategy.years:
        errors["effective_from"] = _outside_plan(strategy)
    elif others and target.effective_from > min(others)[0] and not target.reason.strip():
        errors["reason"] = "目標を改めた理由を書いてください（報告書に載ります）。"
    if errors:
        raise ValidationError(errors)
    _refuse_if_closed_years_change(target, [*others, (target.effective_from, target.value)])


def check_kpi_deletable(kpi: Kpi) -> None:
    """Raise ValidationError if a closed year was measured against the KPI's targets."""
    closed = closed_years_of(kpi)
    if closed and (kpi.final_targets.exists() or kpi.yearly_targets.exists()):
        raise ValidationError(_closed_message(closed, "指標とその目標値"))


def check_final_target_deletable(target: FinalTarget) -> None:
    """Raise ValidationError if a closed year was measured against the target."""
    _refuse_if_closed_years_change(target, _other_final_targets(target))


def check_yearly_target(target: YearlyTarget) -> None:
    """Raise ValidationError likewise for a yearly target, which the last year can't have."""
    kpi = _kpi_of(target)
    if kpi is None or target.fiscal_year is None or target.value is None:
        return
    strategy = kpi.project.strategy
    errors = _goal_errors(kpi, target.value, label="年度目安値")
    if target.fiscal_year not in strategy.years:
        errors["fiscal_year"] = _outside_plan(strategy)
    elif target.fiscal_year == strategy.last_year:
        errors["fiscal_year"] = (
            f"最終年度（{wareki(strategy.last_year)}）の目安は最終目標値です。"
            "年度目安は置かず、最終目標値を使ってください。"
        )
    if errors:
        raise ValidationError(errors)
    before = _saved(target)
    if before is None or (before.fiscal_year, before.value) != (target.fiscal_year, target.value):
        _refuse_closed_yearly_target(target, before)


def check_yearly_target_deletable(target: YearlyTarget) -> None:
    """Raise ValidationError if the target's year is closed."""
    _refuse_closed_yearly_target(target, _saved(target))


def actual_errors(kpi: Kpi | KpiDefinition, value: Decimal) -> str:
    """Why a value can't be an actual of the KPI, as a sentence; empty when it can."""
    if not value.is_finite():
        return "実績値は数字で入力してください（例：1,234）。"
    if abs(value) >= 10**_MAX_DIGITS_BEFORE_POINT:
        return f"実績値の桁が多すぎます。整数部分は{_MAX_DIGITS_BEFORE_POINT}桁までです。"
    if not fits_decimal_places(value, kpi.decimal_places):
        return decimals_message("実績値", kpi.decimal_places)
    return value_problem(value, formula=kpi.formula)


def fits_decimal_places(value: Decimal, decimal_places: int) -> bool:
    """Whether a value has no more decimals than `decimal_places`; trailing zeros don't count."""
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimal_places


def decimals_message(label: str, decimal_places: int) -> str:
    """The sentence that refuses too many decimals."""
    if decimal_places == 0:
        return f"{label}は整数で入力してください。この指標は小数を使いません。"
    return f"{label}は小数第{decimal_places}位までで入力してください。"


def closed_years_of(kpi: Kpi) -> set[int]:
    """The closed fiscal years of the KPI's strategy."""
    return set(
        FiscalYearClosing.objects.filter(strategy__projects=kpi.project_id).values_list(
            "fiscal_year", flat=True
        )
    )


def _changes_refused(kpi: Kpi) -> dict[str, str]:
    before = type(kpi).objects.filter(pk=kpi.pk).first()
    if before is None:
        return {}
    errors: dict[str, str] = {}
    changed = [name for name in _FIXED if getattr(before, name) != getattr(kpi, name)]
    if changed and kpi.actuals.exists():
        for name in changed:
            errors[name] = (
                f"実績が入力されているため、{_FIXED[name]}は変えられません。"
                "新しい指標として登録してください。"
            )
    if before.project.strategy_id != kpi.project.strategy_id:
        errors["project"] = "別の計画のプロジェクトへは移せません。同じ計画から選んでください。"
    if kpi.decimal_places < before.decimal_places:
        recorded = kpi.actuals.filter(value__isnull=False).values_list("value", flat=True)
        if any(not fits_decimal_places(value, kpi.decimal_places) for value in recorded):
            errors["decimal_places"] = (
                "これより細かい実績が入力されています。小数桁数は減らせません。"
            )
    if (before.baseline, before.baseline_year) != (kpi.baseline, kpi.baseline_year):
        closed = closed_years_of(kpi)
        if closed:
            errors["baseline"] = _closed_message(closed, "基準値")
    return errors


def _kpi_of(target: FinalTarget | YearlyTarget) -> Kpi | None:
    """The target's KPI; None while a form has none, or one without a project, for it."""
    kpi = getattr(target, "kpi", None)
    return kpi if kpi is not None and kpi.project_id is not None else None


def _goal_errors(kpi: Kpi, value: Decimal, *, label: str) -> dict[str, str]:
    if not fits_decimal_places(value, kpi.decimal_places):
        return {"value": decimals_message(label, kpi.decimal_places)}
    problem = goal_problem_of(kpi, value)
    return {"value": problem} if problem else {}


def _other_final_targets(target: FinalTarget) -> list[tuple[int, Decimal]]:
    if target.kpi_id is None:
        return []
    saved = type(target).objects.filter(kpi_id=target.kpi_id).exclude(pk=target.pk)
    return list(saved.values_list("effective_from", "value"))


def _refuse_if_closed_years_change(
    target: FinalTarget, targets_after: list[tuple[int, Decimal]]
) -> None:
    if target.kpi_id is None:
        return
    saved = list(
        type(target).objects.filter(kpi_id=target.kpi_id).values_list("effective_from", "value")
    )
    changed = {
        year
        for year in closed_years_of(target.kpi)
        if in_force(saved, year) != in_force(targets_after, year)
    }
    if changed:
        raise ValidationError(_closed_message(changed, "最終目標値"))


def _saved(target: YearlyTarget) -> YearlyTarget | None:
    return type(target).objects.filter(pk=target.pk).first() if target.pk else None


def _refuse_closed_yearly_target(target: YearlyTarget, before: YearlyTarget | None) -> None:
    if target.kpi_id is None:
        return
    years = {target.fiscal_year} | ({before.fiscal_year} if before else set())
    closed = closed_years_of(target.kpi) & years
    if closed:
        raise ValidationError(_closed_message(closed, "年度目安"))


def _outside_plan(strategy: Strategy) -> str:
    return (
        f"計画期間（{wareki(strategy.first_year)}から{wareki(strategy.last_year)}まで）の"
        f"年度を西暦で入力してください（例：{strategy.first_year}）。"
    )


def _closed_message(years: Iterable[int], label: str) -> str:
    named = "、".join(wareki(year) for year in sorted(years))
    return f"{named}は締め済みのため、{label}は変えられません。締めを解いてから直してください。"
