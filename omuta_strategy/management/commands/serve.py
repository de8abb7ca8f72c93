import logging
import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from socket import socket
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from omuta_strategy.metrics import counted_together
from omuta_strategy.serving.daily import Daily
from omuta_strategy.serving.listening import CannotListen, address, listen, most_connections
from omuta_strategy.serving.memory import share_one_arena
from omuta_strategy.serving.server import Server, stop_on_signals
from omuta_strategy.serving.start_checks import UnfitDatabase, check_database

logger = logging.getLogger(__name__)


def _number(text: str, *, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or not least <= int(text[:9]) <= most:
        raise ArgumentTypeError(f"{least}から{most}までの整数にしてください（今は {text!r}）。")
    return int(text)


_count = partial(_number, least=1, most=64)  # of processes, of threads
_port = partial(_number, least=0, most=65535)  # 0: any that is free


class Command(BaseCommand):
    help = "サーバーを動かします。SIGTERM か Ctrl+C で、受けた要求に答え終えてから止まります。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス")
        parser.add_argument("--port", type=_port, default=8000, help="待ち受けるポート")
        parser.add_argument(
            "--workers",
            type=_count,
            default=1,
            help="プロセスの数。2以上では、終わったものを親のプロセスが補います（Windowsでは1だけ）。",
        )
        parser.add_argument(
            "--threads", type=_count, default=4, help="1プロセスが同時に答える要求の数"
        )
        parser.add_argument(
            "--daily",
            default="daily",
            metavar="COMMAND",
            help="起動したときと日付が変わったときに実行するコマンド（空なら何もしない）",
        )

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        workers: int,
        threads: int,
        daily: str,
        **options: Any,
    ) -> None:
        if workers > 1 and not hasattr(os, "fork"):
            raise CommandError("このシステムでは --workers は1だけです。")
        share_one_arena()
        try:
            check_database(connection)
            listening = listen(host, port)
        except (UnfitDatabase, CannotListen) as refused:
            raise CommandError(f"サーバーを起動できません。{refused}") from None
        # Loads all of the app; with several processes they share what it takes.
        from omuta_strategy.wsgi import application  # noqa: PLC0415

        make_server = partial(
            Server,
            application,
            listening,
            threads=threads,
            behind_proxy=settings.PROXY,
            most_connections=most_connections(),
        )
        days = Daily(daily) if daily in get_commands() else None
        if daily and days is None:
            logger.warning("There is no command %r to run daily.", daily)
        tick = days.tick if days else lambda: None
        logger.info("Serving on %s: %d x %d threads.", address(listening), workers, threads)
        if workers == 1:
            server = make_server(tick=tick)
            stop_on_signals(server)
            hold_database()
            server.run()
        else:
            supervise(workers, listening, make_server, tick)
        if days:
            days.stop()
        logger.info("Stopped.")


def hold_database() -> None:
    """Keep a connection as long as this process serves: by it `restore` sees that it does."""
    with suppress(DatabaseError):  # gone since it was checked: pages say so
        connection.ensure_connection()


def supervise(
    count: int,
    listening: socket,
    make_server: Callable[[], Server],
    tick: Callable[[], None],
) -> None:
    """Let `count` processes serve, until a signal tells this one to stop."""
    from omuta_strategy.serving.workers import Workers, stop_with_parent  # noqa: PLC0415 - not on Windows

    def work(alive: int) -> None:
        server = make_server()
        stop_with_parent(server, alive)
        hold_database()
        server.run()

    with counted_together():
        Workers(count, work, tick).run(listening)
