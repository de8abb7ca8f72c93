"""Typed texts as documents and data files may carry them: only characters."""

import re

from common.reading.characters import without_forbidden

# Every way to end a line, and the other white space that XML forbids.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATORS = re.compile("[\x1c-\x1f\t]")


def clean_line(text: str) -> str:
    """One line without forbidden characters, white space collapsed."""
    if not text.isprintable():
        text = without_forbidden(_SEPARATORS.sub(" ", _LINE_ENDS.sub(" ", text)))
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """The text with line feeds for its line breaks and no forbidden characters, its edges cut."""
    if text.isprintable():
        return text.strip()
    printable = _SEPARATORS.sub(" ", _LINE_ENDS.sub("\n", text))
    return without_forbidden(printable).strip()
