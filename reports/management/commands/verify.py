from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.fiscal_year import wareki
from common.reading.years import read_fiscal_year
from projects.models import Strategy
from projects.plans import plans_with_code
from reports.annual.verification import missing_numbers, verify_edition
from reports.annual.verification.contents import verify_contents
from reports.models import Edition
from reports.seals import newest_seal
from reports.seals.verification import (
    Findings,
    find_seal,
    one_moment,
    seal_in_words,
    verify_histories,
    verify_seals,
)

_DAYS_WITHOUT_A_SEAL = 2


class Command(BaseCommand):
    help = (
        "記録が、書き込まれたときのままかを確かめます：表と履歴、履歴と封印、締めた年度の内容、"
        "発行した報告書の版とファイル。何も書き込みません。違うところがあれば、終了コードは1です。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year",
            metavar="年度",
            help="版と内容はこの年度だけ。2025、令和7年度など（省くとすべて）",
        )
        parser.add_argument(
            "--strategy",
            metavar="CODE",
            help="版と内容はこの計画だけ。計画コード（省くとすべて）",
        )
        parser.add_argument(
            "--seal",
            metavar="封印",
            action="append",
            default=[],
            help="印刷やログに控えた封印（1a2b-3c4d-5e6f-7081）が、ここに残っているかも確かめる",
        )

    def handle(
        self,
        *args: Any,
        year: str | None,
        strategy: str | None,
        seal: list[str],
        **options: Any,
    ) -> None:
        chosen, plans = _year(year), _plans(strategy)
        with one_moment():
            count = self._records() + self._printed(seal)
            count += self._contents(chosen, plans) + self._editions(chosen, plans)
            self._newest()
        if count:
            raise CommandError(f"問題が{count}件あります。")
        self.stdout.write("問題はありません。")

    def _records(self) -> int:
        """Tables against histories, histories against seals; return the number of problems."""
        found = Findings()
        tables, rows = verify_histories(found)
        seals, sealed, unsealed = verify_seals(found)
        found.close()
        self.stdout.write(f"{tables}の表の{rows:,}件を、それぞれの最後の履歴と照らし合わせました。")
        self.stdout.write(
            f"{seals}の封印と、封印した{sealed:,}件の履歴と版を照らし合わせました"
            f"（次の封印を待つもの：{unsealed:,}件）。"
        )
        self._say(found.problems, found.notes)
        return found.problem_count

    def _printed(self, written: Iterable[str]) -> int:
        """Seals that people have on paper; return how many are not here."""
        missing = 0
        for one in written:
            try:
                seal = find_seal(one)
            except ValueError as error:
                raise CommandError(str(error)) from None
            if seal is None:
                missing += 1
                self._problem(
                    f"封印「{one}」は、このデータベースにありません。"
                    "そのあとの記録が失われている（古いバックアップに戻された）か、"
                    "記録が書き換えられたか、別のデータベースです。"
                )
            else:
                self.stdout.write(f"封印「{one}」は、{seal_in_words(seal)}として残っています。")
        return missing

    def _contents(self, year: int | None, plans: list[Strategy]) -> int:
        """What was kept of closed years, of one or all; return the number of problems."""
        found = Findings()
        kept, years = verify_contents(plans, year, found)
        found.close()
        self.stdout.write(
            f"締めた年度の内容{kept}件のハッシュと、いま締めてある{years}の年度が"
            "最後の締めの内容のとおりかを確かめました。"
        )
        self._say(found.problems, found.notes)
        return found.problem_count

    def _editions(self, year: int | None, plans: list[Strategy]) -> int:
        """Issued editions, of one year or all; return the number of problems."""
        editions = Edition.objects.defer("document").select_related("strategy")
        editions = editions.filter(strategy__in=plans)
        if year is not None:
            editions = editions.filter(fiscal_year=year)
        listed = list(
            editions.order_by("strategy__first_year", "strategy__code", "fiscal_year", "number")
        )
        if not listed:
            of = "" if year is None else f"{wareki(year)}の"
            self.stdout.write(f"{of}発行した版はありません。")
            return 0
        problems = missing_numbers(listed)
        self._say(problems)
        count, files = len(problems), 0
        for edition in listed:
            found = verify_edition(edition)
            count += len(found.problems)
            files += found.file_count
            is_right = "問題があります" if found.problems else "発行したときのままです"
            self.stdout.write(f"{edition.strategy} {edition}：{is_right}")
            self._say(found.problems, found.notes)
        self.stdout.write(
            f"{len(listed)}の版、{files}のファイルのハッシュと、"
            "CSVとオープンデータの中身を確かめました。"
        )
        return count

    def _newest(self) -> None:
        """Say which seal is the last, to be held against one on paper."""
        newest = newest_seal()
        if newest is None:
            self._note("封印はまだありません。manage.py daily が最初の封印を作ります。")
            return
        self.stdout.write(f"最新の封印：{newest.short_form}　{seal_in_words(newest)}")
        days = (timezone.localdate() - timezone.localdate(newest.made_at)).days
        if days > _DAYS_WITHOUT_A_SEAL:
            self._note(
                f"最新の封印は{days}日前のものです。manage.py daily が毎日動いているか、"
                "古いバックアップに戻されていないかを確かめてください。"
            )

    def _problem(self, sentence: str) -> None:
        self.stdout.write(f"・{sentence}")

    def _note(self, sentence: str) -> None:
        self.stdout.write(f"・お知らせ　{sentence}")

    def _say(self, problems: Iterable[str], notes: Iterable[str] = ()) -> None:
        for problem in problems:
            self._problem(problem)
        for note in notes:
            self._note(note)


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        return read_fiscal_year(written)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _plans(code: str | None) -> list[Strategy]:
    try:
        return plans_with_code(code)
    except ValueError as unknown:
        raise CommandError(str(unknown)) from None
