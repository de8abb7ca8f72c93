"""What a request has done to the database so far, for saying the truth after an error."""

import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from enum import Enum
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from omuta_strategy.database.outage import DATABASE, WRITERS
from omuta_strategy.database.trouble import Trouble, led_to, trouble_of

# What is written beside what somebody typed says nothing about whether that is saved.
_BESIDE = (
    r'django_session|axes_|accounts_(?:session|auditentry|keptform)"|auth_user" SET "last_login"'
)
_WRITE = re.compile(rf'\s*(?:INSERT INTO|UPDATE|DELETE FROM) (?!"?(?:{_BESIDE}))', re.IGNORECASE)
_LOCK = re.compile(r"\s*(?:BEGIN IMMEDIATE|INSERT|UPDATE|DELETE)", re.IGNORECASE)


class Outcome(Enum):
    """What is known of what a request was to write."""

    SAVED = "yes"
    NOT_SAVED = "no"
    UNKNOWN = "unknown"  # to be looked up


class Watch:
    """One request: its number, since when it runs, what of it has been written.

    An object of this class is a wrapper of Django's `connection.execute_wrapper`: it sees every
    statement but COMMIT. An error that none of them raised, in a transaction that has written,
    is therefore one of the commit.
    """

    def __init__(self, request: HttpRequest, number: str = "") -> None:
        self.request = request
        self.number = number or new_number()
        self.started = time.monotonic()
        self.event = ""  # `login` and the like, told in the request's line of the log
        self.user = ""  # of the event; else the request's own
        self.reason = ""  # why the database did not do it, likewise
        self.is_told = False  # by an outage's line
        self.has_committed = False
        self._is_pending = False
        self._failed: BaseException | None = None
        self._failed_alone = False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's signature
        context: dict[str, Any],
    ) -> Any:
        """Run a statement and note what it did."""
        connection = context["connection"]
        text = sql if isinstance(sql, str) else str(sql)
        locks = connection.vendor == "sqlite" and _LOCK.match(text)
        if locks:
            WRITERS.refuse_while_down()
        writes = _WRITE.match(text)
        if not connection.in_atomic_block:
            self._is_pending = False
        try:
            result = execute(sql, params, many, context)
        except Exception as error:
            self._failed = error
            self._failed_alone = bool(writes) and not connection.in_atomic_block
            raise
        if locks:
            WRITERS.answered()
        DATABASE.answered()
        if writes:
            self._wrote(in_transaction=connection.in_atomic_block)
        return result

    def outcome(self, error: BaseException | None) -> Outcome:
        """What is known after an exception that nobody handled."""
        is_lost = trouble_of(error) is Trouble.DOWN
        in_statement = any(one is self._failed for one in led_to(error))
        in_commit = self._is_pending and is_lost and not in_statement
        if in_commit or (self._failed_alone and is_lost and in_statement):
            return Outcome.UNKNOWN
        if not self.has_committed:
            return Outcome.NOT_SAVED
        # A second transaction may be what failed: then a part is saved and a part is not.
        return Outcome.UNKNOWN if self._is_pending or in_statement else Outcome.SAVED

    def _wrote(self, *, in_transaction: bool) -> None:
        if not in_transaction:
            self.has_committed = True
            return
        self._is_pending = True
        # Each time: the callback of a savepoint that is rolled back is forgotten with it.
        transaction.on_commit(self._committed)

    def _committed(self) -> None:
        self.has_committed = True
        self._is_pending = False


def new_number() -> str:
    """A request's number, short enough to be read out on the telephone: `3f9c-02ab7d`."""
    digits = secrets.token_hex(5)
    return f"{digits[:4]}-{digits[4:]}"


# The request that this thread is answering.
current: ContextVar[Watch | None] = ContextVar("current_request", default=None)
