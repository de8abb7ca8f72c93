"""Acts on a KPI's life: adding one, ending it, letting it go on after all, replacing it.

A year that was closed before knows no end that was set after it (`FormerEnd`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from common.fiscal_year import wareki
from common.history import sign_change
from kpis import sharing
from kpis.models import FinalTarget, FormerEnd, Kpi, YearlyActual
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    check_year,
    first_open_year,
    last_closed_year,
    note_act,
    refused,
    remove_row,
    save_row,
    stated_reason,
)
from kpis.plan_changes.goals import standing_home
from kpis.recording import ACTUALS, Change, RecordingRefused
from projects.models import Department, Strategy


@dataclass(frozen=True, slots=True)
class Leaving:
    """The fiscal years in which a KPI's figures, targets and own rules go with its end."""

    figures: tuple[int, ...]
    yearly_targets: tuple[int, ...]
    final_targets: tuple[int, ...]
    own_rules: tuple[int, ...] = ()

    def __str__(self) -> str:
        """`令和9年度の実績、令和9年度の年度目安`; empty where nothing goes."""
        named = (
            (self.figures, "の実績"),
            (self.yearly_targets, "の年度目安"),
            (self.final_targets, "からの最終目標値"),
            (self.own_rules, "からの評価のきまり"),
        )
        return "、".join(f"{wareki(year)}{what}" for years, what in named for year in years)


def leaving_after(kpi: Kpi, last_year: int) -> Leaving:
    """What goes with the end of a KPI after a year (four queries)."""
    return Leaving(
        tuple(_years(kpi.actuals, "fiscal_year", last_year)),
        tuple(_years(kpi.yearly_targets, "fiscal_year", last_year)),
        tuple(_years(kpi.final_targets, "effective_from", last_year)),
        tuple(_years(kpi.own_rules, "effective_from", last_year)),
    )


def add_kpi(
    kpi: Kpi,
    *,
    user: User,
    reason: str = "",
    target: FinalTarget | None = None,
    related: Iterable[Department] = (),
) -> Kpi:
    """Add a KPI that was not saved yet to its project's plan; return it.

    With what holds 数値目標 for its project it is one of these (`standing_home`).

    Without a first year it begins with the plan or, where years are closed, in the first open
    one. `target` is its first final target, from its first year on, `related` are its 関係課. The
    reason is asked for where the KPI doesn't begin with the plan.
    """
    with acting(kpi.project.strategy, user) as plan:
        kpi.first_year = beginning(plan, kpi.first_year)
        reason = stated_reason(reason, "加える理由", is_needed=kpi.first_year is not None)
        kpi.begin_reason = reason
        kpi.project = standing_home(kpi.project, plan, user, reason or "指標を加える")
        kpi.project.strategy = plan
        _add(kpi, target, related, user, reason or "指標を加える")
        note_act(plan, f"{plan.words.kpi}{kpi.code}「{kpi.name}」を加えた", reason, user)
    return kpi


def beginning(plan: Strategy, first_year: int | None) -> int | None:
    """The first year to keep of what is added to a plan: None where it begins with the plan.

    RecordingRefused at `first_year` for one that is closed or outside the plan.
    """
    if first_year is None:
        first_year = first_open_year(plan)
    check_year(plan, first_year, "first_year")
    return None if first_year == plan.first_year else first_year


def end_kpi(kpi: Kpi, last_year: int, *, user: User, reason: str) -> Leaving:
    """End a KPI with a year for a reason; return what went with it.

    Its later figures and targets are removed, each with its history. An end may be set anew.
    """
    with acting(kpi.project.strategy, user) as plan:
        kpi = _as_it_stands(kpi, plan)
        reason = stated_reason(reason, "終える理由")
        leaving = _end(kpi, last_year, plan, user, reason)
        what = f"{plan.words.kpi}{kpi.code}「{kpi.name}」を{wareki(last_year)}で終える"
        note_act(plan, what, reason, user)
    return leaving


def resume_kpi(kpi: Kpi, *, user: User, reason: str) -> Kpi:
    """Let a KPI that was to end go on; refused once a year after its end is closed."""
    with acting(kpi.project.strategy, user) as plan:
        kpi = _as_it_stands(kpi, plan)
        reason = stated_reason(reason, "終わりを取りやめる理由")
        if kpi.last_year is None:
            raise refused(f"{kpi.code}「{kpi.name}」には、終わりの年度がありません。")
        closed = last_closed_year(plan)
        if closed is not None and closed > kpi.last_year:
            raise refused(
                f"{wareki(closed)}は、{kpi.code}「{kpi.name}」がないものとして締め済みです。"
                f"終わりは取りやめられません。新しい{plan.words.kpi}を加えてください。"
            )
        successor = Kpi.objects.filter(successor_of=kpi).first()
        if successor is not None:
            raise refused(
                f"{kpi.code}「{kpi.name}」は、{successor.code}「{successor.name}」に差し替えられて"
                f"います。先に{successor.code}を削除してください。"
            )
        _keep_former_end(kpi, None, closed, user, reason)
        _set_end(kpi, None, "", user, reason)
        note_act(plan, f"{plan.words.kpi}{kpi.code}の終わりを取りやめた", reason, user)
    return kpi


