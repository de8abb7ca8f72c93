"""目標を見直す: what a KPI aims at from a fiscal year on, and its yearly targets, in one act.

The rules are in `kpis.target_rules`, what is due by them in `kpis.targets`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError

from common.history import sign_change
from kpis import rules
from kpis.achievement import Number, baseline_path
from kpis.models import FinalTarget, Kpi, YearlyTarget
from kpis.permissions import User
from kpis.plan_changes.acting import acting, note_act
from kpis.recording import Kind, RecordingRefused, Refusal
from kpis.target_rules import (
    Aims,
    closed_years_faults,
    final_target_faults,
    newly_passing_faults,
    together_faults,
    yearly_target_faults,
)
from kpis.targets import TARGET_COLUMNS, Target, row_in_force
from projects.rules import Fault

_NO_START = "直線を引き始める値（基準値か、前の年度の目安）がないため、年度目安を置けません。"


def revise_target(
    kpi: Kpi,
    target: Target,
    *,
    yearly: Mapping[int, Decimal] | None = None,
    user: User,
    reason: str,
) -> None:
    """Let a KPI aim at a target from `target.effective_from` on.

    In the KPI's first year `target.baseline` is the baseline with which the KPI begins (None:
    there is none), later the one that is in force from then on (None: as before). `yearly` are
    all yearly targets as they are to be, by fiscal year; None leaves them as they are. A revision
    that is set back to what was in force before it is taken back. Raises
    PermissionDenied, or RecordingRefused, whose fields are the columns, `yearly` and
    `yearly_<year>`.
    """
    with acting(kpi.project.strategy, user) as plan:
        revision = _Revision.of(_as_it_is(kpi), target, yearly, reason)
        revision.check()
        revision.save(user)
        note_act(plan, f"{kpi.code}の目標を見直した", revision.reason, user)


def check_target(kpi: Kpi, target: Target, *, reason: str) -> None:
    """Raise RecordingRefused if a KPI, as it is at hand, can't aim at a target."""
    _Revision.of(kpi, target, None, reason).check()


def spread_from_baseline(kpi: Kpi, target: Target) -> dict[int, Decimal]:
    """The yearly targets with those from the target's first year on upon a line.

    It leads from the baseline in force, before the KPI's first year or the one from which the
    target states it, to the target in its year; in the KPI's decimals. Raises RecordingRefused
    where there is no line to draw.
    """
    aims = _Revision.of(kpi, target, None, "").after
    states_baseline = target.baseline is not None and target.effective_from > aims.begins
    since = target.effective_from if states_baseline else aims.begins
    start = None if _is_sum(kpi) else aims.course.baseline(target.effective_from)[0]
    return _spread(aims, target, since, 0 if _is_sum(kpi) else start)


def spread_from_due(kpi: Kpi, target: Target) -> dict[int, Decimal]:
    """The same upon a line that begins with what was due the year before the target holds."""
    revision = _Revision.of(kpi, target, None, "")
    aims, since = revision.after, target.effective_from
    start: Number | None = None
    if since > aims.begins:
        start = revision.before.course.expected(since - 1)
    if start is None:
        start = 0 if _is_sum(kpi) else aims.course.baseline(since)[0]
    return _spread(aims, target, since, start)


def _spread(aims: Aims, target: Target, since: int, start: Number | None) -> dict[int, Decimal]:
    goal = target.value
    if goal is None or start is None:
        message = _NO_START if goal is not None else "数値の目標だけ、年度目安を直線で置けます。"
        raise _refused([Fault("spread", message)], aims.kpi)
    last = aims.course.target_year(target.effective_from)
    kept = {year: due for year, due in aims.course.yearly.items() if year < target.effective_from}
    line = {
        year: baseline_path(
            Fraction(start), Fraction(goal), Fraction(year - since + 1, last - since + 1)
        )
        for year in range(target.effective_from, last)
    }
    return kept | {year: _in_decimals(due, aims.kpi.decimal_places) for year, due in line.items()}


