"""The entry page: its rows, from the database or from what was typed, and saving them."""

from kpis.entry.deadline import deadline_text
from kpis.entry.rows import EntryError, EntryRow, entry_rows
from kpis.entry.saving import EntryRefused, posted_codes, save_entries, supposed

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
