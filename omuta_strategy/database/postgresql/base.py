"""A connection that gives a silent server up, where PostgreSQL's own time-outs can't.

Those are counted by the server: one that is stopped (SIGSTOP, a frozen machine) counts nothing,
and its kernel still acknowledges what arrives, so that TCP notices nothing either.
"""

from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import errors
from psycopg.abc import PQGen

from omuta_strategy.database.outage import DATABASE

Answer = TypeVar("Answer")
_INTERVAL = 0.1  # s between two looks for Ctrl-C, as in psycopg


class BoundedConnection(psycopg.Connection[Any]):
    """A connection whose every wait ends: after `answer_within` seconds; None: never."""

    answer_within: float | None = None

    def wait(
        self, gen: PQGen[Answer], interval: float = _INTERVAL, timeout: float | None = None
    ) -> Answer:
        """Run psycopg's exchange with the server; OperationalError when it says nothing.

        The connection is closed then: what comes back later belongs to nobody.
        """
        try:
            return super().wait(gen, interval, timeout or self.answer_within)
        except errors._WaitTimeout as silent:  # noqa: SLF001 - what its docstring raises
            if timeout:
                raise
            self.close()
            raise psycopg.OperationalError(
                f"PostgreSQL said nothing for {self.answer_within:g} seconds."
            ) from silent


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, on bounded connections; while the database is down nobody waits for it."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, without the option that is ours."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop("answer_within", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> BoundedConnection:
        """Connect, unless somebody has just tried in vain."""
        DATABASE.refuse_while_down()
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = BoundedConnection.connect(**conn_params)
        connection.answer_within = self.settings_dict["OPTIONS"].get("answer_within")
        DATABASE.answered()
        return connection

    def is_usable(self) -> bool:
        """Whether a kept connection still answers, asked with little patience."""
        if self.connection is None or DATABASE.is_down:
            return False
        before = self.connection.answer_within
        self.connection.answer_within = self.settings_dict["OPTIONS"].get("connect_timeout")
        try:
            return bool(super().is_usable())
        finally:
            self.connection.answer_within = before
