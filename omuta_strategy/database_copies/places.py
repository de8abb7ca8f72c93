"""Which database is meant, and connections to it beside the app's own."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.utils import ConnectionHandler
from psycopg import IsolationLevel
from psycopg.pq import Conninfo

from omuta_strategy.database_copies.problems import DatabaseProblem

_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"
_ADDRESSES = ("sqlite://", "postgresql://", "postgres://")
_NUMBERS = count(1)
_LOCK_SECONDS = 10
# The server's limits are for pages; a whole database takes longer.
_NO_TIME_OUTS = (
    "SET statement_timeout = 0;"
    "SET idle_in_transaction_session_timeout = 0;"
    f"SET lock_timeout = '{_LOCK_SECONDS}s'"
)


@dataclass(frozen=True, slots=True)
class Database:
    """A database as Django's DATABASES describes one; its text never holds the password."""

    configuration: dict[str, Any]

    @classmethod
    def of_file(cls, path: Path) -> "Database":
        """The database in a file of SQLite."""
        return cls({"ENGINE": _SQLITE, "NAME": path})

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file; otherwise it is PostgreSQL."""
        return bool(self.configuration["ENGINE"] == _SQLITE)

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.configuration["NAME"])

    def __str__(self) -> str:
        if self.is_sqlite:
            return f"SQLite {self.path}"
        options = self.configuration.get("OPTIONS", {})
        host = self.configuration.get("HOST") or options.get("host") or "localhost"
        port = self.configuration.get("PORT")
        where = f"{host}:{port}" if port else host
        return f"PostgreSQL {where}/{self.configuration['NAME']}"


def live_database() -> Database:
    """The one that the server uses."""
    return _checked(connections[DEFAULT_DB_ALIAS].settings_dict)


def database_at(url: str) -> Database:
    """The one at an address as DATABASE_URL has them; DatabaseProblem if it can't be read."""
    configuration: dict[str, Any] = {}
    if url.startswith(_ADDRESSES):
        with suppress(ImproperlyConfigured, ValueError):
            configuration = environ.Env.db_url_config(url)
    if configuration.get("ENGINE") == _SQLITE and configuration["NAME"] != ":memory:":
        configuration["NAME"] = Path(settings.BASE_DIR) / configuration["NAME"]
    return _checked(configuration)


def _checked(configuration: dict[str, Any]) -> Database:
    name = str(configuration.get("NAME", ""))
    # The server's own kind of connection is for pages: here it is Django's.
    kind = str(configuration.get("ENGINE", "")).rpartition(".")[2]
    engine = {"sqlite3": _SQLITE, "postgresql": _POSTGRESQL}.get(kind)
    if engine is None or not name or ":memory:" in name:
        raise DatabaseProblem(
            "データベースの指定を読めません。sqlite:////srv/strategy/db.sqlite3 か "
            "postgresql://利用者@ホスト:5432/名前 のように書いてください。"
        )
    return Database(configuration | {"ENGINE": engine})


@contextmanager
def snapshot(database: Database, *, is_kept: bool = False) -> Iterator[str]:
    """Read a database as it is at one moment, while others write; the connection's alias.

    `is_kept` opens a file that lies somewhere to be kept, and so without writing beside it.
    """
    if database.is_sqlite:
        if not database.path.is_file():
            raise DatabaseProblem(f"{database.path} がありません。場所を確かめてください。")
        configuration = _sqlite(
            f"{database.path.resolve().as_uri()}?mode={'ro' if is_kept else 'rw'}",
            "DEFERRED",
            "PRAGMA query_only=1;PRAGMA cell_size_check=1;",
        )
    else:
        configuration = _postgresql(database, isolation_level=IsolationLevel.REPEATABLE_READ)
    with _opened(configuration) as alias, transaction.atomic(using=alias):
        yield alias


@contextmanager
def writing(database: Database) -> Iterator[str]:
    """Open a PostgreSQL for writing; the connection's alias."""
    with _opened(_postgresql(database)) as alias:
        yield alias


@contextmanager
def building(path: Path) -> Iterator[str]:
    """Open a file of SQLite that nobody else knows yet; the connection's alias.

    Nothing is waited for: the file counts once it is closed, compared and on the disk.
    """
    fast = "PRAGMA journal_mode=MEMORY;PRAGMA synchronous=OFF;PRAGMA cache_size=-65536;"
    with _opened(_sqlite(str(path), "IMMEDIATE", fast)) as alias:
        yield alias


def _sqlite(name: str, mode: str, commands: str) -> dict[str, Any]:
    options = {"transaction_mode": mode, "timeout": _LOCK_SECONDS, "init_command": commands}
    return {"ENGINE": _SQLITE, "NAME": name, "OPTIONS": options}


def _postgresql(database: Database, **options: Any) -> dict[str, Any]:
    given = database.configuration.get("OPTIONS", {})
    # Without what only the server's own kind of connection understands.
    libpq = {option.keyword.decode() for option in Conninfo.get_defaults()}
    own = {name: value for name, value in given.items() if name in libpq}
    return database.configuration | {
        "OPTIONS": {"connect_timeout": 5} | own | options,
        "CONN_HEALTH_CHECKS": False,
    }


@contextmanager
def _opened(configuration: dict[str, Any]) -> Iterator[str]:
    alias = f"whole-{next(_NUMBERS)}"
    # A handler of its own fills in what Django expects of a configuration.
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: {}, alias: configuration})[alias]
    connections[alias] = connection
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_NO_TIME_OUTS)
        yield alias
    finally:
        connection.close()
        del connections[alias]
