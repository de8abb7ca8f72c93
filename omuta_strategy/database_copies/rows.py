"""Rows as both databases hand them over, and their hashes, which are the same for both."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any

from django.db import models

_EXACT = Context(prec=1000)
_ROWS_AT_ONCE = 200

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows a table has, and one SHA-256 over all of them, in whatever order."""

    rows: int
    sha256: str


@dataclass(slots=True)
class Fingerprinting:
    """A fingerprint in the making."""

    hashes: list[bytes] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Take in one row."""
        self.hashes.append(row_hash(row))

    def result(self) -> Fingerprint:
        """Sorted by their hashes: databases sort texts differently."""
        whole = hashlib.sha256(b"".join(sorted(self.hashes)))
        return Fingerprint(len(self.hashes), whole.hexdigest())


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """A table's columns by name, the order of its rows here: migrations may have another."""
    return sorted(model._meta.concrete_fields, key=lambda column: str(column.column))


def rows_of(model: type[models.Model], alias: str) -> Iterator[Row]:
    """All rows by primary key, few at a time; files of an edition one by one."""
    names = [column.attname for column in columns(model)]
    has_files = any(isinstance(column, models.BinaryField) for column in columns(model))
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    return rows.iterator(chunk_size=1 if has_files else _ROWS_AT_ONCE)


def fingerprint(model: type[models.Model], alias: str) -> Fingerprint:
    """Read a whole table."""
    reading = Fingerprinting()
    for row in rows_of(model, alias):
        reading.add(row)
    return reading.result()


def row_hash(row: Row) -> bytes:
    """SHA-256 of a row's values, each with its kind and length."""
    hashed = hashlib.sha256()
    for value in row:
        kind, content = _written(value)
        hashed.update(b"%s%d:" % (kind, len(content)))
        hashed.update(content)
    return hashed.digest()


def _written(value: Any) -> tuple[bytes, bytes]:
    """Kind and bytes of a value; TypeError for a kind that no column has had yet."""
    match value:
        case None:
            found = b"n", b""
        case str():
            found = b"s", value.encode("utf-8", "surrogatepass")
        case bool() | int():
            # As SQLite keeps it: a truth value is a number there.
            found = b"i", b"%d" % value
        case Decimal():
            found = b"d", format(_EXACT.plus(_EXACT.normalize(value)), "f").encode()
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            found = b"t", moment.isoformat(timespec="microseconds").encode()
        case date() | time():
            found = b"t", value.isoformat().encode()
        case bytes() | bytearray() | memoryview():
            found = b"b", bytes(value)
        case float() | timedelta() | uuid.UUID():
            found = b"x", repr(value).encode()
        case dict() | list():
            found = b"j", json.dumps(value, sort_keys=True).encode()
        case _:
            raise TypeError(f"No kind of column is known for {type(value)}.")
    return found
