"""How marks look: Omuta's four as ever, any number graded, legible, and never by colour alone."""

import re
from pathlib import Path

import pytest

from projects.bands import DEFAULT_BANDS, Band
from reports.marks import NO_LOOK, SHAPES, look_of

CSS = Path(__file__).parents[2] / "static" / "css"
SIZES = range(2, 13)
# Large figures in the bar are bold, and yet have what small text needs.
READABLE = 4.5


def scale(size, late=None):
    """So many letters, of which the last ones mean 遅れ; None leaves that to their places."""
    return tuple(
        Band(chr(ord("A") + at), "", None, None if late is None else at >= size - late)
        for at in range(size)
    )


def looks(bands):
    return [look_of(band, bands) for band in bands]


def colours():
    """The colours of each shade: of its words, of what lies under them, of a full area."""
    text = (CSS / "components" / "marks.css").read_text(encoding="utf-8")
    rules = re.findall(r"\.((?:good|late)-\d+) \{([^}]*)\}", text)
    return {name: dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", rule)) for name, rule in rules}


def contrast(one, other):
    """The ratio of WCAG 2 between two colours."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_four_marks_look_as_ever():
    assert [look.classes("chip") for look in looks(DEFAULT_BANDS)] == [
        "chip chip--1", "chip chip--2", "chip chip--3", "chip chip--4",
    ]  # fmt: skip
    assert [look.shape for look in looks(DEFAULT_BANDS)] == [SHAPES[tone] for tone in (1, 2, 3, 4)]
    assert look_of(None, DEFAULT_BANDS) == NO_LOOK


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("late", [None, 1, 2])
def test_no_two_marks_have_the_same_colour(size, late):
    shown = [look.classes("chip") for look in looks(scale(size, late))]

    assert len(set(shown)) == size


def test_marks_are_graded_from_good_to_late():
    ten = [(look.tone, look.shade) for look in looks(scale(10, late=4))]

    assert ten == [
        (1, ""), (2, "good-2"), (2, "good-4"), (2, "good-7"), (2, "good-9"), (2, ""),
        (3, ""), (3, "late-4"), (3, "late-7"), (4, ""),
    ]  # fmt: skip
    assert [look.tone for look in looks(scale(3))] == [1, 2, 4]
    assert [look.tone for look in looks(scale(2))] == [1, 4]


@pytest.mark.parametrize("size", SIZES)
def test_shape_says_whether_a_mark_means_late(size):
    bands = scale(size)
    late = {look.shape for look in looks(bands) if look.tone in (3, 4)}
    good = {look.shape for look in looks(bands) if look.tone in (1, 2)}

    assert late
    assert good
    assert not late & good


@pytest.mark.parametrize("symbol", ["↗", "◎", "△", "★★"])
def test_sign_is_its_own_shape(symbol):
    bands = (Band(symbol, "", None), Band("Ａ", "", None), Band("", "未着手", None))

    assert [bool(look.shape) for look in looks(bands)] == [False, True, True]


def test_every_shade_is_there_and_legible():
    found = colours()

    assert set(found) == {f"{kind}-{step}" for kind in ("good", "late") for step in range(1, 11)}
    for shade in found.values():
        assert contrast(shade["on"], shade["tint"]) >= READABLE
        assert contrast("#ffffff", shade["full"]) >= READABLE
        # A row under the mouse.
        assert contrast(shade["on"], "#e8f1fe") >= READABLE
