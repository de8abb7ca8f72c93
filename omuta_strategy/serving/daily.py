"""What falls due on a day, done by a process of its own: it can't hold up or stop the server."""

import logging
import subprocess
import sys
import time
from datetime import date

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 60 * 60  # after a failure
_STOP_SECONDS = 5


class Daily:
    """`manage.py COMMAND` once at the start and once after each midnight.

    `tick` is called every second. A run that fails is logged and tried again after an hour.
    """

    def __init__(self, command: str) -> None:
        self.arguments = [sys.executable, str(settings.BASE_DIR / "manage.py"), command]
        self.process: subprocess.Popen[bytes] | None = None
        self.done_for: date | None = None
        self.not_before = 0.0

    def tick(self) -> None:
        """Begin a run that is due, and see what became of the one that was begun."""
        if self.process is not None:
            self._look_after(self.process)
        elif self.done_for != timezone.localdate() and time.monotonic() >= self.not_before:
            self._begin()

    def stop(self) -> None:
        """End a run that is going on; the next start begins it again."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _begin(self) -> None:
        self.done_for = timezone.localdate()
        try:
            self.process = subprocess.Popen(self.arguments)  # noqa: S603 - our own command
        except OSError:
            logger.exception("The day's run could not be started.")
            self._fail()

    def _look_after(self, process: subprocess.Popen[bytes]) -> None:
        code = process.poll()
        if code is None:
            return
        self.process = None
        if code:
            logger.error("The day's run (%s) ended with %d.", self.arguments[-1], code)
            self._fail()

    def _fail(self) -> None:
        self.done_for, self.not_before = None, time.monotonic() + _AGAIN_SECONDS
