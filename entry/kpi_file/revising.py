"""What a row of the KPI file revises of a KPI that is there already: its target, its baseline."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from kpis.achievement import display_value
from kpis.models import FinalTarget, Kpi
from kpis.targets import Target, row_in_force, target_of

# A figure and the fiscal year of which it is, as the file has them.
Baseline = tuple[Decimal | None, int | None]
_BY_FILE = "指標ファイルによる"


@dataclass(frozen=True, slots=True)
class Revision:
    """The target as a row wants it, why, and the baseline as the row states it."""

    target: Target
    reason: str
    stated: Baseline


def current_target(kpi: Kpi) -> Decimal | None:
    """The final target in force at the plan's end; None without one, and where it is words."""
    latest = _latest(kpi)
    return latest.value if latest else None


def current_baseline(kpi: Kpi) -> Baseline:
    """The baseline in force at the plan's end.

    Of a KPI that a row was read into, the one that stood before: `own_baseline` is then that
    with which it begins.
    """
    rows = _rebased(kpi)
    if rows:
        return rows[-1].baseline, rows[-1].baseline_year
    own: Baseline = getattr(kpi, "own_baseline", (kpi.baseline, kpi.baseline_year))
    return own


def revision_of(kpi: Any, closed: Collection[int]) -> Revision | None:
    """What a row revises, from the first year that it can; None where it leaves all as it was.

    The KPI gets the baseline back with which it begins, unless a new one is simply that. Raises
    ValidationError where no year is open.
    """
    stated = kpi.baseline, kpi.baseline_year
    is_aimed = kpi.final_target is not None and kpi.final_target != current_target(kpi)
    closed_in_life = [year for year in closed if kpi.lives_in(year)]
    is_by_row = bool(closed_in_life or _rebased(kpi))
    is_rebased = is_by_row and stated != current_baseline(kpi)
    if is_by_row:
        kpi.baseline, kpi.baseline_year = kpi.own_baseline
    if not is_aimed and not is_rebased:
        return None
    begins = kpi.first_year or kpi.project.strategy.first_year
    latest = _latest(kpi)
    since = max(begins, max(closed_in_life, default=0) + 1, latest.effective_from if latest else 0)
    if since not in kpi.project.strategy.years:
        message = "締めていない年度がないため、最終目標値と基準値は変えられません。"
        raise ValidationError({"final_target" if is_aimed else "baseline": message})
    target = _in_force(kpi, since, begins)
    if is_rebased:
        target = replace(target, baseline=stated[0], baseline_year=stated[1])
    if is_aimed:
        target = replace(target, value=kpi.final_target, words="", met_by="")
    return Revision(target, kpi.reason or _said(kpi, is_aimed=is_aimed), stated)


def _in_force(kpi: Kpi, since: int, begins: int) -> Target:
    """The target in force in a year as a row of that year would state it again."""
    row = row_in_force(list(kpi.final_targets.all()), since)
    target = replace(target_of(row), effective_from=since) if row else Target(since, None)
    if since <= begins:
        return replace(target, baseline=kpi.baseline, baseline_year=kpi.baseline_year)
    if row is not None and row.effective_from != since:
        return replace(target, baseline=None, baseline_year=None)
    return target


def _said(kpi: Any, *, is_aimed: bool) -> str:
    """The reason where the file gives none: what it says."""
    if not is_aimed:
        return f"{_BY_FILE}（基準値の変更）"
    old, new = (
        display_value(one, kpi.decimal_places) for one in (current_target(kpi), kpi.final_target)
    )
    return f"{_BY_FILE}（最終目標値 {old}→{new}）"


def _latest(kpi: Kpi) -> FinalTarget | None:
    return max(kpi.final_targets.all(), key=lambda one: one.effective_from, default=None)


def _rebased(kpi: Kpi) -> list[FinalTarget]:
    """The rows that state a baseline, in order."""
    rows = [one for one in kpi.final_targets.all() if one.baseline is not None]
    return sorted(rows, key=lambda one: one.effective_from)
