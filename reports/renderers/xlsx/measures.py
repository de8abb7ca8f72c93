"""How much room a text takes in a cell: estimated on the safe side, as no font is asked.

Widths are in a sheet's unit, the width of a digit of the body's type; a full-width
character takes two. Heights are in points.
"""

from collections.abc import Iterator
from math import ceil

LINE_HEIGHT = 17.0
_EDGES = 4.0
# Excel allows 409 points a row; what is longer goes on in the next row.
MOST_LINES = 23
_WIDE = 2.0
_NARROWER_BY = 0.9
# A cell's own edges, and what may stay empty at a line's end besides: 。 must not begin a
# line nor （ end one.
_EDGE = 0.5
_SLACK = 2.5
_LEAST_ROOM = 2.0
_SENTENCE_ENDS = "。！？」"


def width_of(text: str) -> float:
    """The width of a text on one line."""
    return _WIDE * len(text) - _NARROWER_BY * len(text.encode("ascii", "ignore"))


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell of a width."""
    if "\n" in text:
        return sum(lines_of(line, width) for line in text.split("\n"))
    # The first test spares most texts the second.
    if _WIDE * len(text) <= width - _EDGE or (needed := width_of(text)) <= width - _EDGE:
        return 1
    return ceil(needed / max(width - _SLACK, _LEAST_ROOM))


def height_of(lines: float) -> float:
    """The height of a row with that many lines of the body's type."""
    return LINE_HEIGHT * lines + _EDGES


def pieces(text: str, width: float) -> list[tuple[str, int]]:
    """The text in parts that each fit a row, with the lines each takes.

    Cut at its line breaks, else behind a sentence.
    """
    lines = lines_of(text, width)
    if lines <= MOST_LINES:
        return [(text, lines)]
    parts: list[tuple[str, int]] = []
    held: list[str] = []
    lines = 0
    for line in _short_lines(text, width):
        needed = lines_of(line, width)
        if held and lines + needed > MOST_LINES:
            parts.append(("\n".join(held), lines))
            held, lines = [], 0
        held.append(line)
        lines += needed
    return [*parts, ("\n".join(held), lines)]


def _short_lines(text: str, width: float) -> Iterator[str]:
    """The text's lines; one that fits no row by itself in several."""
    most = int(MOST_LINES * max(width - _SLACK, _LEAST_ROOM) / _WIDE)
    for line in text.split("\n"):
        rest = line
        while lines_of(rest, width) > MOST_LINES:
            end = _end_of_sentence(rest, most)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _end_of_sentence(text: str, most: int) -> int:
    """Where to cut: behind the last sentence in the second half of what fits, or where it ends."""
    found = max(text.rfind(mark, most // 2, most) for mark in _SENTENCE_ENDS)
    return most if found < 0 else found + 1
