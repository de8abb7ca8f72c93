"""What a start wants of the database: that it answers, is migrated and can be written."""

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor


class UnfitDatabase(Exception):
    """The server may not start; the message is a Japanese sentence with the remedy."""


def check_database(connection: BaseDatabaseWrapper) -> None:
    """Raise UnfitDatabase unless the app can work with the database; leaves no connection."""
    try:
        _check_connection(connection)
        _check_migrations(connection)
        _check_writing(connection)
    finally:
        connection.close()


def _check_connection(connection: BaseDatabaseWrapper) -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise UnfitDatabase(
            f"データベース（{_name(connection)}）に接続できません。データベースが動いているか、"
            f"DATABASE_URL が正しいか、ファイルとそのフォルダーを読み書きできるかを"
            f"確かめてください。{_reason(error)}"
        ) from error


def _check_migrations(connection: BaseDatabaseWrapper) -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InconsistentMigrationHistory) as error:
        raise UnfitDatabase(
            f"データベース（{_name(connection)}）の状態を調べられません。"
            f"manage.py showmigrations で確かめてください。{_reason(error)}"
        ) from error
    if missing:
        raise UnfitDatabase(
            f"データベース（{_name(connection)}）がこの版のものになっていません"
            f"（未適用のマイグレーション {len(missing)}件）。バックアップをとってから "
            "manage.py migrate を実行してください。"
        )


def _check_writing(connection: BaseDatabaseWrapper) -> None:
    """Ask for a change of no row: refused all the same where nothing may be written."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = name WHERE 1 = 0")
    except DatabaseError as error:
        raise UnfitDatabase(
            f"データベース（{_name(connection)}）に書き込めません。読み取り専用になっていないか、"
            "サーバーを動かす利用者がファイルとそのフォルダー（PostgreSQLでは表）に"
            f"書き込めるかを確かめてください。{_reason(error)}"
        ) from error


def _name(connection: BaseDatabaseWrapper) -> str:
    """The database as its administrator knows it, without the password."""
    database = connection.settings_dict
    host, name = database.get("HOST"), database["NAME"]
    return f"{host}/{name}" if host else str(name)


def _reason(error: Exception) -> str:
    return f"\n理由：{str(error).strip()}"
