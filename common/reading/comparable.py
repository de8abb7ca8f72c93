"""Words as they are compared with words that are known: names, headings, choices."""

import unicodedata

from common.reading.invisible import without_invisible
from common.reading.radicals import unify_radicals

_HALF_WIDTH = str.maketrans(
    {chr(one): chr(one - 0xFEE0) for one in range(0xFF01, 0xFF5F)} | {"　": " "}
)


def comparable(text: str) -> str:
    """A name as it is compared: width, case, blanks, radicals and what nobody sees don't count."""
    unified = unify_radicals(without_invisible(text))
    return "".join(unicodedata.normalize("NFKC", unified).split()).casefold()


def half_width(text: str) -> str:
    """A code or number in half width, without what nobody sees and without edge blanks.

    Other compatibility characters stay: in `P1-1①` the last one is a note's mark, no digit.
    """
    return without_invisible(text).translate(_HALF_WIDTH).strip()
