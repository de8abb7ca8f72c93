"""Names and codes: words as they are compared with words that are known."""

from common.reading.characters import compatible, plain

_HYPHEN = str.maketrans(dict.fromkeys("−‐‑‒–—―ー", "-"))


def comparable(text: str) -> str:
    """A name as it is compared: width, case, blanks, radicals and what nobody sees don't count."""
    return "".join(compatible(text).split()).casefold()


def half_width(text: str) -> str:
    """A code or number in half width, without what nobody sees and without edge blanks.

    Other compatibility characters stay: in `P1-1①` the last one is a note's mark, no digit.
    """
    return plain(text).strip()


def read_code(text: str) -> str:
    """`P1-2` of `ｐ１－２`; whether there is such a thing is not asked."""
    return plain(text).translate(_HYPHEN).strip().upper()
