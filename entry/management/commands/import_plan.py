from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entry.plan_workbook.command import looked_lines, opened_workbook, refused_with
from entry.plan_workbook.importing import ChangedMeanwhile, WorkbookRefused, look_over, take_in
from kpis.plan_check import counts_text

IN_FORCE = "実施中"
IN_PREPARATION = "準備中"
_CHANGED = "取り込む間に計画が変わりました。何も書き込んでいません。もう一度実行してください。"


class Command(BaseCommand):
    help = (
        "計画のワークブック（.xlsx）を取り込みます。ない計画は準備中で加え、ある計画は違うところだけを"
        "変えます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="ワークブックの場所")
        parser.add_argument(
            "--check",
            action="store_true",
            help="何も書き込まず、問題か、変わるところを示します。問題があれば終了コードは1です。",
        )
        parser.add_argument(
            "--state",
            choices=[IN_PREPARATION, IN_FORCE],
            default=IN_PREPARATION,
            help="新しい計画の状態",
        )
        parser.add_argument(
            "--take",
            action="append",
            type=int,
            default=[],
            metavar="番号",
            help="書き出したあとに変わったところのうち、ファイルのとおりにするもの（何度でも）",
        )

    def handle(
        self, *args: Any, file: str, check: bool, state: str, take: list[int], **options: Any
    ) -> None:
        workbook = opened_workbook(file)
        looked = look_over(workbook, user=None)
        for line in looked_lines(looked):
            self.stdout.write(line)
        if looked.problems:
            raise refused_with(looked.problems)
        if check:
            return
        ids = looked.conflict_ids
        wrong = [number for number in take if not 1 <= number <= len(ids)]
        if wrong:
            raise CommandError(f"--take {wrong[0]} に当たる番号がありません。")
        if not looked.is_new and not looked.changes:
            return
        try:
            plan, _looked = take_in(
                workbook,
                user=None,
                file_name=Path(file).name,
                ticked=[ids[number - 1] for number in take],
                expected=looked.fingerprint,
                is_in_force=state == IN_FORCE,
            )
        except WorkbookRefused as refused:
            raise refused_with(refused.problems) from None
        except ChangedMeanwhile:
            raise CommandError(_CHANGED) from None
        self.stdout.write(
            f"「{plan}」（{plan.get_state_display()}）に取り込みました（{counts_text(plan)}）。"
        )
