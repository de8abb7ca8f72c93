"""Texts in files that a spreadsheet opens: nothing in them runs, and all of it comes back."""

import re

# What makes a spreadsheet take a text for a formula; in Japanese also full width.
_MAY_RUN = (*"=+-@＝＋－＠", "\t", "\r")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


def guard(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `unguard` takes the mark off again."""
    runs = text.lstrip("'").startswith(_MAY_RUN) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    marked = text.startswith("'") and text.lstrip("'").startswith(_MAY_RUN)
    return text[1:] if marked else text
