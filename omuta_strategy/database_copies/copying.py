"""Every row of every table, from a snapshot into tables that the same migrations made."""

from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from omuta_strategy.database_copies.counters import carry_counter
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.rows import Fingerprint, Fingerprinting, Row, columns, rows_of
from omuta_strategy.database_copies.schema import Schema
from omuta_strategy.database_copies.triggers import triggers_aside

_ROWS_AT_ONCE = 200
_BYTES_AT_ONCE = 4 * 1024 * 1024

Fingerprints = dict[str, Fingerprint]  # by table


def copy_rows(source: str, target: str, schema: Schema, *, left_out: str = "") -> Fingerprints:
    """Copy all tables but one in one transaction; the source's fingerprints, of what was read.

    Values go as they are, without the models' save methods, defaults of a moment or checks:
    the history may name what is gone.
    """
    connection = connections[target]
    with transaction.atomic(using=target), triggers_aside(connection):
        read = {}
        for model in schema.models:
            table = model._meta.db_table
            with connection.cursor() as cursor:
                # Rows that the migrations wrote.
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if table != left_out:
                read[table] = _copy_table(model, source, connection)
            carry_counter(model, source, target)
        return read


def _copy_table(model: type[models.Model], source: str, target: BaseDatabaseWrapper) -> Fingerprint:
    quoted = target.ops.quote_name
    written = [column for column in columns(model) if not column.generated]
    places = [at for at, column in enumerate(columns(model)) if not column.generated]
    statement = (
        f"INSERT INTO {quoted(model._meta.db_table)}"  # noqa: S608 - names of our own
        f" ({', '.join(quoted(str(column.column)) for column in written)})"
        f" VALUES ({', '.join(['%s'] * len(written))})"
    )
    reading = Fingerprinting()
    with target.cursor() as cursor:
        for rows in _batches(rows_of(model, source)):
            for row in rows:
                reading.add(row)
            try:
                cursor.executemany(
                    statement,
                    [
                        [
                            _prepared(column, row[at], target)
                            for column, at in zip(written, places, strict=True)
                        ]
                        for row in rows
                    ],
                )
            except (DatabaseError, ValueError) as error:
                raise DatabaseProblem(_refused(model, rows, error)) from error
    return reading.result()


def _prepared(column: models.Field[Any, Any], value: Any, target: BaseDatabaseWrapper) -> Any:
    if value is None and isinstance(column, models.JSONField) and not column.null:
        # JSON's own null, which Django would take for SQL's.
        return target.ops.adapt_json_value(None, column.encoder)
    return column.get_db_prep_save(value, target)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Some hundred rows, or some megabytes of texts and files."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, str | bytes | memoryview))
        if len(batch) == _ROWS_AT_ONCE or size > _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _refused(model: type[models.Model], rows: list[Row], error: Exception) -> str:
    """Name the row, if a text of it holds what PostgreSQL can't, or those that went together."""
    assert model._meta.pk is not None  # noqa: S101 - every table has one
    key = columns(model).index(model._meta.pk)
    table = model._meta.db_table
    for row in rows:
        for column, value in zip(columns(model), row, strict=True):
            if isinstance(value, str) and "\0" in value:
                return (
                    f"表 {table} の {row[key]} の「{column.verbose_name}」に、PostgreSQLに入らない"
                    "文字（NUL）があります。もとのデータベースで取り除いてください。"
                )
    between = f"{rows[0][key]}〜{rows[-1][key]}"
    return f"表 {table} の {between} のどれかを書けません（{' '.join(str(error).split())}）。"
