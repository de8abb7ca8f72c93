"""A snapshot put in a database's place: into an empty one, or with the old one kept aside."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from omuta_strategy.database_copies.comparing import Compared, compare
from omuta_strategy.database_copies.copying import copy_rows
from omuta_strategy.database_copies.files import belongs_like, compared_file, flush
from omuta_strategy.database_copies.in_use import refuse_if_in_use
from omuta_strategy.database_copies.places import Database, snapshot, writing
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.schema import Schema, make_tables
from projects.models import Strategy

_BESIDE_A_FILE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Placed:
    """What is in place now, and where the old database is; None if there was none."""

    compared: Compared
    aside: str | None


def put_in_place(
    source: str, schema: Schema, database: Database, *, replaces: bool, left_out: str = ""
) -> Placed:
    """Copy, compare, and only then let the copy be the database; all or nothing.

    DatabaseProblem if the database is in use, or if somebody worked in it and it isn't to be
    replaced. One that only `migrate` was run on is empty.
    """
    refuse_if_in_use(database)
    is_kept = _is_worked_in(database)
    if is_kept and not replaces:
        raise DatabaseProblem(
            f"{database} は空ではありません。何も変えていません。"
            "空のデータベースを指定するか、restore なら --replace を付けてください。"
        )
    name = f"before_restore_{timezone.localtime():%Y%m%d_%H%M%S}"
    put = _put_file if database.is_sqlite else _put_into_postgresql
    return put(source, schema, database, name if is_kept else None, left_out)


def _put_file(
    source: str, schema: Schema, database: Database, aside: str | None, left_out: str
) -> Placed:
    path = database.path.resolve()
    if not path.parent.is_dir():
        raise DatabaseProblem(f"フォルダー {path.parent} がありません。作ってから行ってください。")
    with compared_file(source, schema, path.parent, left_out=left_out) as (new, compared):
        belongs_like(new, path if path.exists() else path.parent)
        refuse_if_in_use(database)  # again: copying took a while
        kept = _file_aside(path, aside)
        new.replace(path)
        flush(path.parent)
    return Placed(compared, kept)


def _file_aside(path: Path, name: str | None) -> str | None:
    """Give a file a second name, so that there is no moment without a database."""
    if not path.exists():
        return None
    # What lies in files beside it belongs into it, unless it is too damaged for that.
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=DELETE")
    if name is None:
        for ending in _BESIDE_A_FILE:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return None
    aside = path.with_name(f"{path.name}.{name}")
    try:
        os.link(path, aside)
    except OSError:  # a file system without second names
        path.rename(aside)
    for ending in _BESIDE_A_FILE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return str(aside)


def _put_into_postgresql(
    source: str, schema: Schema, database: Database, aside: str | None, left_out: str
) -> Placed:
    with writing(database) as alias, transaction.atomic(using=alias):
        connection = connections[alias]
        old = _tables_aside(connection, aside or "to_be_dropped")
        with connection.cursor() as cursor:
            # A foreign key that waits for the end would forbid changing its table meanwhile.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        make_tables(source, alias, schema)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        read = copy_rows(source, alias, schema, left_out=left_out)
        compared = compare(source, read, alias, schema, left_out=left_out)
        if old is not None and aside is None:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(old)} CASCADE")
            old = None
    return Placed(compared, old and f"スキーマ {old}")


def _tables_aside(connection: BaseDatabaseWrapper, name: str) -> str | None:
    """Move all tables and functions of our own into another schema; None if there are none."""
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'TABLE ' || oid::regclass FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
            " AND relowner = current_user::regrole AND NOT EXISTS (SELECT FROM pg_depend"
            "  WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')"
            " UNION ALL SELECT 'ROUTINE ' || oid::regprocedure FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace"
            " AND proowner = current_user::regrole AND NOT EXISTS (SELECT FROM pg_depend"
            "  WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')"
        )
        found = [text for (text,) in cursor.fetchall()]
        if not found:
            return None
        cursor.execute(f"CREATE SCHEMA {quoted}")
        for one in found:
            cursor.execute(f"ALTER {one} SET SCHEMA {quoted}")
    return name


def _is_worked_in(database: Database) -> bool:
    """Whether a database holds more than `migrate` puts into it, or something of others."""
    if database.is_sqlite and (not database.path.exists() or not database.path.stat().st_size):
        return False
    ours = {model._meta.db_table for model in (User, Strategy, Strategy.history.model)}
    try:
        with snapshot(database) as alias, connections[alias].cursor() as cursor:
            names = connections[alias].introspection.table_names(cursor)
            if names and "django_migrations" not in names:
                return True
            for table in ours.intersection(names):
                cursor.execute(f"SELECT 1 FROM {connections[alias].ops.quote_name(table)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    return True
    except DatabaseError:
        if database.is_sqlite:
            return True  # damaged: kept as it is
        raise
    return False
