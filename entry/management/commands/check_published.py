from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from entry.plan_workbook.command import opened_workbook, refused_with
from entry.plan_workbook.importing import look_over


class Command(BaseCommand):
    help = (
        "ワークブックのシート「公表」を、計算した率・評価と照らし合わせます。何も書き込みません。"
        "違うものがあれば、終了コードは1です。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="ワークブックの場所")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        looked = look_over(opened_workbook(file), user=None)
        if looked.problems:
            raise refused_with(looked.problems)
        for row in looked.trial.different:
            self.stdout.write(f"{row.place} {row}")
        self.stdout.write(looked.trial.summary)
        if not looked.trial.agrees:
            raise SystemExit(1)
