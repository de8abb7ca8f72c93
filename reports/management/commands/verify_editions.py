from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.fiscal_year import wareki
from common.reading.years import read_fiscal_year
from reports.annual.verification import missing_numbers, verify_edition
from reports.models import Edition


class Command(BaseCommand):
    help = (
        "発行した報告書の版が、発行したときのままかを確かめます。"
        "ハッシュが違うか、CSVとオープンデータが文書から作り直したものと違えば、終了コードは1です。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", metavar="年度", help="2025、令和7年度など（省くとすべて）")

    def handle(self, *args: Any, year: str | None, **options: Any) -> None:
        chosen = _year(year)
        editions = Edition.objects.defer("document").select_related("strategy")
        if chosen is not None:
            editions = editions.filter(fiscal_year=chosen)
        listed = list(editions.order_by("strategy__first_year", "fiscal_year", "number"))
        if not listed:
            of = "" if chosen is None else f"{wareki(chosen)}の"
            self.stdout.write(f"{of}発行した版はありません。")
            return
        problems = missing_numbers(listed)
        for problem in problems:
            self.stdout.write(f"・{problem}")
        count, files = len(problems), 0
        for edition in listed:
            found = verify_edition(edition)
            count += len(found.problems)
            files += found.file_count
            is_right = "問題があります" if found.problems else "発行したときのままです"
            self.stdout.write(f"{edition.strategy} {edition}：{is_right}")
            for problem in found.problems:
                self.stdout.write(f"・{problem}")
            for note in found.notes:
                self.stdout.write(f"・お知らせ　{note}")
        summary = (
            f"{len(listed)}の版、{files}のファイルのハッシュと、"
            "CSVとオープンデータの中身を確かめました。"
        )
        if count:
            raise CommandError(f"{summary}問題が{count}件あります。")
        self.stdout.write(f"{summary}問題はありません。")


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        return read_fiscal_year(written)
    except ValueError as error:
        raise CommandError(str(error)) from None
