"""The three entry pages as one sheet: its rows, what was typed into them, and saving them."""

from entry.sheet.actual_row import ActualRow
from entry.sheet.actuals import ACTUALS_SHEET, actual_rows, supposed, tell_takers
from entry.sheet.rows import SheetRow
from entry.sheet.saving import Sheet, SheetRefused, posted_codes, save
from entry.sheet.texts import (
    PROGRESS_SHEET,
    REVIEW_SHEET,
    progress_rows,
    review_rows,
)

__all__ = [
    "ACTUALS_SHEET",
    "PROGRESS_SHEET",
    "REVIEW_SHEET",
    "ActualRow",
    "Sheet",
    "SheetRefused",
    "SheetRow",
    "actual_rows",
    "posted_codes",
    "progress_rows",
    "review_rows",
    "save",
    "supposed",
    "tell_takers",
]
