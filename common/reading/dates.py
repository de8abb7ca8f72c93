"""Days in every usual spelling."""

import re
from datetime import date

from common.reading.characters import LONGEST_READ, plain, shown, stand_in
from common.reading.years import ERA, with_eras, year_of_era

# Before, there is no day that a plan or its record could mean; far behind, no calendar counts on.
FIRST_YEAR = 1868
LAST_YEAR = 2999
_MONTH_AND_DAY = r"[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_WESTERN = re.compile(rf"((?!0000)[0-9]{{4}}){_MONTH_AND_DAY}")
_OF_AN_ERA = re.compile(rf"({ERA})(元|[0-9]{{1,2}}){_MONTH_AND_DAY}", re.IGNORECASE)


def read_date(text: str) -> date | None:
    """Read `2026-08-20`, `2026/8/20`, `令和8年8月20日`, full width too; None for an empty cell.

    Raises ValueError with a sentence in Japanese otherwise.
    """
    written = "".join(with_eras(plain(text[:LONGEST_READ])).split())
    if not written:
        return None
    named = f"日付「{shown(text)}」"
    if mark := stand_in(written):
        raise ValueError(
            f"{named}の「{mark}」は数字ではありません。2026-08-20 のように入力してください。"
        )
    if western := _WESTERN.fullmatch(written):
        year: int | None = int(western.group(1))
        month, day = int(western.group(2)), int(western.group(3))
    elif of_an_era := _OF_AN_ERA.fullmatch(written):
        year = year_of_era(of_an_era.group(1), of_an_era.group(2))
        month, day = int(of_an_era.group(3)), int(of_an_era.group(4))
    else:
        year = None
    if year is None:
        raise ValueError(f"{named}を読み取れません。2026-08-20 のように入力してください。")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"{named}の年を確かめてください。使えるのは{FIRST_YEAR}年から{LAST_YEAR}年までです。"
        )
    try:
        return date(year, month, day)
    except ValueError:
        which = "この年の" if (month, day) == (2, 29) else ""
        raise ValueError(
            f"{named}を確かめてください。{which}{month}月{day}日はありません。"
        ) from None
