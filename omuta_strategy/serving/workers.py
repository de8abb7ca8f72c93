"""Several processes on one socket, each replaced when it dies. Not for Windows: it can't fork."""

import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from waitress import wasyncore

from omuta_strategy.serving.limits import STOP_SECONDS
from omuta_strategy.serving.server import STOP_SIGNALS, Server, stop_on_signals

logger = logging.getLogger(__name__)

_SHORT_LIFE_SECONDS = 10
_LONGEST_PAUSE_SECONDS = 30


@dataclass(slots=True)
class _Place:
    """One of the workers: its process, if it lives, and when there may be a next one."""

    pid: int = 0
    born: float = 0.0
    next_birth: float = 0.0
    short_lives: int = 0


class Workers:
    """Keeps `count` processes alive that all run `work`, until it is told to stop.

    `work` gets a file descriptor for `stop_with_parent`, and returns when its server has stopped.
    """

    def __init__(self, count: int, work: Callable[[int], None], tick: Callable[[], None]) -> None:
        self.places = [_Place() for _ in range(count)]
        self.work, self.tick = work, tick
        self.is_stopping = False
        self.alive, self.held_open = os.pipe()

    def run(self, listening: socket.socket) -> None:
        """Start them and stay until SIGTERM or SIGINT; returns when all have ended."""
        wakes, woken = socket.socketpair()
        woken.setblocking(False)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # that it wakes is enough
        for one in STOP_SIGNALS:
            signal.signal(one, self._stop)
        while not self.is_stopping:
            self._bury()
            self._fill()
            self.tick()
            if select.select([wakes], [], [], 1)[0]:
                wakes.recv(4096)
        listening.close()
        self._end_all()

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def _fill(self) -> None:
        for place in self.places:
            now = time.monotonic()
            if place.pid or self.is_stopping or now < place.next_birth:
                continue
            place.born = now
            try:
                place.pid = self._fork()
            except OSError:
                logger.exception("A worker could not be started.")
                place.next_birth = now + _LONGEST_PAUSE_SECONDS

    def _fork(self) -> int:
        """Start a worker; its process id. In the worker itself it doesn't return."""
        # A signal to stop has to wait until the worker has handlers of its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if pid:
            return pid
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self.held_open)
            self.work(self.alive)
            code = 0
        except BaseException:
            logger.exception("A worker broke.")
        finally:
            logging.shutdown()
            os._exit(code)

    def _bury(self) -> None:
        """Note who has died, and let the next one wait a little where it died young."""
        for place in self.places:
            if not place.pid or not _has_ended(place.pid):
                continue
            now = time.monotonic()
            is_short = now - place.born < _SHORT_LIFE_SECONDS
            place.short_lives = place.short_lives + 1 if is_short else 0
            pause = min(2.0**place.short_lives - 1, _LONGEST_PAUSE_SECONDS)
            logger.error("Worker %d died and is replaced in %d s.", place.pid, pause)
            place.pid, place.next_birth = 0, now + pause

    def _end_all(self) -> None:
        """Let all finish; kill who has not after what a worker takes at most."""
        pids = [place.pid for place in self.places if place.pid]
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS + 5
        while pids := [pid for pid in pids if not _has_ended(pid)]:
            if time.monotonic() > deadline:
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


class _Parent(wasyncore.file_dispatcher):
    """The end of a pipe whose other end closes when the parent is gone."""

    def __init__(self, alive: int, server: Server) -> None:
        self.server = server
        super().__init__(alive, server._map)  # noqa: SLF001 - where waitress keeps what it polls

    def handle_read(self) -> None:
        """Read nothing: nothing is ever written."""
        self.recv(1)

    def handle_close(self) -> None:
        """Stop, as nobody else would tell it to."""
        self.close()
        self.server.stop()


def stop_with_parent(server: Server, alive: int) -> None:
    """Let a worker's server stop with its parent: when that says so, or has ended."""
    stop_on_signals(server)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    _Parent(alive, server)


def _has_ended(pid: int) -> bool:
    """Whether a child has; asked again after a yes it would be an error."""
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    return True
