"""Codes of projects and KPIs as people type them."""

from common.reading.characters import plain

_HYPHEN = str.maketrans(dict.fromkeys("−‐‑‒–—―ー", "-"))


def read_code(text: str) -> str:
    """`P1-2` of `ｐ１－２`; whether there is such a thing is not asked."""
    return plain(text).translate(_HYPHEN).strip().upper()
