"""The entry page: its rows, from the database or from what was typed, and saving them."""

from entry.sheet.rows import EntryError, EntryRow, entry_rows
from entry.sheet.saving import EntryRefused, posted_codes, save_entries, supposed
from kpis.open_work.deadlines import deadline_text

__all__ = [
    "EntryError",
    "EntryRefused",
    "EntryRow",
    "deadline_text",
    "entry_rows",
    "posted_codes",
    "save_entries",
    "supposed",
]
