import argparse
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import DEFAULT_DB_ALIAS

from omuta_strategy.database_copies.backups import back_up, check_folder
from omuta_strategy.database_copies.command import DatabaseCommand
from omuta_strategy.database_copies.places import live_database
from omuta_strategy.database_copies.schema import is_migrated
from reports.seals import Occasion, make_seal


class Command(DatabaseCommand):
    help = (
        "データベース全体のバックアップを、1つのファイルに取ります。サーバーは動いたままでかまいません。記録を封印し、"
        "すべての行をもとと比べてから名前を付け、古いものを消します。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", metavar="フォルダー", type=Path, help="バックアップを置く場所"
        )
        parser.add_argument(
            "--keep", metavar="数", type=_at_least_one, default=30, help="残す数（省くと30）"
        )

    def handle(self, *args: Any, folder: Path, keep: int, verbosity: int, **options: Any) -> None:
        started = time.monotonic()
        with self.refusing_in_words():
            check_folder(folder)
            if is_migrated(DEFAULT_DB_ALIAS):  # before an upgrade's `migrate` seals may lack tables
                make_seal(Occasion.BACKUP)
            made = back_up(live_database(), folder, keep=keep)
        self.say(made.compared, verbosity, started)
        self.stdout.write(f"{made.path}（{made.size:,}バイト）SHA-256 {made.sha256}")
        for path in made.removed:
            self.stdout.write(f"古いバックアップを消しました：{path.name}")


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError("1以上の数を書いてください。")
    return int(text)
