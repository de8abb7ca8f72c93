import time
from typing import Any

from django.core.management.base import CommandParser

from omuta_strategy.database_copies.command import DatabaseCommand
from omuta_strategy.database_copies.moving import move_database
from omuta_strategy.database_copies.places import database_at


class Command(DatabaseCommand):
    help = (
        "データベース全体を、空の別のデータベースに移します（SQLiteとPostgreSQLのどちらからどちらへも）。"
        "サーバーを止めてから行います。移す元は変わりません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="移す元", help="DATABASE_URL と同じ書き方")
        parser.add_argument("target", metavar="移す先", help="DATABASE_URL と同じ書き方")

    def handle(self, *args: Any, source: str, target: str, verbosity: int, **options: Any) -> None:
        started = time.monotonic()
        with self.refusing_in_words():
            before, after = database_at(source), database_at(target)
            placed = move_database(before, after)
        self.say(placed.compared, verbosity, started)
        self.stdout.write(f"{before} から {after} に移しました。移した元は、そのまま残っています。")
        self.stdout.write("DATABASE_URL を移した先に変えて、サーバーを動かしてください。")
