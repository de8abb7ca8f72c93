"""By what something is rated, in words: for papers, data files and comparisons."""

from collections.abc import Iterator, Sequence

from kpis.achievement import NOTHING
from projects.bands import Band, percent
from projects.scales import BASES, Scale

# Before the rating that rates or positions give where people decide.
COMPUTED = "計算では"
BY_PEOPLE = "人が決める"
NOT_RATED = "評価しない"


def has_mark(rating: tuple[str, str]) -> bool:
    """Whether a symbol and a label are a rating, and not 「－」 with a word or nothing at all."""
    return any(rating) and rating[0] != NOTHING


def band_ranges(bands: Sequence[Band]) -> list[str]:
    """`80%以上100%未満` for each band of a rate; empty where all rates are in one."""
    lower = [percent(one.lower) for one in bands]
    return [
        (at_least and f"{at_least}以上") + (below and f"{below}未満")
        for at_least, below in zip(lower, ["", *lower], strict=False)
    ]


def basis_of(scale: Scale) -> str:
    """The rate that a scale's ratings are read from."""
    return BASES[scale.basis]


def scale_rows(scale: Scale) -> list[tuple[str, str]]:
    """Each mark beside what it stands for, in the order in which that is looked at.

    Positions have a row for each of their conditions. Where people decide and nothing is
    computed there is nothing beside the marks (empty).
    """
    if scale.is_by_position:
        return [(band.text, step.text) for step in scale.steps if (band := scale.at(step.place))]
    if scale.is_by_rate:
        ranges = band_ranges(scale.marks)
        return [(band.text, span) for band, span in zip(scale.marks, ranges, strict=True)]
    return [(band.text, "") for band in scale.marks]


def scale_text(scale: Scale, basis: str = "") -> str:
    """`A 順調：100%以上　B 遅れ：100%未満（進捗率による）`; 評価しない where nothing is rated.

    `basis` is what the rate is called where it isn't the scale's own.
    """
    if not scale.rates:
        return NOT_RATED
    rows = "　".join(
        f"{mark}：{said or NOTHING}" if scale.is_by_rate or said else mark
        for mark, said in scale_rows(scale)
    )
    return f"{rows}（{'、'.join(_by_what(scale, basis or basis_of(scale)))}）"


def _by_what(scale: Scale, basis: str) -> Iterator[str]:
    if scale.is_by_people:
        yield BY_PEOPLE
    of_computed = COMPUTED if scale.is_by_people else ""
    if scale.is_by_position:
        yield f"{of_computed}上から順に、最初に当てはまるもの"
    if scale.is_by_rate:
        yield f"{of_computed}{basis}による"
