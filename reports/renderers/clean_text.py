"""Typed texts as documents and data files may carry them: only characters."""

import re

# What is neither text nor white space: control characters, halves of pairs, and the two code
# points that are no characters, which XML forbids.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Every way to end a line, and the other white space that XML forbids.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATORS = re.compile("[\x1c-\x1f\t]")


def clean_line(text: str) -> str:
    """One line without control characters, white space collapsed."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def clean_lines(text: str) -> str:
    """The text with line feeds for its line breaks and no control characters, its edges cut."""
    if text.isprintable():
        return text.strip()
    printable = _SEPARATORS.sub(" ", _LINE_ENDS.sub("\n", text))
    return _UNPRINTABLE.sub("", printable).strip()
