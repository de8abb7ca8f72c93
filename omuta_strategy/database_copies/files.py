"""A database as one closed file of SQLite, compared before anybody sees it."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from omuta_strategy.database_copies import manifest
from omuta_strategy.database_copies.comparing import Compared, compare
from omuta_strategy.database_copies.copying import copy_rows
from omuta_strategy.database_copies.places import Database, building, snapshot
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.schema import Schema, make_tables

UNFINISHED = ".strategy-unfinished-"  # begins the names of folders in which a copy is made


@contextmanager
def compared_file(
    source: str, schema: Schema, folder: Path, *, left_out: str = "", origin: str = ""
) -> Iterator[tuple[Path, Compared]]:
    """Copy a snapshot into a file, on the disk and readable by its owner alone.

    It lies in a folder of its own inside `folder`, which goes at the end, and the file with it
    unless it was moved away. With an `origin` the file is a backup, and keeps its own hashes.
    """
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder) as private:
        file = Path(private) / "db.sqlite3"
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with building(file) as target:
            make_tables(source, target, schema)
            read = copy_rows(source, target, schema, left_out=left_out)
            if origin:
                manifest.write(connections[target], read, origin)
        with snapshot(Database.of_file(file), is_kept=True) as target:
            check_file(target)
            compared = compare(source, read, target, schema, left_out=left_out)
        flush(file)
        yield file, compared


def check_file(alias: str) -> None:
    """Let SQLite read every page of an open file; DatabaseProblem if something is damaged."""
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(5)")
        found = [text for (text,) in cursor.fetchall()]
        if found != ["ok"]:
            raise DatabaseProblem(f"ファイルが壊れています（{'、'.join(found)}）。")
        cursor.execute("PRAGMA foreign_key_check")
        if broken := cursor.fetchall():
            tables = "、".join(sorted({str(row[0]) for row in broken}))
            raise DatabaseProblem(f"ファイルの中で、つながりが切れています（{tables}）。")


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such thing for a folder
    opened = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sha256_of(path: Path) -> str:
    """Of a file's bytes, as `sha256sum` prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def belongs_like(path: Path, like: Path) -> None:
    """Give a file to the owner of another file or folder; of a file also the permissions."""
    found = like.stat()
    if like.is_file():
        path.chmod(found.st_mode & 0o777)
    if hasattr(os, "chown"):
        # Whoever isn't root can only make files of their own.
        with contextlib.suppress(PermissionError):
            os.chown(path, found.st_uid, found.st_gid)
