"""Texts of which a part is struck out, or raised as a note's number is.

Whoever corrects by 見え消し leaves the old figure in the cell beside the new one: taken
together they are a third. So where the marks change what a cell says, it is refused.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from common.spreadsheets.cells import Cell, from_text

_SHOWN = 30
_BEFORE = 8


class Mark(Enum):
    """How a piece of text stands out."""

    STRUCK = "取り消し線"
    RAISED = "上付き"
    LOWERED = "下付き"


class Run(NamedTuple):
    """A piece of a cell's text and its mark; without a format of its own it has the cell's."""

    text: str
    mark: Mark | None = None
    has_own_format: bool = False


def from_runs(runs: Sequence[Run], of_cell: Mark | None) -> Cell:
    """A cell's text; a problem that names both readings where marks change what it says."""
    whole = "".join(run.text for run in runs).strip()
    kept = ""
    found = None
    for run in runs:
        mark = run.mark if run.has_own_format else of_cell
        # CO₂ typed with a lowered 2 reads as CO2; behind a digit it would be one more digit.
        reads_on = mark is Mark.LOWERED and kept and not kept[-1].isdigit()
        if mark is None or reads_on:
            kept += run.text
        elif run.text.strip():
            found = found or mark
    if found is None or kept.strip() == whole:
        return from_text(whole)
    return Cell(whole, _both_readings(found, whole, kept.strip()))


def _both_readings(mark: Mark, whole: str, kept: str) -> str:
    same = next(
        (at for at, (one, other) in enumerate(zip(whole, kept, strict=False)) if one != other),
        min(len(whole), len(kept)),
    )
    # A long text from a little before the place where the readings part.
    start = 0 if len(whole) <= _SHOWN else max(0, same - _BEFORE)
    other = f"「{_cut(kept, start)}」" if kept else "空欄"
    return (
        f"{mark.value}の文字があり、「{_cut(whole, start)}」とも{other}とも読めます。"
        "正しいほうだけを、取り消し線や上付き・下付きのない文字で入れ直してください。"
    )


def _cut(text: str, start: int) -> str:
    lead = "…" if start else ""
    rest = "…" if len(text) > start + _SHOWN else ""
    return f"{lead}{text[start : start + _SHOWN]}{rest}"
