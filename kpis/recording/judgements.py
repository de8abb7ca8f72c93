"""Ratings that people give: what departments propose, and what the planner decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.fiscal_year import wareki
from kpis.definition import scale_of
from kpis.models import ActualState, Kpi
from kpis.permissions import User, may_decide
from kpis.plan_rules import own_scales, plan_rules
from kpis.plan_states import denied
from kpis.recording.engine import Change
from kpis.recording.refusals import Kind, Refusal
from kpis.series import JUDGED, load_series, measurement_of
from projects.bands import Band, quoted
from projects.models import Strategy
from projects.scales import Scale

_NOTHING = (None, "", None, "")
WHO_DECIDES = "評価を決めるのは企画担当です。"
_HELD = (
    "企画担当が評価を決めているため、未入力に戻せません。"
    "実績値だけを直すか、企画担当に評価を取り消してもらってください。"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """One of the two ratings that a row may have, its columns and what it is called."""

    place: str
    reason: str
    called: str


_PROPOSAL = _Said("proposed_place", "proposal_reason", "評価の案")
_DECISION = _Said("decided_place", "decision_reason", "評価")


def refuse_decider(user: User | None, strategy: Strategy) -> None:
    """Raise PermissionDenied unless the user decides the plan's ratings."""
    if not may_decide(user, strategy):
        raise denied(strategy, WHO_DECIDES)


def refused_judgements(
    owners: Mapping[int, Kpi],
    fiscal_year: int,
    changes: Sequence[tuple[Any, Change]],
    user: User | None,
) -> Iterator[Refusal]:
    """Ratings that can't be given so, and withdrawals that would take a decision back.

    No query where no rating changes.
    """
    judged = [
        (owners[one.owner_id], row, one.entry)
        for row, one in changes
        if _judged(row) != _judged(one.entry)
    ]
    if not judged:
        return
    strategy = judged[0][0].project.strategy
    decides = may_decide(user, strategy)
    scales = scales_in(strategy, fiscal_year, [owner.pk for owner, _row, _entry in judged])
    held_against = _computed(strategy, fiscal_year, judged, scales)
    for owner, row, entry in judged:
        if entry is None:
            if row.decided_place is not None and not decides:
                yield Refusal(owner.code, Kind.INVALID, "value", _HELD, owner_id=owner.pk)
            continue
        faults = [
            *_faults(_PROPOSAL, row, entry, scales[owner.pk], fiscal_year),
            *_faults(_DECISION, row, entry, scales[owner.pk], fiscal_year),
        ]
        if not faults and _changes(_DECISION, row, entry) and not entry.decision_reason.strip():
            scale, computed = scales[owner.pk], held_against.get(owner.pk)
            against = {"案の": scale.at(entry.proposed_place), "計算による": computed}
            sentence = why_differing(scale.at(entry.decided_place), against)
            faults += [(_DECISION.reason, sentence)] if sentence else []
        for field, sentence in faults:
            yield Refusal(owner.code, Kind.INVALID, field, sentence, owner_id=owner.pk)


def scales_in(strategy: Strategy, fiscal_year: int, kpi_ids: Sequence[int]) -> dict[int, Scale]:
    """By what some KPIs of a plan are rated in a year, by id (three queries)."""
    rules, own = plan_rules(strategy).in_year(fiscal_year), own_scales(kpi_ids)
    return {pk: scale_of(own.get(pk, ()), fiscal_year, rules) for pk in kpi_ids}


def computed_in(
    strategy: Strategy, fiscal_year: int, entries: Mapping[int, Any]
) -> dict[int, Band | None]:
    """What rates or positions would say of some KPIs if they stood so in a year, by id.

    `entries` are what is stated of each; those of a shared figure count for nothing.
    """
    if not entries:
        return {}
    found = load_series(strategy, Kpi.objects.filter(pk__in=entries))
    computed = {}
    for series in found:
        pk = series.definition.id
        if series.takes(fiscal_year):
            computed[pk] = series.assess(fiscal_year).computed
        else:
            stated = entries[pk]
            known = None if stated.state == ActualState.MISSING else measurement_of(stated)
            computed[pk] = series.assess_with(fiscal_year, known).computed
    return computed


def place_faults(
    called: str, field: str, place: int | None, scale: Scale, fiscal_year: int
) -> Iterator[tuple[str, str]]:
    """Why a place can't be given by a scale, as (field, sentence); none where there is no place."""
    if place is None:
        return
    if not scale.is_by_people:
        yield field, not_by_people(called, fiscal_year)
    elif scale.at(place) is None:
        yield field, not_a_mark(called, scale)


def not_by_people(called: str, fiscal_year: int) -> str:
    """The sentence for a mark in a year in which people don't rate."""
    year = wareki(fiscal_year)
    return f"{year}は人が評価を決める年度ではないため、{called}は入れられません。空にしてください。"


def only_reason(called: str) -> str:
    """The sentence for a reason that stands without its rating."""
    return f"{called}も選んでください。理由だけでは保存できません。"


def not_a_mark(called: str, scale: Scale) -> str:
    """The sentence that names the marks of a scale."""
    return f"{called}は、{quoted(scale.marks)}から選んでください。"


def why_differing(decided: Band | None, against: Mapping[str, Band | None]) -> str:
    """The sentence that asks for a decision's reason; empty where it is like all others.

    `against` are the others, by what they are called (None: there is none).
    """
    for other, band in against.items():
        if decided is not None and band is not None and band != decided:
            return f"{other}「{band.text}」と違う評価にする理由を書いてください。"
    return ""


def _faults(
    said: _Said, row: Any, entry: Any, scale: Scale, fiscal_year: int
) -> Iterable[tuple[str, str]]:
    if not _changes(said, row, entry):
        return
    place, reason = getattr(entry, said.place), getattr(entry, said.reason).strip()
    yield from place_faults(said.called, said.place, place, scale, fiscal_year)
    if place is None and reason:
        yield said.place, only_reason(said.called)
    if said is _PROPOSAL and place is not None and not reason:
        yield said.reason, f"{said.called}の理由を書いてください。"


def _changes(said: _Said, row: Any, entry: Any) -> bool:
    before = (None, "") if row is None else (getattr(row, said.place), getattr(row, said.reason))
    return before != (getattr(entry, said.place), getattr(entry, said.reason))


def _judged(stated: Any) -> tuple[Any, ...]:
    """What a row or an entry says of ratings (None: nothing is stated)."""
    return _NOTHING if stated is None else tuple(getattr(stated, name) for name in JUDGED)


def _computed(
    strategy: Strategy,
    fiscal_year: int,
    judged: Sequence[tuple[Kpi, Any, Any]],
    scales: Mapping[int, Scale],
) -> dict[int, Band | None]:
    """What decisions without a reason are held against; no query where that is nothing."""
    asked = {}
    for owner, row, entry in judged:
        computes = scales[owner.pk].is_by_rate or scales[owner.pk].is_by_position
        if entry is None or not computes or not _changes(_DECISION, row, entry):
            continue
        if entry.decided_place is not None and not entry.decision_reason.strip():
            asked[owner.pk] = entry
    return computed_in(strategy, fiscal_year, asked)
