"""The initiatives of a report: every listing, with the year's work at its home."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from kpis.achievement import Absence
from projects.models import (
    InitiativeListing,
    InitiativeProgress,
    InitiativeStatus,
    Strategy,
    living_within,
)
from reports.annual.assembly.lives import listing_lives
from reports.annual.document import ReportInitiative, ReportLife

_NOT_ENTERED = Absence.MISSING.label


@dataclass(frozen=True, slots=True)
class InitiativeRows:
    """A plan's listings in printed order, and what was done by the initiative's id and the year."""

    listings: tuple[Any, ...]  # `InitiativeListing`, with the annotations below
    done: Mapping[tuple[int, int], InitiativeProgress]


@dataclass(frozen=True, slots=True)
class YearOfInitiatives:
    """A year's listings by the project's id in printed order, and what differs from the last."""

    by_project: dict[int, list[ReportInitiative]]
    lives: tuple[ReportLife, ...]


def load_initiatives(strategy: Strategy, years: Collection[int]) -> InitiativeRows:
    """What the listings of some years, and of those before them, are made of (two queries)."""
    listings = (
        InitiativeListing.objects.filter(
            living_within(min(years) - 1, max(years)), project__strategy=strategy
        )
        .select_related("initiative")
        # Their names alone: objects of projects and departments for each row take half the time.
        .annotate(
            project_code=F("project__code"),
            project_sign=F("project__printed_sign"),
            home_code=F("initiative__home_project__code"),
            home_sign=F("initiative__home_project__printed_sign"),
            home_name=F("initiative__home_project__name"),
            department=F("initiative__department__name"),
        )
        .order_by("project__position", "project__code", "number")
    )
    progress = InitiativeProgress.objects.filter(
        initiative__strategy=strategy, fiscal_year__in=years
    )
    done = {(one.initiative_id, one.fiscal_year): one for one in progress}
    return InitiativeRows(tuple(listings), done)


def initiatives_of_year(
    strategy: Strategy, fiscal_year: int, loaded: InitiativeRows
) -> YearOfInitiatives:
    """The year's listings, and those that began and ended since the year before."""
    rows = [one for one in loaded.listings if one.lives_in(fiscal_year)]
    home_numbers = {row.initiative_id: row.number for row in rows if not row.is_relisted}
    relisted_in: dict[int, list[str]] = defaultdict(list)
    signs: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.is_relisted:
            relisted_in[row.initiative_id].append(row.project_code)
            signs[row.initiative_id].append(row.project_sign or row.project_code)
    grouped: dict[int, list[ReportInitiative]] = defaultdict(list)
    for row in rows:
        progress = None if row.is_relisted else loaded.done.get((row.initiative_id, fiscal_year))
        grouped[row.project_id].append(
            ReportInitiative(
                number=row.number,
                name=row.name,
                is_relisted=row.is_relisted,
                home_code=row.home_code,
                home_name=row.home_name,
                home_number=home_numbers.get(row.initiative_id),
                department=row.department or "",
                relisted_in=() if row.is_relisted else tuple(relisted_in[row.initiative_id]),
                status_label=_status_label(row, progress),
                summary=progress.summary if progress else "",
                next_steps=progress.next_steps if progress else "",
                cost=progress.cost if progress else None,
                home_printed_sign=row.home_sign,
                relisted_signs=_printed(row, relisted_in, signs),
            )
        )
    is_first = fiscal_year == strategy.first_year
    lives = () if is_first else listing_lives(loaded.listings, fiscal_year)
    return YearOfInitiatives(grouped, lives)


def _printed(
    row: InitiativeListing, codes: dict[int, list[str]], signs: dict[int, list[str]]
) -> tuple[str, ...]:
    """What the plan prints of the projects that list it again; empty where it prints the codes."""
    own = signs[row.initiative_id]
    return () if row.is_relisted or own == codes[row.initiative_id] else tuple(own)


def status_counts(listed: Iterable[ReportInitiative]) -> tuple[tuple[str, int], ...]:
    """How many initiatives stand at each status, 未入力 last; 再掲 are left out."""
    counts = Counter(one.status_label for one in listed if not one.is_relisted)
    return tuple((label, counts[label]) for label in (*InitiativeStatus.labels, _NOT_ENTERED))


def _status_label(row: InitiativeListing, progress: InitiativeProgress | None) -> str:
    if row.is_relisted:
        return ""
    return InitiativeStatus(progress.status).label if progress else _NOT_ENTERED
