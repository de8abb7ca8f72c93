"""Text as charts print it: cleaned, and broken into lines that fit."""

import re
import unicodedata

from common.fonts import compose_marks

_ELLIPSIS = "…"
_NARROW = 0.56
_WIDE = 1.0
# Closing marks that must not begin a line (kinsoku).
_NOT_AT_START = set(
    "、。，．）」』】〕》〉”’・：；？！ー々ァィゥェォッャュョぁぃぅぇぉっゃゅょ%％…"
)
# Control characters, halves of pairs and invisible marks are no text to draw; a
# mark that no character has absorbed, or that picks a kanji's variant, trips drawing.
_NOT_DRAWN = {"Cc", "Cf", "Cs", "Cn", "Mn", "Me"}
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")


def clean(text: str) -> str:
    """The text without what can't be drawn, its white space collapsed, half-width kana widened."""
    widened = _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    drawn = [
        character
        for character in compose_marks(widened)
        if character.isspace() or unicodedata.category(character) not in _NOT_DRAWN
    ]
    return " ".join("".join(drawn).split())


def width(text: str) -> float:
    """An estimate of the text's width, in units of the type size."""
    return sum(
        _WIDE if unicodedata.east_asian_width(character) in "FWA" else _NARROW for character in text
    )


def wrap(text: str, limit: float, most_lines: int) -> list[str]:
    """The text in lines no wider than `limit` type sizes; what is too long ends in 「…」."""
    lines = [""]
    for character in clean(text):
        line = lines[-1]
        hangs = character in _NOT_AT_START and width(line) <= limit
        if width(line + character) <= limit or hangs:
            lines[-1] += character
        else:
            lines.append(character.lstrip())
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while width(last + _ELLIPSIS) > limit:
        last = last[:-1]
    return [*lines[: most_lines - 1], last + _ELLIPSIS]
