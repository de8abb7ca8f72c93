"""What a start wants of the database: that it answers, is migrated and can be written."""

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor


class UnfitDatabase(Exception):
    """The server may not start; the message is a Japanese sentence with the remedy."""


def check_database() -> None:
    """Raise UnfitDatabase unless the app can work with the database; leaves no connection."""
    try:
        _check_connection()
        _check_migrations()
        _check_writing()
    finally:
        connection.close()


def _check_connection() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise UnfitDatabase(
            f"データベース（{_name()}）に接続できません。データベースが動いているか、"
            f"DATABASE_URL が正しいか、ファイルとそのフォルダーを読み書きできるかを"
            f"確かめてください。{_reason(error)}"
        ) from error


def _check_migrations() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InconsistentMigrationHistory) as error:
        raise UnfitDatabase(
            f"データベース（{_name()}）の状態を調べられません。manage.py showmigrations で"
            f"確かめてください。{_reason(error)}"
        ) from error
    if missing:
        raise UnfitDatabase(
            f"データベース（{_name()}）がこの版のものになっていません"
            f"（未適用のマイグレーション {len(missing)}件）。バックアップをとってから "
            "manage.py migrate を実行してください。"
        )


def _check_writing() -> None:
    """Ask for a change of no row: refused all the same where nothing may be written."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = name WHERE 1 = 0")
    except DatabaseError as error:
        raise UnfitDatabase(
            f"データベース（{_name()}）に書き込めません。読み取り専用になっていないか、"
            "サーバーを動かす利用者がファイルとそのフォルダー（PostgreSQLでは表）に"
            f"書き込めるかを確かめてください。{_reason(error)}"
        ) from error


def _name() -> str:
    """The database as its administrator knows it, without the password."""
    database = settings.DATABASES["default"]
    host = database.get("HOST")
    return f"{host}/{database['NAME']}" if host else str(database["NAME"])


def _reason(error: Exception) -> str:
    return f"\n理由：{str(error).strip()}"
