"""A backup put back, into SQLite or PostgreSQL, whichever it is of."""

from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connections

from omuta_strategy.database_copies import manifest
from omuta_strategy.database_copies.files import check_file
from omuta_strategy.database_copies.manifest import Manifest
from omuta_strategy.database_copies.places import Database, snapshot
from omuta_strategy.database_copies.placing import Placed, put_in_place
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.rows import fingerprint
from omuta_strategy.database_copies.schema import SESSIONS, schema_of

_BEGINNING = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `is_current` unless `migrate` has still to be run."""

    placed: Placed
    manifest: Manifest | None  # None for a file that `backup` did not make
    is_current: bool


def restore(
    file: Path, database: Database, *, replaces: bool = False, with_sessions: bool = False
) -> Restored:
    """Put a backup in the database's place; DatabaseProblem says why not, and nothing changed.

    Sessions stay behind unless asked for: who has logged out since would be logged in again.
    """
    if not file.is_file():
        raise DatabaseProblem(f"{file} がありません。場所を確かめてください。")
    with file.open("rb") as opened:
        if opened.read(len(_BEGINNING)) != _BEGINNING:
            raise DatabaseProblem(
                f"{file} はバックアップではありません（SQLiteのファイルではありません）。"
            )
    with snapshot(Database.of_file(file), is_kept=True) as source:
        try:
            check_file(source)
            schema = schema_of(source)
            said = manifest.read(connections[source])
            if said:
                now = {one._meta.db_table: fingerprint(one, source) for one in schema.models}
                manifest.check(said, now)
        except DatabaseError as error:
            raise DatabaseProblem(f"{file} が壊れています（{error}）。") from error
        placed = put_in_place(
            source,
            schema,
            database,
            replaces=replaces,
            left_out="" if with_sessions else SESSIONS,
        )
    return Restored(placed, said, schema.is_current)
