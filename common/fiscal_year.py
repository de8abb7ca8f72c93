"""Fiscal years: written and compared; `common.reading.years` reads them.

A fiscal year is the western year in which it begins: 2024 is 令和6年度, from
1 April 2024 to 31 March 2025 (docs/domain.md, Glossary).
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

FIRST_MONTH = 4
_SHOWA_BEGAN = date(1926, 12, 25)
# The western year before each era's year 1, newest era first.
ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925))


def wareki(year: int) -> str:
    """`令和6年度` for 2024; the first year of an era is 元年度."""
    return f"{wareki_short(year)}年度"


def wareki_short(year: int) -> str:
    """`令和6` for 2024, for narrow column heads; 元 for an era's first year."""
    for name, _letter, before in ERAS:
        if year > before:
            count = year - before
            return f"{name}{'元' if count == 1 else count}"
    raise ValueError(f"{year}年度は和暦に直せません（昭和より前です）。")


def wareki_initial(year: int) -> str:
    """`R6` for 2024, for the narrowest column heads."""
    for _name, letter, before in ERAS:
        if year > before:
            return f"{letter}{year - before}"
    raise ValueError(f"{year}年度は和暦に直せません（昭和より前です）。")


def wareki_with_western(year: int) -> str:
    """`令和6年度（2024年度）`, as official documents first name a year."""
    return f"{wareki(year)}（{year}年度）"


def wareki_date(day: date) -> str:
    """`令和7年6月30日`: by the era that the day lies in; before 昭和 by the western year."""
    if day < _SHOWA_BEGAN:
        return f"{day.year}年{day.month}月{day.day}日"
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
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """1 April on which a fiscal year begins."""
    return date(year, FIRST_MONTH, 1)


def last_day(year: int) -> date:
    """31 March on which a fiscal year ends: of 2024 that of 2025."""
    return first_day(year + 1) - timedelta(days=1)


def end_of_day(day: date) -> datetime:
    """The moment at which a day ends in the city: the next one's midnight."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
