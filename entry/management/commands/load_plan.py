from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entry.plan_file.fixture import PlanRefused
from entry.plan_file.loading import load_plan
from kpis.plan_check import counts_text
from projects.plans import main_plan


class Command(BaseCommand):
    help = "計画書のデータを、その計画がまだないときだけ読み込み、実施中にします。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "fixture", help="fixtures フォルダーにある名前（例：omuta_2024_2028）か、YAMLの場所"
        )
        parser.add_argument(
            "--if-none",
            action="store_true",
            help="ほかの主たる計画があるときは、何もせずに終わります。",
        )

    def handle(self, *args: Any, fixture: str, if_none: bool, **options: Any) -> None:
        current = main_plan()
        if if_none and current is not None:
            self.stdout.write(f"主たる計画「{current}」があります。何も変えませんでした。")
            return
        try:
            loaded = load_plan(fixture)
        except PlanRefused as refused:
            problems = "\n".join(f"・{problem}" for problem in refused.problems)
            raise CommandError(
                f"計画を読み込めませんでした。何も変えていません。\n{problems}"
            ) from None
        strategy = loaded.strategy
        if loaded.is_new:
            self.stdout.write(f"「{strategy}」を読み込みました（{counts_text(strategy)}）。")
            if current is not None and not strategy.is_current:
                self.stdout.write(f"主たる計画は「{current}」のままです。")
        else:
            self.stdout.write(f"「{strategy}」はすでにあります。何も変えませんでした。")
