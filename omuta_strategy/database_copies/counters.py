"""The counters that give new rows their numbers.

They go along: a number whose row was deleted must not come again, or the history of the
deleted row would be taken for that of the new one.
"""

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_COUNTED = ("AutoField", "BigAutoField", "SmallAutoField")


def carry_counter(model: type[models.Model], source: str, target: str) -> None:
    """Let the next new row be numbered after the source's last, be it there or deleted."""
    key = model._meta.pk
    if key is None or key.get_internal_type() not in _COUNTED:
        return
    highest = model._base_manager.using(target).aggregate(models.Max("pk"))["pk__max"] or 0
    last = max(last_number(connections[source], model), highest)
    if last > 0:
        _set(connections[target], model, last)


def last_number(connection: BaseDatabaseWrapper, model: type[models.Model]) -> int:
    """The last number that was given out; 0 before the first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
            row = cursor.fetchone()
            return int(row[0]) if row else 0
        cursor.execute(f"SELECT last_value, is_called FROM {_sequence(connection, model)}")  # noqa: S608 - its own name
        last, is_called = cursor.fetchone()
        return int(last) if is_called else 0


def _set(connection: BaseDatabaseWrapper, model: type[models.Model], last: int) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute("SELECT setval(%s, %s)", [_sequence(connection, model), last])


def _sequence(connection: BaseDatabaseWrapper, model: type[models.Model]) -> str:
    assert model._meta.pk is not None  # noqa: S101 - asked by the callers
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        return str(cursor.fetchone()[0])
