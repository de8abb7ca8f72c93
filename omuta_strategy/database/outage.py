"""What a process knows of a database that does not answer, so that not everybody waits for it.

Whoever waits in vain opens an outage: for some seconds the others are refused at once, which
keeps the server's threads free for what needs no database, and then one may try again. The
log gets one line a minute, whose number the error pages of that minute carry.
"""

import logging
import threading
import time

from omuta_strategy.database.trouble import Refused, Trouble, led_to, reason_of

logger = logging.getLogger("omuta_strategy.database")

_LINE_EVERY = 60.0  # s


class Outage:
    """One kind of trouble that this process has with its database, as long as it lasts.

    `try_again`: seconds after which one more request may try; `is_told`: the log tells of it.
    """

    def __init__(self, trouble: Trouble, *, try_again: float, is_told: bool) -> None:
        self.trouble = trouble
        self.try_again = try_again
        self.is_told = is_told
        self._lock = threading.Lock()
        self._since: float | None = None
        self._next_try = 0.0
        self._last_line: float | None = None
        self._refused = 0
        self._number = ""
        self._reason = ""

    @property
    def is_down(self) -> bool:
        """Whether the last that was heard of the database is that it does not answer."""
        return self._since is not None

    def refuse_while_down(self) -> None:
        """Raise Refused, unless there is no outage or it is time for somebody to try again."""
        if self._since is None:
            return
        with self._lock:
            now = time.monotonic()
            if self._since is not None and now < self._next_try:
                raise Refused(self.trouble)
            self._next_try = now + self.try_again

    def failed(self, error: BaseException, number: str) -> str:
        """Note that a request got no answer; the number under which the log tells of it.

        `number` is that of the request, and of the log's line where this writes one.
        """
        with self._lock:
            now = time.monotonic()
            if not any(isinstance(one, Refused) for one in led_to(error)):
                self._next_try = now + self.try_again
                self._since = self._since or now
                self._reason = reason_of(error)
            self._refused += 1
            if not self.is_told:
                return number
            if self._last_line is not None and now - self._last_line < _LINE_EVERY:
                return self._number
            self._last_line, self._number = now, number
            refused, self._refused = self._refused, 0
        logger.error(
            "The database is %s; requests answered 503 since the last line: %d. %s",
            self.trouble.value,
            refused,
            self._reason,
        )
        return number

    def answered(self) -> None:
        """Note that the database does answer."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
            self._last_line = None
            refused, self._refused = self._refused, 0
        if since is not None and self.is_told:
            logger.warning(
                "The database answers again after %.0f s; more requests answered 503: %d.",
                time.monotonic() - since,
                refused,
            )


# The database as a whole, and the one lock that all who write to SQLite wait for.
DATABASE = Outage(Trouble.DOWN, try_again=5, is_told=True)
WRITERS = Outage(Trouble.BUSY, try_again=1, is_told=False)
