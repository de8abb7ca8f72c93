"""Years of a record, and the life that it gives a row."""

from collections.abc import Mapping
from typing import Any


def set_life(row: Any, record: Mapping[str, str]) -> None:
    """Let a row (`Lived`) live in the years that its record says."""
    row.first_year, row.last_year = year_of(record.get("開始年度")), year_of(record.get("終了年度"))
    row.begin_reason = record.get("開始の理由", "")
    row.end_reason = record.get("終了の理由", "")


def year_of(text: str | None) -> int | None:
    """A fiscal year; None for nothing."""
    return int(text) if text else None
