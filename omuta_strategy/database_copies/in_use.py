"""Whether somebody else has a database open, as far as that can be known."""

import sqlite3
import time
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from omuta_strategy.database_copies.places import Database, writing
from omuta_strategy.database_copies.problems import DatabaseProblem

_WAITED = 3  # seconds for a connection that is just being closed


def refuse_if_in_use(database: Database) -> None:
    """DatabaseProblem if a server, or another command, is connected."""
    connections[DEFAULT_DB_ALIAS].close()  # our own
    others = _others_of_file(database.path) if database.is_sqlite else _others(database)
    if others:
        raise DatabaseProblem(
            f"{database} が使われています（{others}）。サーバーと、つながっているほかの"
            "ものを止めてから、もう一度行ってください。何も変えていません。"
        )


def _others_of_file(path: Path) -> str:
    """Who has a file open keeps a lock on it, even while doing nothing."""
    if not path.is_file():
        return ""
    connection = sqlite3.connect(path, isolation_level=None, timeout=_WAITED)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return "ほかのプログラムが開いています"
    except sqlite3.DatabaseError:
        return ""  # damaged: to be restored, most likely
    finally:
        connection.close()
    return ""


def _others(database: Database) -> str:
    deadline = time.monotonic() + _WAITED
    with writing(database) as alias, connections[alias].cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT coalesce(host(client_addr), 'localhost'), count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " GROUP BY client_addr ORDER BY client_addr"
            )
            found = cursor.fetchall()
            if not found or time.monotonic() > deadline:
                return "、".join(f"{host} から{number}本の接続" for host, number in found)
            time.sleep(0.1)
