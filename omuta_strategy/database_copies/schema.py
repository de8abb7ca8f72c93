"""The tables that a database has by its own migrations, which may be older than the code's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from omuta_strategy.database_copies.problems import DatabaseProblem

SESSIONS = "accounts_session"
MANIFEST = ("backup_manifest", "backup_origin")  # what a backup says of itself

Migration = tuple[str, str]  # app and name


@dataclass(frozen=True, slots=True)
class Schema:
    """A model for each table, links of many to many and Django's own record included."""

    models: list[type[models.Model]]
    migrations: frozenset[Migration]
    unknown_tables: list[str]  # which no model knows
    is_current: bool  # whether the code has no migration beyond these


def schema_of(alias: str) -> Schema:
    """Read which tables a database has.

    DatabaseProblem for one of a newer code, of none, or with other columns than its migrations
    made: what no model knows would be lost.
    """
    connection = connections[alias]
    loader = MigrationLoader(connection)
    recorded = loader.applied_migrations.keys()
    applied = recorded & loader.disk_migrations.keys()
    if not applied:
        raise DatabaseProblem("このアプリのデータベースではありません（移行の記録がありません）。")
    state = loader.project_state(_last_of_each_app(loader, applied))
    found = [
        model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    found.append(MigrationRecorder.Migration)
    found.sort(key=lambda model: model._meta.db_table)
    tables = {model._meta.db_table for model in found}
    unknown_tables = set(connection.introspection.table_names()) - tables - set(MANIFEST)
    others = [model._meta.db_table for model in found if not _has_its_columns(connection, model)]
    # Names alone say nothing: migrations may have been folded together since.
    newer = recorded - applied
    if newer and (others or unknown_tables):
        names = "、".join(f"{app}.{name}" for app, name in sorted(newer))
        raise DatabaseProblem(
            f"データベースが、このプログラムより新しい版のものです（{names}）。"
            "新しい版のプログラムで行ってください。"
        )
    if others:
        raise DatabaseProblem(
            f"移行で作られたものと違う表があります（{'、'.join(others)}）。"
            "列を加えたり消したりしたのなら、元に戻してください。"
        )
    return Schema(
        found,
        frozenset(applied),
        sorted(unknown_tables),
        is_current=not (loader.graph.nodes.keys() - applied),
    )


def is_migrated(alias: str) -> bool:
    """Whether `migrate` has nothing to do."""
    loader = MigrationLoader(connections[alias])
    return not (loader.graph.nodes.keys() - loader.applied_migrations.keys())


def _has_its_columns(connection: BaseDatabaseWrapper, model: type[models.Model]) -> bool:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        described = connection.introspection.get_table_description(cursor, table)
    return {one.name for one in described} == {one.column for one in model._meta.concrete_fields}


def make_tables(source: str, target: str, schema: Schema) -> None:
    """Make the source's tables in an empty database, without the rows that `migrate` adds.

    Between two files of SQLite they are taken over as they are; otherwise the same migrations
    make them.
    """
    before, after = connections[source], connections[target]
    if before.vendor == after.vendor == "sqlite":
        _take_over(before, after, schema)
        return
    executor = MigrationExecutor(after)
    executor.migrate(_last_of_each_app(executor.loader, schema.migrations))


def _take_over(before: BaseDatabaseWrapper, after: BaseDatabaseWrapper, schema: Schema) -> None:
    """Tables, then their indexes and triggers."""
    tables = {model._meta.db_table for model in schema.models}
    with before.cursor() as reading, after.cursor() as making:
        reading.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " ORDER BY type <> 'table', rowid"
        )
        for table, statement in reading.fetchall():
            if table in tables:
                making.execute(statement)


def _last_of_each_app(loader: MigrationLoader, applied: Iterable[Migration]) -> list[Migration]:
    """Those that no other of their app follows: with these all are named."""
    followed = {
        parent.key
        for key in applied
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(set(applied) - followed)
