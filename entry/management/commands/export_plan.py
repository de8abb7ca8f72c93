from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entry.plan_workbook.exporting import exported_workbook
from projects.plans import plans_with_code


class Command(BaseCommand):
    help = "計画とその実績を、計画のワークブック（.xlsx）に書き出します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="計画コード")
        parser.add_argument("file", help="書き出すファイルの場所")

    def handle(self, *args: Any, code: str, file: str, **options: Any) -> None:
        try:
            (plan,) = plans_with_code(code)
        except ValueError as unknown:
            raise CommandError(str(unknown) or "計画がありません。") from None
        try:
            Path(file).write_bytes(exported_workbook(plan))
        except OSError as error:
            raise CommandError(f"「{file}」に書けません（{error.strerror}）。") from None
        self.stdout.write(f"「{plan}」を {file} に書き出しました。")
