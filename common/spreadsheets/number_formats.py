"""What a number format means for the number in its cell: a percentage, or a day."""

import re
from enum import Enum


class NumberKind(Enum):
    """What the number in a cell stands for."""

    PLAIN = "plain"
    PERCENT = "percent"
    DATE = "date"


# Built-in formats of dates and times, those of Japanese Excel included.
_DATE_IDS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_IDS = frozenset((9, 10))
# Literal text, and what stands for a blank or a colour; [h] is a time.
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_NOT_A_DATE = re.compile(r"general|e[-+]", re.IGNORECASE)
# Year, month, day, hour, second; era, year of the era, day of the week.
_DATE_LETTER = re.compile(r"[ymdhsgea]", re.IGNORECASE)


def kind_of(format_id: int, code: str | None) -> NumberKind:
    """The kind by the number of a format, and its code where the file defines one."""
    if code is None:
        if format_id in _PERCENT_IDS:
            return NumberKind.PERCENT
        return NumberKind.DATE if format_id in _DATE_IDS else NumberKind.PLAIN
    shown = _NOT_SHOWN.sub("", code)
    if "%" in shown:
        return NumberKind.PERCENT
    if _DATE_LETTER.search(_NOT_A_DATE.sub("", shown)):
        return NumberKind.DATE
    return NumberKind.PLAIN
