"""Rules of a KPI's targets, each with its sentences: one for every door.

Called by the act that revises targets, by the models' `clean()` and `delete()` (so the loader
obeys them), for a KPI whose own columns change, and by `kpis.plan_check` for all that stands.
A KPI's targets are judged together, as they will be: `Aims`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from common.fiscal_year import wareki
from kpis.achievement import display_value, goal_problem
from kpis.rules import (
    closed_message,
    closed_years_of,
    decimals_message,
    fits_decimal_places,
    outside_fault,
    worded,
)
from kpis.target_doubts import falling_years, named_falling, named_passing, passing_years
from kpis.targets import Course, former_state, target_of
from projects.rules import Fault, refuse

if TYPE_CHECKING:
    from kpis.models import FinalTarget, Kpi, YearlyTarget
    from projects.models import Strategy


def last_year_in(strategy: Strategy) -> Callable[[int], int]:
    """The plan's last year as it is in force for a year (one query)."""
    former = list(strategy.former_periods.all()) if strategy.pk else []

    def in_force(year: int) -> int:
        state = former_state(former, year)
        return strategy.last_year if state is None else state.last_year

    return in_force


@dataclass(frozen=True)
class Aims:
    """A KPI's final and yearly targets, as they stand or as they are to be."""

    kpi: Kpi
    finals: tuple[FinalTarget, ...]
    yearly: tuple[YearlyTarget, ...]
    last_year_in: Callable[[int], int]

    @classmethod
    def saved(cls, kpi: Kpi) -> Aims:
        """What stands in the database of a KPI, which itself is judged as it is at hand."""
        last = last_year_in(kpi.project.strategy)
        if kpi.pk is None:
            return cls(kpi, (), (), last)
        return cls(
            kpi,
            tuple(kpi.final_targets.order_by("effective_from")),
            tuple(kpi.yearly_targets.order_by("fiscal_year")),
            last,
        )

    @cached_property
    def course(self) -> Course:
        """What each year aims at."""
        kpi = self.kpi
        return Course(
            rows=[target_of(row) for row in self.finals],
            yearly={row.fiscal_year: row.value for row in self.yearly},
            begins=self.begins,
            last_year_in=self.last_year_in,
            start=kpi.baseline,
            start_year=kpi.baseline_year,
            aggregation=kpi.aggregation,
            direction=kpi.direction,
            formula=kpi.formula,
        )

    @property
    def begins(self) -> int:
        """The KPI's first fiscal year."""
        return self.kpi.first_year or self.kpi.project.strategy.first_year

    @property
    def increases(self) -> bool:
        """Whether more is better."""
        return self.kpi.direction == "increase"

    def with_final(self, row: FinalTarget) -> Aims:
        """With a final target added, or in the place of the one that it was."""
        rest = (
            one
            for one in self.finals
            if one.effective_from != row.effective_from and (row.pk is None or one.pk != row.pk)
        )
        return replace(self, finals=(*rest, row))

    def with_yearly(self, row: YearlyTarget) -> Aims:
        """With a yearly target added, or in the place of the one that it was."""
        rest = (
            one
            for one in self.yearly
            if one.fiscal_year != row.fiscal_year and (row.pk is None or one.pk != row.pk)
        )
        return replace(self, yearly=tuple(sorted((*rest, row), key=lambda one: one.fiscal_year)))


# What a single target can't be


def final_target_faults(target: FinalTarget, aims: Aims) -> Iterator[Fault]:
    """What is wrong with a final target among the KPI's others."""
    kpi, strategy, year = aims.kpi, aims.kpi.project.strategy, target.effective_from
    if year not in strategy.years:
        yield outside_fault("effective_from", strategy, "適用する最初の年度を直してください。")
        return
    baseline = aims.course.baseline(year)[0]
    if target.value is not None:
        yield from _goal_faults(kpi, target.value, baseline, label="最終目標値")
        yield from _strict_faults(target, aims)
    yield from _tolerance_faults(target, aims, baseline)
    yield from _target_year_faults(target, strategy)
    if target.baseline is not None and not fits_decimal_places(target.baseline, kpi.decimal_places):
        message = worded(kpi, decimals_message("改めた基準値", kpi.decimal_places))
        yield Fault("baseline", message)
    if year > min(one.effective_from for one in aims.finals) and not target.reason.strip():
        yield Fault("reason", "目標を改めた理由を書いてください（報告書に載ります）。")


