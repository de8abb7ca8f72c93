"""Two sorted tables, read side by side. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

Row = tuple[Any, ...]


def side_by_side(
    left: Iterable[Row], right: Iterable[Row], *, width: int = 1
) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of both by their first `width` columns, by which each is sorted without repetition.

    None where one side has no such row.
    """
    lefts, rights = iter(left), iter(right)
    one, other = next(lefts, None), next(rights, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[:width] < other[:width]):
            yield one, None
            one = next(lefts, None)
        elif one is None or other[:width] < one[:width]:
            yield None, other
            other = next(rights, None)
        else:
            yield one, other
            one, other = next(lefts, None), next(rights, None)
