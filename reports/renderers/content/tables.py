"""A table as finished texts, for whoever sets it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell: what stands before its text in bold, and its style if not the cell's."""

    text: str
    bold: str = ""
    style: str = ""


# A text, or lines one below the other.
Cell: TypeAlias = str | Sequence[str | Line]


def lines_of(cell: Cell) -> list[Line]:
    """A cell's lines, of which most cells have one."""
    lines = [cell] if isinstance(cell, str) else cell
    return [Line(one) if isinstance(one, str) else one for one in lines]


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title.

    `figures` are the places of the columns of numbers; `unit` stands beside the title, `notes`
    (label, text) below.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    figures: Collection[int] = ()
    unit: str = ""
    notes: Sequence[Sequence[str]] = ()


def section(title: str, text: str, table: Table | None = None) -> dict[str, Any]:
    """A part of a chapter: its text (may be empty), then its table, if it has one with rows."""
    return {"title": title, "text": text, "table": table}
