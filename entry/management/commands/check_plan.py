from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpis.plan_check import check_everything, counts_text
from kpis.plan_notices import notices
from projects.models import Strategy
from projects.plan_check import check_main_plan
from projects.plans import plans_with_code


class Command(BaseCommand):
    help = "計画に矛盾がないかを確かめます。問題があれば、終了コードは1です。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strategy", metavar="CODE", help="計画コード（省くとすべての計画）")

    def handle(self, *args: Any, strategy: str | None, **options: Any) -> None:
        count = sum(self._report(one) for one in _chosen(strategy))
        if strategy is None:
            count += self._report_main_plan()
        if count:
            raise CommandError(f"問題が{count}件あります。")

    def _report(self, strategy: Strategy) -> int:
        """Print what there is to say about a strategy; the number of its problems."""
        self.stdout.write(f"{strategy}（{strategy.code}）")
        problems = check_everything(strategy)
        for problem in problems:
            self.stdout.write(f"・{problem}")
        if not problems:
            self.stdout.write(f"問題はありません（{counts_text(strategy)}）")
        found = notices(strategy)
        if found:
            self.stdout.write("お知らせ（まだ決まっていないこと）")
        for notice in found:
            self.stdout.write(f"・{notice}")
        return len(problems)

    def _report_main_plan(self) -> int:
        """Print what is wrong with the main mark among all plans; the number of problems."""
        problems = check_main_plan()
        if problems:
            self.stdout.write("すべての計画")
        for problem in problems:
            self.stdout.write(f"・{problem}")
        return len(problems)


def _chosen(code: str | None) -> list[Strategy]:
    try:
        chosen = plans_with_code(code)
    except ValueError as unknown:
        raise CommandError(str(unknown)) from None
    if not chosen:
        raise CommandError(
            "計画がありません。python manage.py load_plan omuta_2024_2028 で読み込んでください。"
        )
    return chosen
