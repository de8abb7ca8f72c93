"""The rows of tables as the database holds them: to compare them, or to put them back."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(models: Iterable[type[Model]]) -> Rows:
    """Every row of the models' tables in the order of their keys, by the tables' names."""
    quoted = connection.ops.quote_name
    rows = {}
    with connection.cursor() as cursor:
        for meta in (model._meta for model in models):
            table, key = quoted(meta.db_table), quoted(meta.pk.column)
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608 - names alone
            rows[meta.db_table] = cursor.fetchall()
    return rows


def put_back(rows: Rows) -> None:
    """Insert rows as they were, keys included, into a database that has none of them."""
    with connection.cursor() as cursor:
        for name, of_table in rows.items():
            values = ", ".join(["%s"] * len(of_table[0]))
            table = connection.ops.quote_name(name)
            cursor.executemany(f"INSERT INTO {table} VALUES ({values})", of_table)  # noqa: S608
