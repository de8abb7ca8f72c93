"""Texts in an XLSX as Excel writes and shows them.

`_x000D_` in the file is the character U+000D; who means those seven characters writes
`_x005F_x000D_`.
"""

import re

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATES = re.compile("[\ud800-\udfff]+")


def as_written(text: str) -> str:
    """A text as an XLSX has to hold it for Excel to show it as it is."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", text)


def as_shown(text: str) -> str:
    """A text of an XLSX as Excel shows it."""
    if "_x" not in text:
        return text
    shown = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _SURROGATES.sub(_characters_of_pairs, shown)


def _characters_of_pairs(found: re.Match[str]) -> str:
    """Two escapes may make one character; half of one is none."""
    return found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
