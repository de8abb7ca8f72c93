"""How wide the columns of a table of figures must be, and what page it therefore needs."""

from collections.abc import Iterable, Sequence
from typing import Any

from reports.charts.text import width

# All in the table's type size (8 points): what fits across an upright A4 page and across
# one on its side, and the edges of a cell.
_UPRIGHT, _SIDEWAYS = 62.0, 93.0
_CELL_EDGES = 0.7
# The least that a column of figures takes, so that columns look alike, and the most that one
# of words, and of ratings, does before it breaks its lines.
_LEAST, _MOST, _MOST_OF_RATINGS = 4.2, 8.0, 11.0


def columns_for(
    rows: Iterable[Sequence[str]], figures: slice, *, beside: float = 0
) -> dict[str, Any]:
    """The columns that hold every figure on one line; the words behind them are ratings.

    `figures` are the columns of numbers, the others words, which may break theirs; `beside` is
    the width of a column of words that is not in `rows`. Of what is returned, `widths` are in
    type sizes, `is_wide` says that they need a page on its side, and `scale` (up to 1) how much
    smaller the type must be where even that is too narrow.
    """
    found = [max(map(width, cells)) + _CELL_EDGES for cells in zip(*rows, strict=True)]
    most = [_MOST] * figures.stop + [_MOST_OF_RATINGS] * (len(found) - figures.stop)
    needed = list(map(min, found, most))
    needed[figures] = [max(one, _LEAST) for one in found[figures]]
    whole = sum(needed)
    return {
        "widths": [round(one, 2) for one in needed],
        "is_wide": whole + beside > _UPRIGHT,
        "scale": round(min(1.0, (_SIDEWAYS - beside) / whole), 3),
    }
