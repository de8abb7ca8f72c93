"""What is hashed, and how: the same text for the same content on every database. Pure.

JSON with sorted keys and without blanks. Numbers are without trailing zeros, moments in UTC to the
microsecond.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from reports.models import Seal

# What stands before the first seal.
NOTHING_BEFORE = ""


def row_hash(table: str, columns: Sequence[str], values: Sequence[Any]) -> str:
    """The SHA-256 of one row of a table."""
    return _sha256([table, [list(pair) for pair in zip(columns, map(_plain, values), strict=True)]])


class RowsHash:
    """The hash over the rows of one table in one seal, fed with each row in the order of keys."""

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256()

    def add(self, row_id: int, object_id: int, sha256: str) -> None:
        self.count += 1
        self._hash.update(f"{row_id} {object_id} {sha256}\n".encode())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def seal_hash(seal: Seal, before: str) -> str:
    """The SHA-256 of a seal, chained to that of the seal `before` it."""
    said = (
        seal.number, seal.made_at, seal.occasion, seal.subject, seal.day, seal.tables,
        seal.row_count, before,
    )  # fmt: skip
    return _sha256([_plain(one) for one in said])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _sha256(said: Iterable[Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
