"""The two pages that monitoring asks: whether the process lives, and whether it can serve."""

import logging
import shutil
import tempfile
import threading
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from omuta_strategy.database.trouble import Trouble, trouble_of
from omuta_strategy.error_pages import note_trouble

logger = logging.getLogger(__name__)

PLAIN_TEXT = "text/plain; charset=utf-8"
# Bytes. A report of 600 KPIs takes 20 MB of temporary files; SQLite's log grows to some MB.
LEAST_SPACE = 200 * 1024 * 1024

_PATIENCE = 2  # s

OK = "ok"
# Databases that were found migrated: they stay so while a process runs.
_migrated: set[str] = set()
# What the last answer said.
_told: dict[str, str] = {}


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 `ok`: the process lives. Nothing else is asked, so nothing can make it wait."""
    return HttpResponse(OK, content_type=PLAIN_TEXT)


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything is `ok`, else 503; a line for each check, reasons to the log."""
    found = _asking.answer() | {"space": _space()}
    is_ready = all(word == OK for word in found.values())
    lines = "".join(f"{name} {word}\n" for name, word in found.items())
    _tell_change(lines, is_ready=is_ready)
    response = HttpResponse(lines, status=200 if is_ready else 503, content_type=PLAIN_TEXT)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - by _tell_change
    return response


def _tell_change(lines: str, *, is_ready: bool) -> None:
    """Log what is wrong once, and not each time that monitoring asks."""
    if lines != _told.get("lines", lines if is_ready else ""):
        level = logging.INFO if is_ready else logging.WARNING
        logger.log(
            level, "%s: %s", "ready" if is_ready else "not ready", ", ".join(lines.split("\n")[:-1])
        )
    _told["lines"] = lines


class _Asking:
    """One thread at a time asks the database, and nobody waits for it longer than a moment.

    A database that says nothing would else keep the thread in which monitoring is answered.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.found: dict[str, str] = {}

    def answer(self) -> dict[str, str]:
        """What was found; `database slow` where it takes too long."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.found = {}
                self.thread = threading.Thread(target=self._ask, daemon=True)
                self.thread.start()
            thread = self.thread
        thread.join(_PATIENCE)
        return {"database": "slow"} if thread.is_alive() else dict(self.found)

    def _ask(self) -> None:
        try:
            self.found = _ask_database()
        finally:
            connection.close()


_asking = _Asking()


def _ask_database() -> dict[str, str]:
    found = {}
    checks = {"database": _database, "writable": _writable, "migrated": _migrations}
    for name, check in checks.items():
        try:
            found[name] = check()
        except (DatabaseError, InterfaceError) as error:
            if trouble_of(error) is None:
                logger.exception("%s could not be checked.", name)
            else:
                note_trouble(error)
            return found | {name: "no"}
    return found


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _writable() -> str:
    """Whether a transaction may write; one that somebody else is writing in counts as well."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A standby's transactions are read-only too.
            cursor.execute("SHOW transaction_read_only")
            return "no" if cursor.fetchone()[0] == "on" else OK
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        except DatabaseError as error:
            if trouble_of(error) is Trouble.BUSY:
                return OK
            logger.warning("SQLite can't be written to: %s", error)
            return "no"
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
    return OK


def _migrations() -> str:
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return OK
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "no"
    _migrated.add(name)
    return OK


def _space() -> str:
    """Whether there is space where temporary files go and where SQLite's file lies."""
    folders = [Path(tempfile.gettempdir())]
    file = Path(connection.settings_dict["NAME"] or "")
    if connection.vendor == "sqlite" and file.is_file():
        folders.append(file.parent)
    left = min(shutil.disk_usage(folder).free for folder in folders)
    return OK if left >= LEAST_SPACE else "low"
