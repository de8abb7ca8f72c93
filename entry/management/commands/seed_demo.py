from typing import Any

from django.core.management.base import BaseCommand

from entry.demo import seed_demo


class Command(BaseCommand):
    help = "DEMO=1 のとき一度だけ、デモの利用者と、架空の所管課・実績・進捗・総括を入れます。"

    def handle(self, *args: Any, **options: Any) -> None:
        why_not = seed_demo()
        self.stdout.write(why_not or "デモの利用者と、架空の所管課・実績・進捗・総括を入れました。")
