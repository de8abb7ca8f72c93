"""The texts of an XLSX: as Excel shows them, without reading aids, and with their marks.

Whoever corrects by 見え消し leaves the old figure in the cell beside the new one: taken
together they are a third. So where the marks change what a cell says, it is refused.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple
from xml.etree.ElementTree import Element

from common.spreadsheets.cells import Cell, from_text
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.xml_parts import is_on

# What a cell of Excel holds.
_LONGEST = 32_767
_SHOWN = 30
_BEFORE = 8
# `_x000D_` in the file is the character U+000D; who means those seven characters writes
# `_x005F_x000D_`. Two escapes may make one character; half of one is none.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udfff]+")


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


Text = str | Sequence[Run]


def as_shown(text: str) -> str:
    """A text of an XLSX as Excel shows it."""
    if "_x" not in text:
        return text
    shown = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _SURROGATES.sub(
        lambda found: found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"),
        shown,
    )


def mark_of(font: Element) -> Mark | None:
    """The mark that a font, or what a run says of its own, makes."""
    for element in font:
        if element.tag == "strike" and is_on(element, "val", default="1"):
            return Mark.STRUCK
        if element.tag == "vertAlign" and element.get("val") == "superscript":
            return Mark.RAISED
        if element.tag == "vertAlign" and element.get("val") == "subscript":
            return Mark.LOWERED
    return None


def text_of(element: Element) -> Text:
    """What a text element holds: plain, or its runs where it has several or one with a format.

    Raises FileRefused where it is longer than Excel's cells.
    """
    runs = list(_runs(element))
    if sum(len(run.text) for run in runs) > _LONGEST:
        raise FileRefused(
            f"「{runs[0].text[:20]}」で始まる文が長すぎます。"
            f"1つのセルを{_LONGEST:,}字までにして、保存し直してください。"
        )
    return runs[0].text if len(runs) == 1 and not runs[0].has_own_format else runs


def _runs(element: Element) -> Iterator[Run]:
    for piece in element:
        if piece.tag == "t":
            yield Run(as_shown(piece.text or ""))
        elif piece.tag == "r":
            own = piece.find("rPr")
            mark = None if own is None else mark_of(own)
            for text in piece:
                if text.tag == "t":
                    yield Run(as_shown(text.text or ""), mark, own is not None)


def from_marked(text: Text, of_cell: Mark | None) -> Cell:
    """A cell's text; a problem that names both readings where marks change what it says."""
    if isinstance(text, str):
        if of_cell is None:
            return from_text(text)
        text = [Run(text)]
    whole = "".join(run.text for run in text).strip()
    kept = ""
    found = None
    for run in text:
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
