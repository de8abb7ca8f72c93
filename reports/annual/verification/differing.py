"""Which figures differ between two readings of a report's file: pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.annual.verification.reading import Figure

_NOTHING = "（なし）"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the kept file says another figure than its document rendered anew."""

    place: str
    kept: str
    rendered: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of a kept file that its document does not give any more.

    `added` counts figures that only the new file has: a later version of the
    app may print more.
    """

    differences: tuple[Difference, ...]
    added: int


def compare_figures(kept: Sequence[Figure], rendered: Sequence[Figure]) -> Comparison:
    """Compare two readings, in the kept file's order.

    Cells of data files are compared by their place. Elsewhere a figure counts
    with what it is about, wherever it stands, so that another layout is no
    difference: as often as it occurs where both have equally many; where they
    don't, once, with the project that it is about.
    """
    cells, added_cells = _by_place(
        {one.place: one.text for one in kept if one.is_cell},
        {one.place: one.text for one in rendered if one.is_cell},
    )
    figures, added_figures = _by_subject(
        [one for one in kept if not one.is_cell], [one for one in rendered if not one.is_cell]
    )
    return Comparison((*cells, *figures), added_cells + added_figures)


def _by_place(kept: dict[str, str], rendered: dict[str, str]) -> tuple[list[Difference], int]:
    differences = [
        Difference(place, was, rendered.get(place, _NOTHING))
        for place, was in kept.items()
        if rendered.get(place) != was
    ]
    return differences, len(rendered.keys() - kept.keys())


def _by_subject(kept: list[Figure], rendered: list[Figure]) -> tuple[list[Difference], int]:
    is_alike = len(kept) == len(rendered)
    key = _by_code if is_alike else _by_project
    before, after = Counter(map(key, kept)), Counter(map(key, rendered))
    if not is_alike:
        before, after = Counter(set(before)), Counter(set(after))
    gone, new = before - after, after - before
    instead: dict[str, list[str]] = defaultdict(list)
    for subject, text in new.elements():
        instead[subject].append(text)
    differences = []
    for at, one in enumerate(kept):
        about = key(one)
        stands = is_alike and key(rendered[at]) == about
        if gone[about] and not stands:
            gone[about] -= 1
            options = instead[about[0]]
            differences.append(
                Difference(one.place, one.text, options.pop(0) if options else _NOTHING)
            )
    return differences, sum(map(len, instead.values()))


def _by_code(figure: Figure) -> tuple[str, str]:
    return figure.subject, figure.text


def _by_project(figure: Figure) -> tuple[str, str]:
    return figure.subject.partition("-")[0], figure.text
