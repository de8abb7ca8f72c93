"""Texts of several lines: what is kept of them, and how long they may be."""

from common.reading.characters import without_forbidden
from common.reading.radicals import unify_radicals

LONGEST_TEXT = 4000


def clean_text(text: str) -> str:
    """A text without forbidden characters, radicals and edge blanks; a line break is one character.

    Invisible characters stay: in prose they join emoji and choose between forms of a name.
    """
    unified = unify_radicals(text).replace("\r\n", "\n").replace("\r", "\n")
    return without_forbidden(unified).strip()


def too_long(name: str, text: str) -> str:
    """The sentence about a text above LONGEST_TEXT characters; empty where it fits."""
    if len(text) <= LONGEST_TEXT:
        return ""
    return f"{name}は{LONGEST_TEXT}字までです（今は{len(text)}字）。短くまとめてください。"
