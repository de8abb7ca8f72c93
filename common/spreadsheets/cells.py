"""Cells as text, as the sheet shows them, and why some of them can't be taken."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

FORMULA = (
    "数式は取り込めません。コピーして「値として貼り付け」で、計算した結果に置き換えてください。"
)
_DATE = (
    "日付になっています（{}）。セルの書式を「文字列」にしてから、"
    "入れるはずの内容を入れ直してください。"
)
_BOOLEAN = "TRUE・FALSE は取り込めません。数字か文で入れ直してください。"
_ERROR = "エラー値（{}）になっています。正しい値を入れ直してください。"
_ERROR_VALUES = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
# Excel keeps 15 digits; what a file holds behind them is noise.
_DIGITS = 15
# Excel's last day, 31 December 9999, in both date systems.
_LAST_DAY = 2_958_465
# Excel's calendar of 1900 has a 29 February, as its day 60.
_NO_SUCH_DAY = 60


class NumberKind(Enum):
    """What the number in a cell stands for."""

    PLAIN = "plain"
    PERCENT = "percent"
    DATE = "date"


class Cell(NamedTuple):
    """A cell as text; `problem` says why it can't be taken, a sentence with its remedy.

    `is_day` marks a date cell, whose text is then ISO.
    """

    text: str = ""
    problem: str = ""
    is_day: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.text or self.problem)


BLANK = Cell()
# A formula, calculated or not.
CALCULATED = Cell("（数式）", FORMULA)


def from_text(text: str) -> Cell:
    """A cell of a CSV, or a text cell of a workbook as it is shown."""
    stripped = text.strip()
    if stripped.startswith("="):
        return Cell(stripped, FORMULA)
    if stripped.startswith("#") and stripped.upper() in _ERROR_VALUES:
        return Cell(stripped, _ERROR.format(stripped))
    return Cell(stripped)


def from_error(code: str) -> Cell:
    """An error value such as `#N/A`."""
    return Cell(code, _ERROR.format(code))


def from_boolean(written: str) -> Cell:
    """TRUE, written `1`, or FALSE."""
    return Cell("TRUE" if written == "1" else "FALSE", _BOOLEAN)


def from_iso_date(written: str) -> Cell:
    """A day as Strict Open XML may write it: `2026-08-20` or `2026-08-20T00:00:00`."""
    try:
        return _day(datetime.fromisoformat(written).date())
    except ValueError:
        return from_error(written)


def from_number(value: float, kind: NumberKind, *, since_1904: bool) -> Cell:
    """A number as plain text; `12.5%` where the sheet shows 0.125 so; a day as a day."""
    if not math.isfinite(value):
        return from_error("#NUM!")
    if kind is NumberKind.DATE:
        return _serial(value, since_1904=since_1904)
    figure = Decimal(f"{value:.{_DIGITS}g}")
    is_percent = kind is NumberKind.PERCENT
    if is_percent:
        figure *= 100
    # Adding zero makes −0 a plain zero.
    plain = f"{figure.normalize() + 0:f}"
    return Cell(f"{plain}%" if is_percent else plain)


def _serial(value: float, *, since_1904: bool) -> Cell:
    """A date cell's number of days as a day; below one day it is a time."""
    days = math.floor(value)
    if value < 0 or days > _LAST_DAY or (days == _NO_SUCH_DAY and not since_1904):
        return from_error("#VALUE!")
    if days == 0:
        clock = (datetime.min + timedelta(days=value)).time().replace(microsecond=0)  # noqa: DTZ901
        return Cell(clock.isoformat(), _DATE.format(clock.isoformat()))
    first_of_1900 = date(1899, 12, 30 if days > _NO_SUCH_DAY else 31)
    first = date(1904, 1, 1) if since_1904 else first_of_1900
    try:
        return _day(first + timedelta(days=days))
    except OverflowError:
        return from_error("#VALUE!")


def _day(day: date) -> Cell:
    return Cell(day.isoformat(), _DATE.format(day.isoformat()), is_day=True)
