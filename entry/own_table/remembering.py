"""How a table was read is kept by the plan that it became: next year's file needs no mapping."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from common.spreadsheets.merging import fill_merged
from common.spreadsheets.sheet import Sheet
from entry.models import OwnTableReading
from entry.own_table.guessing import guess
from entry.own_table.headings import headings_of, shape_of
from entry.own_table.settings import ColumnUse, OwnTable
from entry.own_table.uses import BASELINE
from projects.models import Strategy


def proposed(sheet: Sheet, strategy: Strategy | None) -> tuple[OwnTable, bool]:
    """How to read a sheet: as its like was read before, by the plan if possible; else a guess.

    The second value is whether it was read before. Of a column whose heading names no year, the
    year is to be said anew; what was said of the plan is not taken over.
    """
    guessed = guess(sheet)
    shape, _first = shape_at(sheet, guessed)
    known = OwnTableReading.objects.filter(shape=shape).order_by("-used_at", "-pk")
    found = (known.filter(strategy=strategy).first() if strategy else None) or known.first()
    if found is None:
        return guessed, False
    settings = OwnTable.from_data(found.settings)
    lower = guessed.first_heading - found.guessed_heading
    first, last = settings.first_heading + lower, settings.last_heading + lower
    if first < 1:
        return guessed, False
    headings = headings_of(fill_merged(sheet), first, last)
    named = {one.key: one.year for one in headings}
    columns = {
        key: one if key in named and (named[key] or one.use == BASELINE) else ColumnUse(one.use)
        for key, one in settings.columns.items()
    }
    return (
        replace(
            settings,
            sheet=sheet.name,
            first_heading=first,
            last_heading=last,
            columns=columns,
            plan=guessed.plan,
        ),
        True,
    )


def shape_at(sheet: Sheet, guessed: OwnTable) -> tuple[str, int]:
    """The shape of a sheet's headings where they are guessed to be, and their first row."""
    first, last = guessed.first_heading, guessed.last_heading
    return shape_of(headings_of(fill_merged(sheet), first, last)), first


def as_kept(sheet: Sheet, settings: OwnTable) -> dict[str, Any]:
    """What `remember` is told, as JSON takes it, until a plan was made."""
    shape, guessed_heading = shape_at(sheet, guess(sheet))
    return {
        "shape": shape,
        "guessed_heading": guessed_heading,
        "settings": settings.as_data() | {"plan": {}},
    }


def remember(strategy: Strategy, kept: dict[str, Any]) -> None:
    """Keep how a table was read that became the plan, or figures of it; `kept` is from `as_kept`.

    Answers to what wasn't asked this time stay.
    """
    settings = kept["settings"]
    known = OwnTableReading.objects.filter(strategy=strategy, shape=kept["shape"]).first()
    if known is not None:
        for name in ("answers", "codes"):
            settings[name] = known.settings[name] | settings[name]
    OwnTableReading.objects.update_or_create(
        strategy=strategy,
        shape=kept["shape"],
        defaults={
            "guessed_heading": kept["guessed_heading"],
            "settings": settings,
            "used_at": timezone.now(),
        },
    )
