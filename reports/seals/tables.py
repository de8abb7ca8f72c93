"""Which tables are sealed: histories, audit, contents of closed years, editions, changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AuditEntry
from common.history import members_of, tracked_models
from reports.models import Edition, EditionFile, KeptContent, PlanChange, SealedRow


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table whose rows are written once.

    `owner` is the column with the key of the thing that a row is about, which `noun` calls by its
    name; `columns` are those that are hashed.
    """

    model: Any
    owner: str
    noun: str
    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        """`kpis.historicalkpi`, by which seals name it."""
        return str(self.model._meta.label_lower)

    @property
    def key(self) -> str:
        """The column of its primary key."""
        return str(self.model._meta.pk.attname)

    def unsealed(self) -> QuerySet[Any]:
        """The rows that no seal has yet, in the order of their keys."""
        sealed = SealedRow.objects.filter(table=self.label, row_id=OuterRef("pk")).order_by()
        rows: QuerySet[Any] = self.model.objects.filter(~Exists(sealed))
        return rows.order_by("pk")


def first_unsealed() -> list[tuple[SealedTable, int]]:
    """The tables with rows that no seal has yet, by their labels, and the key of each one's first.

    One query for all tables: most have nothing new.
    """
    tables = sealed_tables()
    with connection.cursor() as cursor:
        cursor.execute(_first_unsealed_sql(), [table.label for table in tables])
        (keys,) = cursor.fetchall()
    return [(table, key) for table, key in zip(tables, keys, strict=True) if key is not None]


@cache
def _first_unsealed_sql() -> str:
    """A column for each table; the parameters are the tables' labels."""
    name = connection.ops.quote_name
    sealed = name(SealedRow._meta.db_table)
    columns = []
    for table in sealed_tables():
        rows, key = name(table.model._meta.db_table), name(table.model._meta.pk.column)
        columns.append(
            f"(SELECT {key} FROM {rows} WHERE NOT EXISTS (SELECT 1 FROM {sealed}"  # noqa: S608 - names alone
            f" WHERE {sealed}.{name('table')} = %s AND {sealed}.{name('row_id')} = {rows}.{key})"
            f" ORDER BY {key} LIMIT 1)"
        )
    return f"SELECT {', '.join(columns)}"


@cache
def sealed_tables() -> tuple[SealedTable, ...]:
    """All tables that are sealed, by their labels."""
    tables = [
        # The document and the files' bytes have a SHA-256 in their rows.
        _table(Edition, "id", left_out=["document"]),
        _table(EditionFile, "edition_id", left_out=["content"]),
        _table(KeptContent, "id", left_out=["document"]),
        _table(PlanChange, "id"),
        _table(AuditEntry, "id"),
    ]
    for model, history in tracked_models():
        noun = f"{model._meta.verbose_name}の履歴"
        # Who acted stays by name when the account is deleted and the reference to it goes.
        tables.append(_table(history, "id", noun, left_out=["history_user_id"]))
        for field, kept in members_of(history):
            owner = field.m2m_column_name()
            tables.append(_table(kept, owner, f"{noun}（{field.verbose_name}）"))
    return tuple(sorted(tables, key=lambda table: table.label))


def _table(model: Any, owner: str, noun: str = "", left_out: Iterable[str] = ()) -> SealedTable:
    columns = [one.attname for one in model._meta.concrete_fields if one.attname not in left_out]
    return SealedTable(model, owner, noun or str(model._meta.verbose_name), tuple(columns))
