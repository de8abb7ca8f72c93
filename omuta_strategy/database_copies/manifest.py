"""The hashes that a backup keeps of itself.

SQLite notices a damaged page, but not a changed letter inside one. On restoring every table is
hashed again and held against these.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from omuta_strategy.database_copies.copying import Fingerprints
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.rows import Fingerprint
from omuta_strategy.database_copies.schema import MANIFEST

_TABLE, _ORIGIN = MANIFEST


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    origin: str
    tables: Fingerprints


def write(connection: BaseDatabaseWrapper, tables: Fingerprints, origin: str) -> None:
    """Put the hashes into a file that is being made."""
    now = timezone.localtime().isoformat(timespec="seconds")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_ORIGIN} (made_at TEXT, origin TEXT)")
        cursor.execute(f"INSERT INTO {_ORIGIN} VALUES (%s, %s)", [now, origin])  # noqa: S608
        cursor.execute(f"CREATE TABLE {_TABLE} (name TEXT PRIMARY KEY, row_count INT, sha256 TEXT)")
        cursor.executemany(
            f"INSERT INTO {_TABLE} VALUES (%s, %s, %s)",  # noqa: S608 - its own name
            [[name, found.rows, found.sha256] for name, found in tables.items()],
        )


def read(connection: BaseDatabaseWrapper) -> Manifest | None:
    """What a file says of itself; None for one that `backup` did not make."""
    if _TABLE not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT made_at, origin FROM {_ORIGIN}")  # noqa: S608 - its own name
        made_at, origin = cursor.fetchone()
        cursor.execute(f"SELECT name, row_count, sha256 FROM {_TABLE}")  # noqa: S608 - its own name
        tables = {name: Fingerprint(rows, sha256) for name, rows, sha256 in cursor.fetchall()}
    return Manifest(made_at, origin, tables)


def check(kept: Manifest, found: Fingerprints) -> None:
    """DatabaseProblem if a table isn't any more what it was when the backup was made."""
    changed = [table for table, now in found.items() if kept.tables.get(table) != now]
    if changed:
        raise DatabaseProblem(
            f"バックアップの中身が、取ったときのものと違います（{'、'.join(changed)}）。"
            "何も変えていません。別のバックアップを使ってください。"
        )
