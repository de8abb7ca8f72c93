"""What many tests begin with: made once by the app's own acts, then put back as rows.

    @pytest.fixture
    @made_once
    def plan(kikaku): ...

The first time, the function makes it, and which rows are new is noted. From then on these rows
are inserted as they were, with their keys and times, in a fraction of the time.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Max, Model

Made = TypeVar("Made")
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class _Kept:
    made: Any
    rows: Rows


def made_once(make: Callable[..., Made]) -> Callable[..., Made]:
    """A fixture's function whose rows are made once in a process; each test has its own copy.

    It makes rows, changes none that were there, and its arguments are rows, themselves made once.
    """
    kept: dict[Any, _Kept] = {}

    @functools.wraps(make)
    def make_or_put_back(**given: object) -> Made:
        rows = [one.pk if isinstance(one, Model) else one for one in given.values()]
        key = (*rows, *_keys())
        if key in kept:
            _put_back(kept[key].rows)
        else:
            before = {table: set(rows) for table, rows in _all_rows().items()}
            made = make(**given)
            after = _all_rows().items()
            new = {
                table: [row for row in rows if row not in before[table]] for table, rows in after
            }
            kept[key] = _Kept(made, {table: rows for table, rows in new.items() if rows})
        return copy.deepcopy(kept[key].made)

    return make_or_put_back


def _keys() -> tuple[Any, ...]:
    """The keys that the next rows will have, or what stands for them.

    PostgreSQL gives no key twice, whatever is there; only the groups change theirs, where a test
    with transactions of its own has emptied the tables.
    """
    if connection.vendor == "postgresql":
        return (Group.objects.aggregate(last=Max("pk"))["last"],)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
        return tuple(cursor.fetchall())


def _all_rows() -> Rows:
    """Every row as the database holds it, by table."""
    models = apps.get_models(include_auto_created=True)
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in models if model._meta.managed}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's name
            rows[table] = cursor.fetchall()
    return rows


def _put_back(rows: Rows) -> None:
    # In one transaction: a row may point to one of a table that comes later.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, of_table in rows.items():
            values = ", ".join(["%s"] * len(of_table[0]))
            into = connection.ops.quote_name(table)
            cursor.executemany(f"INSERT INTO {into} VALUES ({values})", of_table)  # noqa: S608 - a table's name
