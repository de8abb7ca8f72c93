"""Rules of a KPI's life and places in the plan, each with its sentences.

A place (project and number) is one KPI's in a year. What closed years know of both stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q

from common.fiscal_year import wareki
from kpis.targets import former_state
from projects.rules import Fault, life_faults

if TYPE_CHECKING:
    from kpis.models import FormerPlace, Kpi, KpiRatingRules

_EVER = (1, 9999)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The years, both included, in which a KPI has one place in the plan."""

    first_year: int
    last_year: int
    project_id: int
    number: int

    def meets(self, other: Stretch) -> bool:
        """Whether two have one place in the same year."""
        return (self.project_id, self.number) == (other.project_id, other.number) and not (
            self.last_year < other.first_year or other.last_year < self.first_year
        )


def stretches(kpi: Kpi, former: Sequence[FormerPlace]) -> list[Stretch]:
    """A KPI's places over its life, in order."""
    first, last = kpi.first_year or _EVER[0], kpi.last_year or _EVER[1]
    found = []
    for place in sorted(former, key=lambda one: one.held_until):
        if first <= min(place.held_until, last):
            until = min(place.held_until, last)
            found.append(Stretch(first, until, place.project_id, place.number))
            first = until + 1
    if first <= last:
        found.append(Stretch(first, last, kpi.project_id, kpi.number))
    return found


def kpi_life_faults(kpi: Kpi) -> Iterator[Fault]:
    """What is wrong with a KPI's years, its place in them, and the KPI that it follows."""
    yield from life_faults(kpi, kpi.project.strategy)
    yield from place_faults(kpi)
    yield from successor_faults(kpi)


# What the column of a number holds.
_LARGEST_NUMBER = 32_767


def place_faults(kpi: Kpi) -> Iterator[Fault]:
    """A place in the plan that another KPI has in one of the years in which this one has it."""
    if kpi.number is None or kpi.number > _LARGEST_NUMBER:
        return  # which the field itself says
    own = stretches(kpi, _former_places(kpi))
    here = Q()
    for one in own:
        here |= Q(project=one.project_id, number=one.number)
        here |= Q(former_places__project=one.project_id, former_places__number=one.number)
    others = type(kpi).objects.filter(here).exclude(pk=kpi.pk).distinct()
    for other in others.prefetch_related("former_places"):
        theirs = stretches(other, list(other.former_places.all()))
        if any(mine.meets(one) for mine in own for one in theirs):
            words = kpi.project.strategy.words
            yield Fault("number", words.put("この番号の指標は、このプロジェクトにすでにあります。"))
            return


def _former_places(kpi: Kpi) -> Sequence[FormerPlace]:
    if kpi.former_places_to_be is not None:
        return kpi.former_places_to_be
    return list(kpi.former_places.all()) if kpi.pk else ()


def same_place_faults(kpis: Sequence[Kpi]) -> Iterator[tuple[Kpi, list[Fault]]]:
    """The same of a whole plan, whose KPIs have their `former_places` at hand."""
    had: defaultdict[tuple[int, int], list[tuple[Kpi, Stretch]]] = defaultdict(list)
    for kpi in kpis:
        for mine in stretches(kpi, list(kpi.former_places.all())):
            place = had[mine.project_id, mine.number]
            for other in {one for one, theirs in place if mine.meets(theirs)}:
                sentence = f"「{other.name}」と、同じ年度に同じ番号です。番号を直してください。"
                yield kpi, [Fault("number", sentence)]
            place.append((kpi, mine))


def successor_faults(kpi: Kpi) -> Iterator[Fault]:
    """A KPI that follows one of another plan, or one that has not ended before it begins."""
    old = kpi.successor_of
    if old is None:
        return
    plan = kpi.project.strategy
    if old.project.strategy_id != plan.pk:
        yield Fault(NON_FIELD_ERRORS, plan.words.put("前の指標は、同じ計画の指標にしてください。"))
    elif old.project.holds_goals != kpi.project.holds_goals:
        yield Fault(
            NON_FIELD_ERRORS,
            plan.words.put("プロジェクトの指標と数値目標は、たがいに差し替えられません。")
            + "今のものを終えて、新しく加えてください。",
        )
    elif old.last_year is None or (kpi.first_year or plan.first_year) <= old.last_year:
        yield Fault(
            NON_FIELD_ERRORS,
            plan.words.put(
                f"前の指標の{old.code}「{old.name}」は、この指標が始まる前に終わっていません。"
            ),
        )


def closed_life_faults(kpi: Kpi, before: Kpi | None, closed: Sequence[int]) -> Iterator[Fault]:
    """Closed years in which the KPI would live or stand otherwise than it did."""
    if not closed:
        return
    words = kpi.project.strategy.words
    if before is None:
        # What a sibling says: the model knows nothing of the former rows of a new KPI.
        lived = [year for year in closed if kpi.lives_in(year)]
        if lived:
            yield Fault(
                NON_FIELD_ERRORS,
                words.put(
                    f"{_named(lived)}は締め済みです。指標を加えられるのは、締めていない年度からです。"
                ),
            )
        return
    ends, places = list(kpi.former_ends.all()), list(kpi.former_places.all())
    if any(_lives(before, ends, year) != _lives(kpi, ends, year) for year in closed):
        yield Fault(
            NON_FIELD_ERRORS,
            words.put(f"{_named(closed)}は締め済みのため、指標の年度は変えられません。"),
        )
    if any(_place(before, places, year) != _place(kpi, places, year) for year in closed):
        yield Fault(
            NON_FIELD_ERRORS,
            words.put(
                f"{_named(closed)}は締め済みのため、番号とプロジェクトは変えられません。"
                "締めていない年度から「指標を移す」で変えてください。"
            ),
        )


def _lives(kpi: Kpi, ends: Sequence[object], year: int) -> bool:
    former = former_state(ends, year)  # type: ignore[type-var] # rows of FormerEnd
    last = kpi.last_year if former is None else getattr(former, "last_year")  # noqa: B009
    return (kpi.first_year is None or kpi.first_year <= year) and (last is None or year <= last)


def _place(kpi: Kpi, places: Sequence[FormerPlace], year: int) -> tuple[int, int] | None:
    if not kpi.lives_in(year):
        return None
    former = former_state(places, year)
    place = kpi if former is None else former
    return place.project_id, place.number


def _named(years: Sequence[int]) -> str:
    return "、".join(map(wareki, sorted(years)))


def own_rules_faults(row: KpiRatingRules) -> Iterator[Fault]:
    """Rules of rating of a KPI's own that hold from a year in which it is not in the plan."""
    kpi = row.kpi
    if row.effective_from not in kpi.project.strategy.years or not kpi.lives_in(row.effective_from):
        yield Fault(
            "effective_from",
            f"{kpi.code}「{kpi.name}」は、{wareki(row.effective_from)}にはありません。",
        )
