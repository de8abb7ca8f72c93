"""How marks of ratings look, however many there are: colour and shape, never colour alone.

The colour follows the place among the marks that mean well (from green to blue), or among those
that mean 遅れ (from amber to red); so Omuta's four have green, blue, amber and red. The shape says
the same on a photocopy, and the mark's own words stand beside it. Colours are classes of
`static/css/components/marks.css`, shapes paths of 16 units square.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from projects.bands import Band, late_bands
from projects.scales import Scale

NO_TONE, BEST, GOOD, LATE, WORST = range(5)
# Steps of each of the two scales of colour; the most marks that a plan can have.
_STEPS = 12
# A mark of up to so many characters stands like a letter.
_LETTERS = 2

# What notices and marks are drawn with: whatever is between has a shape of its own.
SHAPES = {
    BEST: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-1 10.2L3.9 8.1 5 7l2 2 4-4 1.1 1.1Z",
    GOOD: "M2 6.5h6.5V3L14 8l-5.5 5V9.5H2Z",
    LATE: "M8 1.5 15 14H1ZM7.2 6v4h1.6V6Zm0 5v1.6h1.6V11Z",
    WORST: (
        "M5 1h6l4 4v6l-4 4H5l-4-4V5Zm.6 3.5L4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1"
        "L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9Z"
    ),
    NO_TONE: "M2 7h12v2H2Z",
}
_RISING = "M4 2h10v10l-3.3-3.3-6.2 6.2-2.4-2.4 6.2-6.2Z"
_BETWEEN_LATE = "M8 .8 15.2 8 8 15.2.8 8ZM7.2 4v5h1.6V4Zm0 6v1.6h1.6V10Z"


@dataclass(frozen=True, slots=True)
class Look:
    """A colour by its tone (1 best, 2 good, 3 late, 4 worst, 0 none), its shade and a shape.

    The shade is a class of its own between the ends of a scale of colour, empty at an end. The
    shape is empty where the mark is a sign already (◎, ↗).
    """

    tone: int
    shade: str
    shape: str

    def classes(self, kind: str) -> str:
        """`chip chip--2 good-5` for the kind `chip`."""
        return f"{kind} {kind}--{self.tone} {self.shade}".rstrip()

    @property
    def filled(self) -> str:
        """`tone-2 good-5`: the classes of what is filled with the colour."""
        return f"tone-{self.tone} {self.shade}".rstrip()


NO_LOOK = Look(NO_TONE, "", SHAPES[NO_TONE])


@lru_cache(maxsize=1024)
def look_of(band: Band | None, bands: tuple[Band, ...]) -> Look:
    """How one of some bands looks; None, and a band of another scale, like none."""
    if band is None or band not in bands:
        return NO_LOOK
    late = late_bands(bands)
    is_late = band in late
    alike = [one for one in bands if (one in late) == is_late]
    place = alike.index(band)
    is_end = place == len(alike) - 1
    if is_late:
        tone, shape = (WORST, SHAPES[WORST]) if is_end else (LATE, _BETWEEN_LATE)
        shape = SHAPES[LATE] if place == 0 and not is_end else shape
    else:
        tone, shape = (BEST, SHAPES[BEST]) if place == 0 else (GOOD, _RISING)
        shape = SHAPES[GOOD] if is_end and place else shape
    return Look(tone, _shade(place, len(alike), is_late=is_late), "" if is_sign(band) else shape)


def look_in(band: Band | None, scales: Iterable[Scale]) -> Look:
    """How a band looks in the first of some scales that has it."""
    return next((look_of(band, one.bands) for one in scales if band in one.bands), NO_LOOK)


def is_sign(band: Band) -> bool:
    """Whether the symbol is a sign that shows by its own shape what it means: ◎, ↗, ★★."""
    return bool(band.symbol) and not any(map(str.isalnum, band.symbol))


def has_words(bands: Iterable[Band]) -> bool:
    """Whether any of some marks is words rather than a letter or a sign, and takes room."""
    return any(len(band.short) > _LETTERS for band in bands)


def _shade(place: int, count: int, *, is_late: bool) -> str:
    if place in (0, count - 1):
        return ""
    return f"{'late' if is_late else 'good'}-{round(place * (_STEPS - 1) / (count - 1))}"
