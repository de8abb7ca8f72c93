"""Fiscal years: written, read and compared.

A fiscal year is the western year in which it begins: 2024 is 令和6年度, from
1 April 2024 to 31 March 2025 (docs/domain.md, Glossary).
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_FIRST_MONTH = 4
# The western year before each era's year 1, newest era first.
_ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925))
_FIRST_KNOWN_YEAR = 1926
_LAST_KNOWN_YEAR = 2199
_WRITTEN = re.compile(r"(令和|平成|昭和|[RHS])?\s*(元|\d{1,4})\s*年?度?", re.IGNORECASE)


def parse_fiscal_year(text: str) -> int:
    """Read `2024`, `2024年度`, `令和6年度`, `R6`, `令和元`, `H30`, full width too.

    Raises ValueError, with a sentence in Japanese, for anything else.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError(_how_to_write(text))
    era, number = match.group(1), match.group(2)
    count = 1 if number == "元" else int(number)
    if era is None:
        year = count if number != "元" and len(number) == 4 else 0
    else:
        before = next(base for name, letter, base in _ERAS if era.upper() in (name, letter))
        year = before + count if 1 <= count < 100 else 0
    if not _FIRST_KNOWN_YEAR <= year <= _LAST_KNOWN_YEAR:
        raise ValueError(_how_to_write(text))
    return year


def wareki(year: int) -> str:
    """`令和6年度` for 2024; the first year of an era is 元年度."""
    return f"{wareki_short(year)}年度"


def wareki_short(year: int) -> str:
    """`令和6` for 2024, for narrow column heads; 元 for an era's first year."""
    for name, _letter, before in _ERAS:
        if year > before:
            count = year - before
            return f"{name}{'元' if count == 1 else count}"
    raise ValueError(f"{year}年度は和暦に直せません（昭和より前です）。")


def wareki_initial(year: int) -> str:
    """`R6` for 2024, for the narrowest column heads."""
    for _name, letter, before in _ERAS:
        if year > before:
            return f"{letter}{year - before}"
    raise ValueError(f"{year}年度は和暦に直せません（昭和より前です）。")


def wareki_with_western(year: int) -> str:
    """`令和6年度（2024年度）`, as official documents first name a year."""
    return f"{wareki(year)}（{year}年度）"


def wareki_date(day: date) -> str:
    """`令和7年6月30日`: the era of the calendar year, which 令和 began on 1 May 2019."""
    if day >= date(2019, 5, 1):
        name, before = "令和", 2018
    elif day >= date(1989, 1, 8):
        name, before = "平成", 1988
    else:
        name, before = "昭和", 1925
    count = day.year - before
    return f"{name}{'元' if count == 1 else count}年{day.month}月{day.day}日"


def fiscal_year_of(day: date) -> int:
    """The fiscal year in which a day lies: 31 March 2025 is in 2024."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def last_day(year: int) -> date:
    """31 March on which a fiscal year ends: of 2024 that of 2025."""
    return date(year + 1, _FIRST_MONTH, 1) - timedelta(days=1)


def end_of_day(day: date) -> datetime:
    """The moment at which a day ends in the city: the next one's midnight."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _how_to_write(text: str) -> str:
    shown = text.strip()[:20]
    return f"年度「{shown}」を読み取れません。2024、令和6年度、R6 のように書いてください。"
