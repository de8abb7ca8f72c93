"""Cells of a workbook as text, and why some of them can't be taken."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.reading.texts import clean_text
from entry.actuals_file.table import Cell
from kpis.xlsx_text import as_shown

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
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def from_text(text: str) -> Cell:
    """A cell of a CSV, or a text cell of a workbook as it is shown."""
    cleaned = clean_text(text)
    if cleaned.startswith("="):
        return Cell(cleaned, FORMULA)
    if cleaned.upper() in _ERROR_VALUES:
        return Cell(cleaned, _ERROR.format(cleaned))
    return Cell(cleaned)


def from_workbook(value: Any, kind: str, number_format: str) -> Cell:
    """A cell of a workbook: its value, openpyxl's data type and its number format."""
    if value is None:
        return Cell()
    if kind == "s":
        return from_text(as_shown(str(value)))
    if kind == "f":
        return Cell("（数式）", FORMULA)
    if kind == "e":
        return Cell(str(value), _ERROR.format(value))
    return _typed(value, number_format)


def _typed(value: Any, number_format: str) -> Cell:
    if isinstance(value, bool):
        return Cell(str(value).upper(), _BOOLEAN)
    if isinstance(value, int | float):
        return Cell(_number(value, number_format))
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(day.isoformat(), _DATE.format(day.isoformat()), is_day=True)
    return Cell(str(value), _DATE.format(value))  # a time or a duration


def _number(value: float, number_format: str) -> str:
    """A number as plain text; `12.5%` where the sheet shows 0.125 so."""
    figure = Decimal(f"{value:.{_DIGITS}g}")
    is_percent = "%" in _NOT_SHOWN.sub("", number_format or "")
    if is_percent:
        figure *= 100
    # Adding zero makes −0 a plain zero.
    plain = f"{figure.normalize() + 0:f}"
    return f"{plain}%" if is_percent else plain
