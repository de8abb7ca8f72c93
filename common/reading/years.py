"""Fiscal years in every usual spelling (docs/domain.md, Fiscal years)."""

import re
from collections.abc import Iterator

from common.fiscal_year import ERAS, FIRST_MONTH
from common.reading.characters import LONGEST_READ, plain, shown, stand_in

FIRST_YEAR = 1926
LAST_YEAR = 2199
ERA = "令和|平成|昭和|[RHS]"
# Each sign stands for an era and can't be taken for anything else.
_ERA_SIGNS = str.maketrans({"㋿": "令和", "㍻": "平成", "㍼": "昭和"})
_WRITTEN = re.compile(rf"({ERA})?\s*(元|[0-9]{{1,4}})\s*年?度?", re.IGNORECASE)
# A year within a text, and its month where one is given: R6.3末 is in 令和5年度.
_WITHIN = re.compile(
    rf"(?:(?<![A-Za-z])(?P<era>{ERA})\s*(?P<count>元|[0-9]{{1,2}})"
    r"|(?<![0-9.,])(?P<western>[0-9]{4}))"
    r"(?:(?:\s*年\s*|[./])(?P<month>1[0-2]|0?[1-9])"
    r"(?:\s*月末?|(?:[./][0-9]{1,2})?(?![0-9]))(?:\s*[0-9]{1,2}日)?"
    r"|\s*年度?末?)?(?![0-9.,])",
    re.IGNORECASE,
)
_SPELLINGS = "2024、令和6年度、R6 のように書いてください。"


def read_fiscal_year(text: str) -> int:
    """Read `2024`, `2024年度`, `令和6年度`, `R6`, `令和元`, `H30`, full width too.

    Raises ValueError, with a sentence in Japanese, for anything else.
    """
    written = with_eras(plain(text[:LONGEST_READ])).strip()
    if mark := stand_in(written):
        raise ValueError(f"年度「{shown(text)}」の「{mark}」は数字ではありません。{_SPELLINGS}")
    match = _WRITTEN.fullmatch(written)
    year = _year(match.group(1), match.group(2)) if match is not None else None
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"年度「{shown(text)}」を読み取れません。{_SPELLINGS}")
    return year


def years_within(text: str) -> list[int]:
    """The fiscal years that a text names: 2024 of 「目標値（R6）」, 2022 of 「令和5年3月末」.

    A number alone is one only with four digits. Empty where there is none.
    """
    return [year for year, _match in _within(with_eras(plain(text[:LONGEST_READ])))]


def without_years(text: str, instead: str = "") -> str:
    """What a text says besides: 「目標値()」 of 「目標値（R6）」, as `plain` makes it."""
    left = with_eras(plain(text[:LONGEST_READ]))
    for _year_found, match in reversed(list(_within(left))):
        left = left[: match.start()] + instead + left[match.end() :]
    return left


def _within(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for match in _WITHIN.finditer(text):
        western, month = match["western"], match["month"]
        year = int(western) if western else year_of_era(match["era"], match["count"])
        if year is None:
            continue
        year -= month is not None and int(month) < FIRST_MONTH
        if FIRST_YEAR <= year <= LAST_YEAR:
            yield year, match


def with_eras(text: str) -> str:
    """The text with the signs ㋿, ㍻ and ㍼ as the eras' names."""
    return text.translate(_ERA_SIGNS)


def year_of_era(era: str, count: str) -> int | None:
    """The western year of `令和` or `r` and `元` or `6`; None for year 0 and above 99."""
    number = 1 if count == "元" else int(count)
    before = next(base for name, letter, base in ERAS if era.upper() in (name, letter))
    return before + number if 1 <= number < 100 else None


def _year(era: str | None, count: str) -> int | None:
    if era is not None:
        return year_of_era(era, count)
    return int(count) if len(count) == 4 else None
