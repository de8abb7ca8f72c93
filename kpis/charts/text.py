"""Text as charts print it: cleaned, and broken into lines that fit."""

import re
import unicodedata

_ELLIPSIS = "…"
_NARROW = 0.56
_WIDE = 1.0
# Closing marks that must not begin a line (kinsoku).
_NOT_AT_START = set("、。，．）」』】〕》〉”’・：；？！ー々ァィゥェォッャュョぁぃぅぇぉっゃゅょ%％…")
# What XML can't hold: control characters, halves of pairs, non-characters.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters an SVG can't hold, its white space collapsed."""
    return " ".join(_IMPOSSIBLE.sub("", text).split())


def width(text: str) -> float:
    """An estimate of the text's width, in units of the type size."""
    return sum(
        _WIDE if unicodedata.east_asian_width(character) in "FWA" else _NARROW
        for character in text
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
