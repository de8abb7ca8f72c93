"""A table as finished texts, for whoever sets it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title: a row's cells are texts, or lists of the lines of one.

    `figures` are the places of the columns of numbers; `unit` stands beside the title, `notes`
    (label, text) below.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    figures: Collection[int] = ()
    unit: str = ""
    notes: Sequence[Sequence[str]] = ()


def section(title: str, text: str, table: Table | None = None) -> dict[str, Any]:
    """A part of a chapter: its text (may be empty), then its table, if it has one."""
    return {"title": title, "text": text, "table": table}
