"""Reads figures and texts as people write them: full width, separators, units, △.

Nothing is guessed: what can't be read for certain is refused with a sentence
that says what would be right.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

LONGEST_TEXT = 4000
_LONGEST = 40
_MINUS = str.maketrans(dict.fromkeys("△▲−‐‑‒–—―ー", "-"))
_PLAIN = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
# A comma or a blank between groups of three, never both.
_GROUPED = re.compile(r"-?[0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)(\.[0-9]*)?")
_SEPARATED = re.compile(r"-?[0-9., ]+")
_SIGN = re.compile(r"^\+ *(?=[0-9.])|(?<=^-) +")
_EXPONENT = re.compile(r"-?[\d.,]+e[-+]?\d+", re.IGNORECASE)
_PERCENT = ("%", "パーセント")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_WAREKI_DATE = re.compile(
    r"(?:令和|R)\s*(元|\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.IGNORECASE
)
_REIWA_BEFORE = 2018


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Read `１，２３４`, `12.5％`, `△3`, `1,234 件`; None for an empty cell.

    Only the KPI's own unit may follow. Raises ValueError with a sentence in
    Japanese for everything else, NaN, exponents and formulas included, and
    digits that blanks part other than in threes: they may be two figures.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if not written:
        return None
    if len(written) > _LONGEST:
        raise ValueError(f"長すぎます。数字だけを{_LONGEST}字以内で入力してください（例：1,234）。")
    figure = _SIGN.sub("", _without_unit(written, unit).translate(_MINUS))
    if _EXPONENT.fullmatch(figure.replace(" ", "")):
        raise ValueError(
            f"「{text.strip()}」のような指数の書き方は使えません。"
            "ふつうの数字で入力してください（例：1200）。"
        )
    if _GROUPED.fullmatch(figure):
        figure = figure.replace(",", "").replace(" ", "")
    if "," in figure or (" " in figure and _SEPARATED.fullmatch(figure)):
        raise ValueError(
            f"「{text.strip()}」の桁区切りを読み取れません。"
            "3桁ごとに区切るか、区切らずに入力してください（例：1,234）。"
        )
    if not _PLAIN.fullmatch(figure):
        raise ValueError(_not_a_number(text, unit))
    return Decimal(figure)


def read_date(text: str) -> date | None:
    """Read `2026-08-20`, `2026/8/20`, `令和8年8月20日`, full width too; None for an empty cell.

    Raises ValueError with a sentence in Japanese otherwise.
    """
    written = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not written:
        return None
    match = _DATE.fullmatch(written) or _WAREKI_DATE.fullmatch(written)
    if match is not None:
        year = 1 if match.group(1) == "元" else int(match.group(1))
        if year and year < 100:  # a year of 令和
            year += _REIWA_BEFORE
        if year:
            return _day(text, year, int(match.group(2)), int(match.group(3)))
    raise ValueError(
        f"日付「{text.strip()[:20]}」を読み取れません。2026-08-20 のように入力してください。"
    )


def clean_text(text: str) -> str:
    """A text without control characters and edge blanks; a line break is one character."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char for char in unified if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return kept.strip()


def too_long(name: str, text: str) -> str:
    """The sentence about a text above LONGEST_TEXT characters; empty where it fits."""
    if len(text) <= LONGEST_TEXT:
        return ""
    return f"{name}は{LONGEST_TEXT}字までです（今は{len(text)}字）。短くまとめてください。"


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        which = "この年の" if (month, day) == (2, 29) else ""
        raise ValueError(
            f"日付「{text.strip()[:20]}」を確かめてください。{which}{month}月{day}日はありません。"
        ) from None


def _without_unit(written: str, unit: str) -> str:
    own = unicodedata.normalize("NFKC", unit).strip()
    endings = _PERCENT if own == "%" else (own,)
    for ending in endings:
        if ending and written.endswith(ending):
            return written.removesuffix(ending).strip()
    return written


def _not_a_number(text: str, unit: str) -> str:
    shown = text.strip()[:20]
    hint = f"単位は「{unit}」です。" if unit and re.search(r"\d", shown) else ""
    return f"「{shown}」を数字として読み取れません。{hint}数字で入力してください（例：1,234）。"
