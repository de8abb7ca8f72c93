"""How wide the columns of a table are: figures on one line, words in the room that is left."""

import re
from collections.abc import Collection, Sequence

from reports.charts.text import width

# Between Western and Japanese characters Word leaves a quarter of the type size.
_GAP = 0.25
_CHANGE_OF_SCRIPT = re.compile("[!-~](?=[\u3041-\u9fff])|[\u3041-\u9fff](?=[!-~])")
# Words may want so much (type sizes) before figures get it.
_SHORT = 8.0


def text_width(text: str) -> float:
    """The width of a text on one line in type sizes."""
    return width(text) + _GAP * len(_CHANGE_OF_SCRIPT.findall(text))


def fit(wanted: Sequence[float], figures: Collection[int], room: float) -> bool:
    """Whether the columns of figures get what they want, beside enough for words; type sizes."""
    return sum(wanted[at] for at in figures) <= _room_for_figures(wanted, figures, room)


def column_widths(wanted: Sequence[float], figures: Collection[int], room: float) -> list[float]:
    """The width of each column, which together fill the room; type sizes.

    Columns of figures (their places) get what they want, then those of words that want least.
    """
    widths = list(wanted)
    all_figures = sum(wanted[at] for at in figures)
    scale = min(1.0, _room_for_figures(wanted, figures, room) / (all_figures or 1))
    for at in figures:
        widths[at] *= scale
    left = room - all_figures * scale
    waiting = sorted(set(range(len(wanted))) - set(figures), key=wanted.__getitem__)
    while waiting:
        at = waiting[0]
        widths[at] = min(wanted[at], left / len(waiting))
        left -= widths[at]
        waiting = waiting[1:]
    return [one * room / sum(widths) for one in widths]


def _room_for_figures(wanted: Sequence[float], figures: Collection[int], room: float) -> float:
    words = (one for at, one in enumerate(wanted) if at not in figures)
    return room - sum(min(one, _SHORT) for one in words)
