import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from omuta_strategy.database_copies.command import DatabaseCommand
from omuta_strategy.database_copies.places import live_database
from omuta_strategy.database_copies.restoring import restore


class Command(DatabaseCommand):
    help = (
        "バックアップを、DATABASE_URL のデータベースに戻します。サーバーを止めてから行います。"
        "戻したあと、すべての行をバックアップと比べます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="ファイル", type=Path, help="backup が作ったファイル")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="空でないデータベースに代えて戻します。古いものは別の名前で残します。",
        )
        parser.add_argument(
            "--with-sessions",
            action="store_true",
            help="ログインしていた状態も戻します（省くと、全員がログインし直します）。",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        replace: bool,
        with_sessions: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        started = time.monotonic()
        with self.refusing_in_words():
            database = live_database()
            restored = restore(file, database, replaces=replace, with_sessions=with_sessions)
        self.say(restored.placed.compared, verbosity, started)
        if restored.manifest:
            kept = restored.manifest
            self.stdout.write(f"バックアップ：{kept.made_at}、{kept.origin}")
        else:
            self.stdout.write(
                "ファイルにハッシュの控えがないので、取ったときと同じかは分かりません。"
            )
        self.stdout.write(f"{database} に戻しました。")
        if restored.placed.aside:
            self.stdout.write(f"これまでのデータベース：{restored.placed.aside}")
        if not restored.is_current:
            self.stdout.write("続けて manage.py migrate を行ってください。")
        self.stdout.write("サーバーを動かす前に manage.py verify で確かめてください。")
