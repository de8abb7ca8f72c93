"""Texts in files that a spreadsheet opens: nothing in them runs, and all of it comes back."""

# What makes a spreadsheet take a text for a formula; in Japanese also full width.
_MAY_RUN = (*"=+-@＝＋－＠", "\t", "\r")


def guard(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `unguard` takes the mark off again."""
    return f"'{text}" if text.lstrip("'").startswith(_MAY_RUN) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    marked = text.startswith("'") and text.lstrip("'").startswith(_MAY_RUN)
    return text[1:] if marked else text
