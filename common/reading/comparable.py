"""Words as they are compared with words that are known: names, headings, choices."""

from common.reading.characters import compatible, plain


def comparable(text: str) -> str:
    """A name as it is compared: width, case, blanks, radicals and what nobody sees don't count."""
    return "".join(compatible(text).split()).casefold()


def equal_names(one: str, other: str) -> bool:
    """Whether two names are the same to whoever reads them."""
    return comparable(one) == comparable(other)


def half_width(text: str) -> str:
    """A code or number in half width, without what nobody sees and without edge blanks.

    Other compatibility characters stay: in `P1-1①` the last one is a note's mark, no digit.
    """
    return plain(text).strip()
