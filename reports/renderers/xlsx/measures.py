"""How much room a text takes in a cell: estimated on the safe side, as no font is asked.

Widths are in a sheet's unit, the width of a digit of the body's type; a full-width
character takes two. Heights are in points.
"""

from math import ceil

LINE_HEIGHT = 17.0
_EDGES = 4.0
# What Excel allows a row. A longer text goes on in further rows, of fewer lines so that
# pages fill.
HIGHEST = 409.0
MOST_LINES = 23
_LINES_OF_A_PART = 11
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


def first_part(text: str, width: float) -> tuple[str, str]:
    """A text that is too long for a row: what the row holds of it, and the rest.

    Cut at a line break, else behind a sentence.
    """
    lines, end = 0, 0
    for line in text.split("\n"):
        lines += lines_of(line, width)
        if lines > _LINES_OF_A_PART:
            break
        end += len(line) + 1
    if end:
        return text[: end - 1], text[end:]
    most = int(_LINES_OF_A_PART * max(width - _SLACK, _LEAST_ROOM) / _WIDE)
    end = _end_of_sentence(text, most)
    return text[:end], text[end:]


def _end_of_sentence(text: str, most: int) -> int:
    """Where to cut: behind the last sentence in the second half of what fits, or where it ends."""
    found = max(text.rfind(mark, most // 2, most) for mark in _SENTENCE_ENDS)
    return most if found < 0 else found + 1
