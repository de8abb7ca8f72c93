"""Triggers put aside while rows are copied: what they would do was done in the source."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def triggers_aside(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Inside a transaction: no trigger of ours acts, and all foreign keys hold at the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = cursor.fetchall()
            away = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _sql in kept]
            back = [sql for _name, sql in kept]
        else:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
                " JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
            tables = [table for (table,) in cursor.fetchall()]
            away = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in away:
            cursor.execute(statement)
        yield
        connection.check_constraints()
        for statement in back:
            cursor.execute(statement)