def yearly_target_faults(target: YearlyTarget, aims: Aims) -> Iterator[Fault]:
    """What is wrong with a yearly target by itself; from the target year on there is none."""
    kpi, strategy, year = aims.kpi, aims.kpi.project.strategy, target.fiscal_year
    if year not in strategy.years:
        yield outside_fault("fiscal_year", strategy, "年度を直すか、年度目安を消してください。")
        return
    nothing_due = target.value == 0 and aims.increases and kpi.formula != "from_baseline"
    if not nothing_due:
        yield from _goal_faults(kpi, target.value, aims.course.baseline(year)[0], "年度目安値")
    last = aims.course.target_year(year)
    if year >= last:
        name = "最終年度" if last == aims.last_year_in(year) else "目標年度"
        yield Fault(
            "fiscal_year",
            f"{name}（{wareki(last)}）{'' if year == last else 'から'}の目安は最終目標値です。"
            "年度目安は置かず、最終目標値を使ってください。",
            f"{name}の目安は最終目標値です。年度目安を消してください。",
        )


def _goal_faults(kpi: Kpi, value: Decimal, baseline: Decimal | None, label: str) -> Iterator[Fault]:
    if not fits_decimal_places(value, kpi.decimal_places):
        yield Fault("value", worded(kpi, decimals_message(label, kpi.decimal_places)))
    problem = _goal_problem_of(kpi, value, baseline)
    if problem:
        yield Fault("value", problem)


def _goal_problem_of(kpi: Kpi, goal: Decimal, baseline: Decimal | None) -> str:
    """Why the KPI's formula can't bear a goal, as a sentence; empty when it can.

    Empty too while the KPI lacks the baseline that its formula needs, which its own rule says.
    """
    if kpi.formula == "from_baseline" and baseline is None:
        return ""
    return goal_problem(goal, direction=kpi.direction, formula=kpi.formula, baseline=baseline)


def _strict_faults(target: FinalTarget, aims: Aims) -> Iterator[Fault]:
    by_baseline = aims.kpi.formula == "from_baseline"
    if target.is_strict and not aims.increases and target.value == 0 and not by_baseline:
        yield Fault(
            "is_strict",
            "「0未満」は、この算式では達することができません。「0以下」にしてください。",
        )


def _tolerance_faults(target: FinalTarget, aims: Aims, baseline: Decimal | None) -> Iterator[Fault]:
    """What of a level that is to be kept (維持) can't be."""
    kpi, width, value = aims.kpi, target.tolerance, target.value
    if width is None or value is None:
        return
    if kpi.formula != "ratio" or kpi.aggregation != "annual":
        yield Fault(
            "tolerance", "「維持」にできるのは、単年度で算式が「実績÷目標」の場合だけです。"
        )
        return
    if width < 0:
        yield Fault("tolerance", "維持の幅は0以上にしてください。")
    elif not fits_decimal_places(width, kpi.decimal_places):
        yield Fault("tolerance", worded(kpi, decimals_message("維持の幅", kpi.decimal_places)))
    elif aims.increases and width >= value:
        yield Fault("tolerance", "維持の幅は、目標値より小さくしてください。")
    if target.is_strict:
        yield Fault("is_strict", "「維持」と「超・未満」は、どちらかにしてください。")
    if baseline is None:
        yield Fault("tolerance", "「維持」には基準値が要ります。基準値を入力してください。")
    elif value != baseline:
        shown = display_value(baseline, kpi.decimal_places)
        yield Fault("value", f"「維持」の目標値は、基準値（{shown}）と同じにしてください。")


def _target_year_faults(target: FinalTarget, strategy: Strategy) -> Iterator[Fault]:
    year = target.target_year
    if year is None:
        return
    if year not in strategy.years:
        yield outside_fault("target_year", strategy, "目標年度を直すか、空にしてください。")
    elif year < target.effective_from:
        yield Fault(
            "target_year",
            f"目標年度は、適用する最初の年度（{wareki(target.effective_from)}）より前にできません。",
        )


# What targets can't be together


def together_faults(aims: Aims) -> Iterator[Fault]:
    """Yearly targets of a sum that pass the final target, or fall: one fault for all of a kind.

    Of a KPI whose years stand alone, both are doubts only (`kpis.target_doubts`).
    """
    if aims.kpi.aggregation != "cumulative":
        return
    yield from _passing_fault(aims, passing_years(aims.course))
    falling = named_falling(aims.course, falling_years(aims.course), aims.kpi.decimal_places)
    if falling:
        yield Fault(
            "value",
            f"累計の年度目安が、前の年度より小さくなっています：{falling}。"
            "累計は減らないので、年度目安を直すか消してください。",
        )


def newly_passing_faults(before: Aims, after: Aims) -> Iterator[Fault]:
    """Yearly targets left as they were that a revised final target makes pass it.

    They are dropped, changed or spread anew in the same step.
    """
    old = {row.fiscal_year: row.value for row in before.yearly}
    passed = set(passing_years(before.course))
    left = [
        year
        for year in passing_years(after.course)
        if year not in passed and old.get(year) == after.course.yearly[year]
    ]
    yield from _passing_fault(after, left)