def _in_decimals(value: Fraction, places: int) -> Decimal:
    """Rounded half-up to the KPI's decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _is_sum(kpi: Kpi) -> bool:
    return kpi.aggregation == "cumulative"


def _as_it_is(kpi: Kpi) -> Kpi:
    return Kpi.objects.select_related("project__strategy").get(pk=kpi.pk)


def _refused(faults: list[Fault], kpi: Kpi) -> RecordingRefused:
    return RecordingRefused(
        Refusal(kpi.code, Kind.INVALID, fault.field, rules.worded(kpi, fault.entered))
        for fault in faults
    )


@dataclass(frozen=True)
class _Revision:
    """A KPI's targets before and after, with the rows that are to be written."""

    before: Aims
    after: Aims
    row: FinalTarget
    is_revised: bool
    withdrawn: FinalTarget | None
    reason: str

    @classmethod
    def of(
        cls, kpi: Kpi, target: Target, yearly: Mapping[int, Decimal] | None, reason: str
    ) -> "_Revision":
        before = Aims.saved(kpi)
        standing = next(
            (one for one in before.finals if one.effective_from == target.effective_from), None
        )
        row = FinalTarget(kpi=kpi, pk=standing.pk if standing else None, reason=reason.strip())
        row._state.adding = standing is None  # noqa: SLF001 - Django's own, documented
        for name in TARGET_COLUMNS:
            setattr(row, name, getattr(target, name))
        begun = kpi
        if target.effective_from <= before.begins:
            begun = _beginning_with(kpi, target)
            row.baseline = row.baseline_year = None
        others = [one for one in before.finals if one is not standing]
        earlier = row_in_force(others, row.effective_from)
        withdrawn = standing if earlier and not _is_another(row, earlier) else None
        if withdrawn is not None:
            finals, is_revised = tuple(others), False
        else:
            is_revised = _is_another(row, row_in_force(before.finals, row.effective_from))
            finals = before.with_final(row).finals if is_revised else before.finals
        after = replace(before, finals=finals, kpi=begun)
        if yearly is not None:
            rows = {one.fiscal_year: one for one in before.yearly}
            after = replace(
                after,
                yearly=tuple(
                    _yearly_row(kpi, rows.get(year), year, value)
                    for year, value in sorted(yearly.items())
                ),
            )
        return cls(before, after, row, is_revised, withdrawn, row.reason)

    def check(self) -> None:
        """Raise RecordingRefused with everything that is wrong, at its field."""
        faults = list(self._faults())
        is_same = self.withdrawn is None and not any((*self._dropped(), *self._changes()))
        if not faults and is_same:
            faults = [Fault("", "目標も年度目安も、今と同じです。変えるところを直してください。")]
        if faults:
            raise _refused(faults, self.after.kpi)

    def _faults(self) -> Iterator[Fault]:
        yield from _of_columns(self.row)
        yield from rules.baseline_faults(self.after.kpi)
        if self.after.kpi.formula == "from_baseline" and self.after.kpi.baseline is None:
            yield Fault("baseline", "算式「基準値からの伸び」には基準値が要ります。")
        if self.is_revised:
            yield from final_target_faults(self.row, self.after)
        for one in self.after.yearly:
            for fault in (*_of_columns(one), *yearly_target_faults(one, self.after)):
                yield Fault(f"yearly_{one.fiscal_year}", fault.entered)
        together = list(together_faults(self.after))
        together += [
            fault
            for fault in newly_passing_faults(self.before, self.after)
            if fault not in together
        ]
        yield from (Fault("yearly", fault.entered) for fault in together)
        for fault in closed_years_faults(self.before, self.after):
            yield Fault(fault.field if fault.field == "baseline" else "", fault.entered)

    def _changes(self) -> Iterator[Any]:
        """What is to be written."""
        if self.after.kpi is not self.before.kpi:
            yield self.after.kpi
        if self.is_revised:
            yield self.row
        old = {one.pk: one.value for one in self.before.yearly}
        yield from (one for one in self.after.yearly if old.get(one.pk) != one.value)

    def _dropped(self) -> list[YearlyTarget]:
        kept = {one.pk for one in self.after.yearly}
        return [one for one in self.before.yearly if one.pk not in kept]

    def save(self, user: User) -> None:
        """Write what changes, each row with its history; what was checked is not asked again."""
        dropped = self._dropped()
        for one in (*dropped, *self._changes()):
            sign_change(one, user, self.reason)
        for one in dropped:
            one.delete()
        for row in self._changes():
            row.save()
        if self.withdrawn is not None:
            sign_change(self.withdrawn, user, self.reason)
            self.withdrawn.delete()


def _is_another(row: FinalTarget, was: FinalTarget | None) -> bool:
    """Whether a row says something else than the one that is in force in its first year."""
    states_baseline = row.baseline is not None
    if was is None:
        return row.value is not None or bool(row.words) or states_baseline
    names = [one for one in TARGET_COLUMNS if one != "effective_from"]
    if was.effective_from != row.effective_from:
        if states_baseline:
            return True
        names = [one for one in names if not one.startswith("baseline")]
    return any(getattr(was, name) != getattr(row, name) for name in names)


def _beginning_with(kpi: Kpi, target: Target) -> Kpi:
    """The KPI with the baseline that it is to begin with; the same object where it has it."""
    if (kpi.baseline, kpi.baseline_year) == (target.baseline, target.baseline_year):
        return kpi
    begun = Kpi.objects.select_related("project__strategy").get(pk=kpi.pk)
    begun.baseline, begun.baseline_year = target.baseline, target.baseline_year
    return begun


def _yearly_row(kpi: Kpi, standing: YearlyTarget | None, year: int, value: Decimal) -> YearlyTarget:
    row = YearlyTarget(kpi=kpi, pk=standing.pk if standing else None, fiscal_year=year, value=value)
    row._state.adding = standing is None  # noqa: SLF001
    return row


def _of_columns(row: Any) -> Iterator[Fault]:
    """What a row's own columns can't hold."""
    try:
        row.clean_fields(exclude={"kpi"})
        row.validate_constraints(exclude={"kpi", "effective_from", "fiscal_year"})
    except ValidationError as refusal:
        for name, messages in refusal.message_dict.items():
            yield from (Fault(name, message) for message in messages)