def replace_kpi(
    kpi: Kpi,
    last_year: int,
    successor: Kpi,
    *,
    user: User,
    reason: str,
    target: FinalTarget | None = None,
    related: Iterable[Department] = (),
) -> Kpi:
    """End a KPI with a year and start its successor, not saved yet, in the next; return that."""
    with acting(kpi.project.strategy, user) as plan:
        kpi = _as_it_stands(kpi, plan)
        reason = stated_reason(reason, "差し替える理由")
        _end(kpi, last_year, plan, user, reason)
        successor.project = standing_home(successor.project, plan, user, reason)
        successor.project.strategy = plan
        successor.first_year = last_year + 1
        successor.begin_reason = reason
        successor.successor_of = kpi
        _add(successor, target, related, user, reason)
        what = f"{kpi.code}「{kpi.name}」を{successor.code}「{successor.name}」に差し替えた"
        note_act(plan, f"{plan.words.kpi}{what}", reason, user)
    return successor


def _add(
    kpi: Kpi,
    target: FinalTarget | None,
    related: Iterable[Department],
    user: User,
    reason: str,
) -> None:
    save_row(kpi, user, reason)
    if related:
        sign_change(kpi, user, reason)
        kpi.related_departments.set(related)
    if target is not None:
        target.kpi = kpi
        target.effective_from = kpi.first_year or kpi.project.strategy.first_year
        try:
            save_row(target, user, reason)
        except RecordingRefused as refusal:
            # Its value is the act's `target`.
            raise RecordingRefused(
                replace(one, field="target" if one.field == "value" else one.field)
                for one in refusal.refusals
            ) from None


def _as_it_stands(kpi: Kpi, plan: Strategy) -> Kpi:
    """The KPI of the database, with the plan that is locked."""
    now = Kpi.objects.select_related("project", "source__project__strategy").get(pk=kpi.pk)
    now.project.strategy = plan
    return now


def _end(kpi: Kpi, last_year: int, plan: Strategy, user: User, reason: str) -> Leaving:
    _check_last_year(kpi, last_year, plan)
    leaving = leaving_after(kpi, last_year)
    for actual in YearlyActual.objects.filter(kpi=kpi, fiscal_year__gt=last_year):
        change = Change(kpi.pk, None, actual.version)
        ACTUALS.record_one(plan, actual.fiscal_year, change, user=user, reason=reason)
    for target in kpi.yearly_targets.filter(fiscal_year__gt=last_year):
        remove_row(target, user, reason)
    for final in kpi.final_targets.filter(effective_from__gt=last_year):
        remove_row(final, user, reason)
    for own in kpi.own_rules.filter(effective_from__gt=last_year):
        remove_row(own, user, reason)
    _keep_former_end(kpi, last_year, last_closed_year(plan), user, reason)
    _set_end(kpi, last_year, reason, user, reason)
    return leaving


def _check_last_year(kpi: Kpi, last_year: int, plan: Strategy) -> None:
    first = kpi.first_year or plan.first_year
    if last_year not in plan.years or last_year < first or last_year == plan.last_year:
        raise refused(
            f"最後の年度は、{wareki(first)}から{wareki(plan.last_year - 1)}までにしてください"
            f"（計画の最終年度まで続く{plan.words.kpi}は、終える必要がありません）。",
            "last_year",
        )
    closed = last_closed_year(plan)
    lived = [year for year in range(first, (closed or 0) + 1) if kpi.lives_in(year)]
    if lived and last_year < lived[-1]:
        raise refused(
            f"{wareki(lived[-1])}は締め済みで、{kpi.code}「{kpi.name}」が載っています。"
            f"最後の年度は{wareki(lived[-1])}か、その後にしてください。",
            "last_year",
        )
    if kpi.last_year is not None and closed is not None and kpi.last_year < closed:
        raise refused(
            f"{wareki(closed)}は、{kpi.code}「{kpi.name}」が{wareki(kpi.last_year)}に終わったものとして"
            "締め済みです。最後の年度は変えられません。",
            "last_year",
        )
    successor = Kpi.objects.filter(successor_of=kpi).first()
    if successor is not None and last_year >= (successor.first_year or plan.first_year):
        raise refused(
            f"後に続く{successor.code}「{successor.name}」が"
            f"{wareki(successor.first_year or plan.first_year)}に始まります。"
            "最後の年度は、その前にしてください。",
            "last_year",
        )


def _keep_former_end(
    kpi: Kpi, last_year: int | None, closed: int | None, user: User, reason: str
) -> None:
    """Keep the end that closed years know, unless they know another one or none lived then."""
    if closed is None or not kpi.lives_in(closed) or kpi.last_year == last_year:
        return
    known = FormerEnd.objects.filter(kpi=kpi, held_until__gte=closed).order_by("held_until").first()
    if known is None:
        former = FormerEnd(kpi=kpi, held_until=closed, last_year=kpi.last_year, reason=reason)
        save_row(former, user, reason)
    elif known.last_year == last_year:
        remove_row(known, user, reason)


def _set_end(kpi: Kpi, last_year: int | None, why: str, user: User, reason: str) -> None:
    """Save the KPI's end, where the plans that count its figures bear it."""
    years = set(kpi.project.strategy.years)
    before = {year for year in years if kpi.lives_in(year)}
    kpi.last_year, kpi.end_reason = last_year, why
    changed = before ^ {year for year in years if kpi.lives_in(year)}
    problem = sharing.why_not_lent(kpi, changed)
    if problem:
        raise refused(problem, "last_year")
    save_row(kpi, user, reason)


def _years(rows: Any, column: str, last_year: int) -> list[int]:
    later: Callable[..., Any] = rows.filter
    found = later(**{f"{column}__gt": last_year}).order_by(column)
    return list(found.values_list(column, flat=True))