def _passing_fault(aims: Aims, years: list[int]) -> Iterator[Fault]:
    if years:
        yield Fault(
            "value",
            f"年度目安が最終目標値を{'超えて' if aims.increases else '下回って'}います："
            f"{named_passing(aims.course, years, aims.kpi.decimal_places)}。"
            "年度目安を直すか消すか、最終目標値を改めてください。",
        )


# What closed years keep


def closed_years_faults(before: Aims, after: Aims) -> Iterator[Fault]:
    """What would change that is in force for a closed year of the KPI's life, naming the years."""
    closed = sorted(closed_years_of(before.kpi))
    was, is_ = before.course, after.course
    kept: list[tuple[str, str, Callable[[Course, int], object]]] = [
        (NON_FIELD_ERRORS, "最終目標値", lambda course, year: course.target(year)),
        (NON_FIELD_ERRORS, "目標年度", lambda course, year: course.target_year(year)),
        (NON_FIELD_ERRORS, "年度目安", lambda course, year: course.yearly.get(year)),
        ("baseline", "基準値", lambda course, year: course.baseline(year)),
        (NON_FIELD_ERRORS, "年度目安", lambda course, year: course.expected(year)),
    ]
    said: set[int] = set()
    for field, label, asked in kept:
        changed = [year for year in closed if asked(was, year) != asked(is_, year)]
        if changed and not said & set(changed):
            said |= set(changed)
            yield Fault(field, closed_message(changed, label))


# Doors


def check_final_target(target: FinalTarget) -> None:
    """Raise ValidationError for a target that is wrong beside the KPI's others as saved."""
    if _kpi_of(target) is None or target.effective_from is None:
        return
    before = Aims.saved(target.kpi)
    after = before.with_final(target)
    refuse([*final_target_faults(target, after)])
    _check_together(before, after)


def check_final_target_deletable(target: FinalTarget) -> None:
    """Raise ValidationError if a closed year, or a yearly target, rests on the target."""
    before = Aims.saved(target.kpi)
    rest = tuple(one for one in before.finals if one.pk != target.pk)
    _check_together(before, replace(before, finals=rest))


def check_yearly_target(target: YearlyTarget) -> None:
    """Raise ValidationError for a yearly target that is wrong beside what is saved."""
    if _kpi_of(target) is None or target.fiscal_year is None or target.value is None:
        return
    before = Aims.saved(target.kpi)
    after = before.with_yearly(target)
    refuse([*yearly_target_faults(target, after)])
    _check_together(before, after)


def check_yearly_target_deletable(target: YearlyTarget) -> None:
    """Raise ValidationError if the target's year is closed."""
    before = Aims.saved(target.kpi)
    rest = tuple(one for one in before.yearly if one.pk != target.pk)
    _check_together(before, replace(before, yearly=rest))


def check_saved_targets(kpi: Kpi) -> None:
    """Raise ValidationError if the KPI as it is at hand does not fit its targets in the database.

    Nor may it change what a closed year was measured by.
    """
    if kpi.pk is None:
        return
    after = Aims.saved(kpi)
    goals = [(one.value, one.effective_from, "最終目標値") for one in after.finals]
    goals += [(one.value, one.fiscal_year, "年度目安") for one in after.yearly]
    for value, year, label in goals:
        if value is None:
            continue
        if not fits_decimal_places(value, kpi.decimal_places):
            message = "これより細かい目標値が入力されています。小数桁数は減らせません。"
            raise ValidationError({"decimal_places": message})
        nothing_due = value == 0 and label == "年度目安" and kpi.direction == "increase"
        problem = _goal_problem_of(kpi, value, after.course.baseline(year)[0])
        if problem and not (nothing_due and kpi.formula != "from_baseline"):
            raise ValidationError(f"{label}{value.normalize():f}：{problem}")
    before = replace(
        after, kpi=type(kpi).objects.select_related("project__strategy").get(pk=kpi.pk)
    )
    refuse(closed_years_faults(before, after))
    for row in after.finals:
        for fault in final_target_faults(row, after):
            raise ValidationError(fault.entered)
    for fault in together_faults(after):
        raise ValidationError(fault.entered)


def _check_together(before: Aims, after: Aims) -> None:
    """Raise ValidationError for closed years, then for what is wrong between the targets.

    It belongs to no field: either of two may be the one to change.
    """
    for fault in (*closed_years_faults(before, after), *together_faults(after)):
        raise ValidationError(fault.entered)


def _kpi_of(target: FinalTarget | YearlyTarget) -> Kpi | None:
    """The target's KPI; None while a form has none, or one without a project, for it."""
    kpi: Kpi | None = getattr(target, "kpi", None)
    return kpi if kpi is not None and kpi.project_id is not None else None
