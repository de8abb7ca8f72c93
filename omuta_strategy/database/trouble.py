"""What kind of trouble a database error tells of: something that passes, or a fault of ours."""

import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.db import Error, InterfaceError, OperationalError


class Trouble(Enum):
    """Why the database did not do what it was asked, though nothing was wrong with that."""

    BUSY = "busy"  # somebody else held what was needed for too long
    DOWN = "down"  # not there, or silent
    FULL = "full"  # no space left
    READ_ONLY = "read-only"


class Refused(OperationalError):
    """Not asked at all: others have just waited in vain."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(f"The database was not asked: it is {trouble.value}.")


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.DOWN,
    sqlite3.SQLITE_CANTOPEN: Trouble.DOWN,
    sqlite3.SQLITE_PERM: Trouble.DOWN,
}
# SQLSTATEs, or the two characters of their class.
_POSTGRESQL = {
    "55P03": Trouble.BUSY,  # lock_timeout
    "57014": Trouble.BUSY,  # statement_timeout
    "40P01": Trouble.BUSY,  # deadlock
    "40001": Trouble.BUSY,  # serialization
    "25006": Trouble.READ_ONLY,
    "25P03": Trouble.DOWN,  # idle for too long in a transaction
    "3D000": Trouble.DOWN,  # no such database
    "53100": Trouble.FULL,
    "53": Trouble.DOWN,  # resources, such as too many connections
    "57": Trouble.DOWN,  # shut down by somebody, starting up
    "58": Trouble.DOWN,  # its disk
    "08": Trouble.DOWN,  # the connection
    "28": Trouble.DOWN,  # the password
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The trouble behind an exception or what led to it; None for anything else."""
    is_operational = False
    for one in led_to(error):
        if isinstance(one, Refused):
            return one.trouble
        if isinstance(one, sqlite3.Error):
            code = getattr(one, "sqlite_errorcode", 0) & 0xFF  # without its extension
            return _SQLITE.get(code)
        if hasattr(one, "sqlstate"):  # psycopg's, which SQLite alone doesn't load
            return _of_postgresql(one.sqlstate, is_operational=is_operational)
        is_operational |= isinstance(one, OperationalError | InterfaceError)
    return None


def reason_of(error: BaseException) -> str:
    """What the database said, on one line."""
    said = next((one for one in led_to(error) if isinstance(one, Error)), error)
    return " ".join(str(said).split())


def _of_postgresql(state: str | None, *, is_operational: bool) -> Trouble | None:
    if state is None:  # no server said it
        return Trouble.DOWN if is_operational else None
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])


def led_to(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those because of which or during whose handling it was raised."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
