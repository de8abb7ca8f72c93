"""The server of one process: receives, hands over, ends what takes too long, stops in order."""

import logging
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from omuta_strategy.serving import limits
from omuta_strategy.serving.channel import Channel
from omuta_strategy.serving.request import Request

logger = logging.getLogger(__name__)
# A line for each request that waits for a thread would fill the log when it is needed.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

# select(), which Windows has instead of poll(), takes 512 there.
MOST_CONNECTIONS = 1000 if hasattr(select, "poll") else 480
# To stop in order; Windows has one more, of a closed console.
STOP_SIGNALS = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
]
_AT_ONCE = 50  # connections: that are taken, that give way
# Answered by a thread of their own, however long people wait for the database.
WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})


class Server(TcpWSGIServer):
    """Waitress's server on a socket that is bound already; `tick` is called every second."""

    channel_class = Channel

    def __init__(
        self,
        application: Callable[..., Any],
        listening: socket.socket,
        *,
        threads: int,
        behind_proxy: bool,
        most_connections: int = MOST_CONNECTIONS,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self.is_stopping = False
        self.tick = tick
        self.watching = ThreadedTaskDispatcher()
        self.watching.set_thread_count(1)
        self.refused: deque[Channel] = deque()
        self.next_look = 0.0
        adjustments = Adjustments(
            sockets=[listening],
            threads=threads,
            connection_limit=most_connections,
            asyncore_use_poll=True,
            recv_bytes=64 * limits.KIB,
            max_request_header_size=limits.MOST_HEADER,
            # `limits` has the sizes of bodies. What is within them stays in memory.
            max_request_body_size=1 << 50,
            inbuf_overflow=1 << 30,
            # An answer that waits to be taken keeps no thread waiting.
            outbuf_high_watermark=1 << 30,
            # Behind a proxy Django and accounts/client_address.py read its headers; else
            # nobody gets to see what a client claims.
            clear_untrusted_proxy_headers=not behind_proxy,
            log_socket_errors=False,
            ident=None,
        )
        super().__init__(
            application,
            {},
            _sock=listening,
            adj=adjustments,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
        )

    def run(self) -> None:
        """Serve until `stop`, then until what was taken up is answered."""
        while not self.is_stopping:
            self._turn()
        self._turn(timeout=0)  # what has arrived by now is taken up
        wasyncore.dispatcher.close(self)  # takes no more connections
        started = time.monotonic()
        while self.active_channels and (gone := time.monotonic() - started) < limits.STOP_SECONDS:
            for channel in self._channels():
                channel.look(time.monotonic())
                if channel.phase == "idle" or (
                    isinstance(channel.phase, Request) and gone > limits.STOP_RECEIVE_SECONDS
                ):
                    channel.end()
            self._turn()
        for channel in self._channels():
            logger.warning("Cut off as the server had to stop: %s", channel.what)
        for dispatcher in (self.task_dispatcher, self.watching):
            dispatcher.shutdown(timeout=1)

    def stop(self) -> None:
        """Let `run` come to its end; may be called in a signal handler."""
        self.is_stopping = True
        self.pull_trigger()

    def handle_accept(self) -> None:
        """Take who waits: one a turn, as waitress does, lets an attacker's queue grow long."""
        for _ in range(_AT_ONCE):
            before = len(self._map)
            if before < self.adj.connection_limit:
                super().handle_accept()
            if len(self._map) == before:
                break

    def add_task(self, channel: Channel) -> None:
        """Hand a connection whose next request is complete to a thread; a refusal needs none."""
        request = channel.requests[0]
        if request.error:
            logger.warning("Refused with %d: %s", request.error.code, channel.what)
            channel.is_refused = True
            self.refused.append(channel)
        elif request.path in WATCHED:
            self.watching.add_task(channel)
        else:
            self.task_dispatcher.add_task(channel)

    def maintenance(self, now: float) -> None:
        """Leave to `look` what waitress does by the wall clock, which somebody may set."""

    def set_reuse_addr(self) -> None:
        """Leave the socket as it was bound."""

    def look(self, now: float) -> None:
        """End whoever takes too long, and the oldest where there are too many."""
        channels = self._channels()
        for channel in channels:
            channel.look(now)
            if channel.is_overdue(now):
                channel.end()
        rest = sorted((one for one in channels if one.may_give_way), key=lambda one: one.rank)
        if len(self._map) >= self.adj.connection_limit:
            for channel in rest[:_AT_ONCE]:
                channel.handle_close()
        _hold_less(rest, limits.MOST_UNFINISHED, lambda one: one.unfinished_bytes)
        _hold_less(rest, limits.MOST_UNREAD, lambda one: one.total_outbufs_len)

    def _turn(self, timeout: float = 1) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)
        while self.refused:
            channel = self.refused.popleft()
            try:
                channel.service()
            except Exception:
                logger.exception("A refusal broke.")
                channel.handle_close()
        now = time.monotonic()
        # Nobody is closed while waitress polls: select(), on Windows, breaks at a closed one.
        if len(self._map) >= self.adj.connection_limit:
            self.look(now)
        if now >= self.next_look:
            self.next_look = now + 1
            self.look(now)
            self.tick()

    def _channels(self) -> list[Channel]:
        return list(self.active_channels.values())


def stop_on_signals(server: Server) -> None:
    """Let the signals that end a program stop the server in order."""
    for one in STOP_SIGNALS:
        signal.signal(one, lambda *_: server.stop())


def _hold_less(channels: list[Channel], most: int, held_by: Callable[[Channel], int]) -> None:
    """Close the oldest of those that hold anything, as long as together they hold too much."""
    holding = [channel for channel in channels if held_by(channel)]
    held = sum(map(held_by, holding))
    for channel in sorted(holding, key=lambda one: one.since):
        if held <= most:
            break
        held -= held_by(channel)
        channel.handle_close()
