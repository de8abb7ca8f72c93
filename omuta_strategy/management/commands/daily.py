from typing import Any

from django.core.management.base import BaseCommand, CommandError

from omuta_strategy.daily import do_what_falls_due


class Command(BaseCommand):
    help = (
        "1日に1回することをします：施行日の来た機構改革、記録の封印、期限の切れたセッション、預かった入力、古いログインの記録の削除。"
        "何度実行しても、その日の分は1回だけです。失敗したものがあれば、終了コードは1です。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, failed = do_what_falls_due()
        for sentence in done:
            self.stdout.write(sentence)
        if failed:
            raise CommandError(
                f"日次の処理に失敗しました（{'、'.join(failed)}）。原因はログにあります。"
                "直してから、もう一度 manage.py daily を実行してください。"
            )
