"""How wide texts are and how many lines they fill, in units of their type size."""

import re

from reports.charts.text import width

# Between Western and Japanese characters Word leaves a quarter of the type size.
_GAP = 0.25
_CHANGE_OF_SCRIPT = re.compile("[!-~](?=[\u3041-\u9fff])|[\u3041-\u9fff](?=[!-~])")
# What a character takes at the most, with such a gap.
_MOST = 1 + _GAP
_MAY_HANG = "、。"


def text_width(text: str) -> float:
    """The width of a text on one line."""
    return width(text) + _GAP * len(_CHANGE_OF_SCRIPT.findall(text))


def count_lines(text: str, room: float) -> int:
    """How many lines of a width a text fills; a comma or full stop may hang over the edge."""
    if len(text) * _MOST <= room:
        return 1
    count, filled = 1, 0.0
    for at, character in enumerate(text):
        gap = _GAP if at and _CHANGE_OF_SCRIPT.match(text[at - 1 : at + 1]) else 0
        needed = width(character)
        if filled + gap + needed > room and character not in _MAY_HANG:
            count, filled, gap = count + 1, 0.0, 0
        filled += gap + needed
    return count
