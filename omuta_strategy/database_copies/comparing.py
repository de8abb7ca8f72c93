"""A copy held against what was read for it, table by table."""

from dataclasses import dataclass

from django.db import models

from omuta_strategy.database_copies.copying import Fingerprints
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.rows import columns, fingerprint, row_hash, rows_of
from omuta_strategy.database_copies.schema import Schema

_NAMED = 5  # rows that a message lists


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found equal, row by row."""

    tables: Fingerprints
    unknown_tables: list[str]  # which no model knows, and which were not copied
    left_out: str  # the table whose rows were left behind on purpose; empty for none

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(table.rows for table in self.tables.values())


def compare(
    source: str, read: Fingerprints, target: str, schema: Schema, *, left_out: str = ""
) -> Compared:
    """Read the copy again; DatabaseProblem names tables and rows that differ."""
    problems = []
    for model in schema.models:
        table = model._meta.db_table
        if table != left_out and fingerprint(model, target) != read[table]:
            problems.append(f"表 {table}：{_differing(model, source, target)}")
    if problems:
        raise DatabaseProblem(
            "写したものが、もとのものと違います。写したものは使いません。\n" + "\n".join(problems)
        )
    return Compared(read, schema.unknown_tables, left_out)


def _differing(model: type[models.Model], source: str, target: str) -> str:
    before, after = _by_key(model, source), _by_key(model, target)
    keys = [key for key in before | after if before.get(key) != after.get(key)]
    named = "、".join(keys[:_NAMED])
    return f"{len(keys)}行（{named}{'など' if len(keys) > _NAMED else ''}）"


def _by_key(model: type[models.Model], alias: str) -> dict[str, bytes]:
    assert model._meta.pk is not None  # noqa: S101 - every table has one
    key = columns(model).index(model._meta.pk)
    return {str(row[key]): row_hash(row) for row in rows_of(model, alias)}
