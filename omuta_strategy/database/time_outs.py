"""How long anybody waits for the database: pages a few seconds, commands as long as it takes.

The settings take their options from here, so nothing of Django's database is loaded.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# A query may take this many times as long as a lock or a connection is waited for.
_QUERY_FACTOR = 3
_IDLE_IN_TRANSACTION = 60  # s; an edition of 600 KPIs is written in less
_PATIENT = 60  # s that a command waits for SQLite's lock
# What serves pages although `manage.py` starts it.
_SERVING = ("serve", "runserver", "testserver")


def is_command(arguments: Sequence[str]) -> bool:
    """Whether a process is `manage.py <command>` and serves no pages: it waits for everything."""
    name, *rest = (*arguments, "")
    return Path(name).name == "manage.py" and rest[0] not in _SERVING


def sqlite_options(wait: float, arguments: Sequence[str] = sys.argv) -> dict[str, Any]:
    """SQLite's options: who writes waits `wait` seconds for the writer before it."""
    return {
        # A transaction that reads first and writes later would fail at once, without
        # waiting, when another has written in between; one that locks first waits its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": max(wait, _PATIENT) if is_command(arguments) else wait,
        # WAL lets people read while one writes. With NORMAL the last saves before a power cut
        # could be gone, although they had been acknowledged: FULL waits for the disk.
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=FULL;"
            "PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-20000;"  # KiB a connection: the whole database of one city
        ),
    }


def postgresql_options(wait: float, arguments: Sequence[str] = sys.argv) -> dict[str, Any]:
    """PostgreSQL's options: libpq's parameters, and `answer_within` of our own backend.

    Milliseconds where a name says nothing else, as in PostgreSQL; `answer_within`: seconds
    after which a server that says nothing at all (stopped, cut off) is given up.
    """
    options: dict[str, Any] = {
        "connect_timeout": max(2, round(wait)),  # s; libpq takes no less
        # A network that was cut is noticed although no packet says so.
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    if is_command(arguments):
        return options
    milliseconds = round(wait * 1000)
    limits = {
        "lock_timeout": milliseconds,
        "statement_timeout": milliseconds * _QUERY_FACTOR,
        "idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION * 1000,
    }
    return options | {
        "tcp_user_timeout": milliseconds * _QUERY_FACTOR,
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        "answer_within": wait * (_QUERY_FACTOR + 1),
    }
