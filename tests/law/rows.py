"""The rows of the plans as the database has them, read again where something was written alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

# What a plan and all that is told of it consists of.
ROOMS = ("projects", "kpis", "reports")

_READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
_TABLE = re.compile(r'(?:INTO|UPDATE|FROM)\s+"(\w+)"')

Rows = dict[str, list[Any]]


class Watched:
    """Every row of the plans, their figures, histories and papers; by table, in order.

    `wrote` is whether any statement wrote since `now` was called last, taken back or not.
    """

    def __init__(self) -> None:
        self._tables = [
            model._meta.db_table
            for room in ROOMS
            for model in apps.get_app_config(room).get_models(include_auto_created=True)
        ]
        self._rows: Rows = {}
        self._written: set[str] = set(self._tables)
        self.wrote = False

    @contextmanager
    def watching(self) -> Iterator["Watched"]:
        """Note what is written in here."""
        with connection.execute_wrapper(self._execute):
            yield self

    def now(self) -> Rows:
        """The rows as they are: those tables again into which was written."""
        written, self._written, self.wrote = self._written, set(), False
        self._rows = self._rows | {
            table: _rows_of(table) for table in self._tables if table in written
        }
        return self._rows

    def _execute(self, execute: Callable[..., Any], sql: str, *its: Any) -> Any:
        if not sql.startswith(_READS):
            self.wrote = True
            found = _TABLE.search(sql)
            self._written |= {found[1]} if found else set(self._tables)
        return execute(sql, *its)


def _rows_of(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY "id"')  # noqa: S608 - a model's table
        return cursor.fetchall()
