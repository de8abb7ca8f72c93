"""What many tests begin with: made once by the app's own acts, then put back as rows.

    @pytest.fixture
    @made_once
    def plan(kikaku): ...

The first time, the function makes it, and which rows are new is noted. From then on these rows
are inserted as they were, with their keys and times, in a fraction of the time. PostgreSQL's
sequences are further then than the last rows, as after a rollback: tests of what `verify` makes
of that make their rows anew.
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

from tests.table_rows import Rows, put_back, rows_of

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Kept:
    made: Any
    rows: Rows


def made_once(make: Callable[..., Made]) -> Callable[..., Made]:
    """A fixture's function whose rows are made once in a process; each test has its own copy.

    It makes rows and changes none that were there. Its arguments are given by name: plain values,
    and rows that are themselves made once.
    """
    kept: dict[Any, _Kept] = {}

    @functools.wraps(make)
    def make_or_put_back(**given: object) -> Made:
        rows = [one.pk if isinstance(one, Model) else one for one in given.values()]
        key = (*rows, *_keys())
        if key in kept:
            with transaction.atomic():  # a row may point to one of a later table
                put_back(kept[key].rows)
        else:
            models = apps.get_models(include_auto_created=True)
            before = {table: set(rows) for table, rows in rows_of(models).items()}
            made = make(**given)
            new = {
                table: [row for row in rows if row not in before[table]]
                for table, rows in rows_of(models).items()
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
