"""What the three commands say and how they end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from omuta_strategy.database_copies.comparing import Compared
from omuta_strategy.database_copies.problems import ERRORS, DatabaseProblem, said


class DatabaseCommand(BaseCommand):
    """A command on a whole database: it ends with 0, or with 1 and a sentence."""

    requires_system_checks: Any = []  # they may ask the database that is to be restored

    @contextmanager
    def refusing_in_words(self) -> Iterator[None]:
        """Turn what stops the work into a sentence."""
        try:
            yield
        except DatabaseProblem as problem:
            raise CommandError(str(problem)) from None
        except ERRORS as error:
            raise CommandError(said(error)) from error

    def say(self, compared: Compared, verbosity: int, started: float) -> None:
        """Print what was compared, a line a table, and the time since `started`."""
        if verbosity > 0:
            for table, found in compared.tables.items():
                self.stdout.write(f"{table:<40} {found.rows:>8,}行  SHA-256 {found.sha256}")
        if compared.left_out:
            self.stdout.write(
                f"{compared.left_out} の行は写していません（全員がログインし直します）。"
            )
        if compared.unknown_tables:
            names = "、".join(compared.unknown_tables)
            self.stdout.write(f"このアプリのものでない表は写していません：{names}")
        self.stdout.write(
            f"{len(compared.tables)}の表、{compared.rows:,}行を1行ずつ比べ、すべて同じです"
            f"（{time.monotonic() - started:.1f}秒）。"
        )
