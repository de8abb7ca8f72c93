"""One connection: nobody may take longer over a request or an answer than `limits` says."""

import socket
from contextlib import suppress
from math import inf

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from omuta_strategy.serving import limits
from omuta_strategy.serving.request import Request


class Answer(WSGITask):
    """Django's answer; the last one of its connection when the server is about to stop."""

    def build_response_header(self) -> bytes:
        """Status line and headers."""
        if self.channel.server.is_stopping:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class Channel(HTTPChannel):
    """Waitress's connection with an end to everybody's patience.

    A refusal is often sent before the client has sent everything. If the connection were
    closed at once, the client would be told of a broken connection and never of the
    refusal: so what still comes is thrown away for a while (`lingers`).
    """

    parser_class = Request
    task_class = Answer
    request: Request | None = None  # the unfinished one
    close_when_flushed = False
    lingers = False
    is_refused = False  # its last request is, and is being answered
    # What it is at, and since when: the unfinished request, or a word.
    phase: object = None
    since = 0.0

    def look(self, now: float) -> None:
        """Note by the monotonic clock what it is at; to be called every second or so."""
        phase: object = self.request
        if self.lingers:
            phase = "lingering"
        elif self.total_outbufs_len:
            phase = "answering"
        elif self.requests:
            phase = "working"
        elif phase is None:
            phase = "idle"
        if phase is not self.phase:
            self.phase, self.since = phase, now

    def is_overdue(self, now: float) -> bool:
        """Whether it has been at it for longer than anybody needs."""
        return now - self.since > self._patience

    @property
    def _patience(self) -> float:
        if isinstance(self.phase, Request):
            received = self.phase.headers_finished
            return limits.RECEIVE_SECONDS if received else limits.HEADER_SECONDS
        return {
            "lingering": limits.LINGER_SECONDS,
            "answering": limits.ANSWER_SECONDS,
            "idle": limits.IDLE_SECONDS,
        }.get(str(self.phase), inf)

    @property
    def unfinished_bytes(self) -> int:
        """How much of a request it holds that isn't there yet."""
        request = self.request
        return request.body_bytes_received if request is not None else 0

    @property
    def rank(self) -> tuple[int, float]:
        """Who gives way first where connections run out: the lowest, never one that is working."""
        if isinstance(self.phase, Request):
            return int(self.phase.headers_finished), self.since
        return 2 * (self.phase == "answering"), self.since

    @property
    def what(self) -> str:
        """What it is about, for the log; a path may hold anything, so it is quoted."""
        request = next(iter(self.requests), self.request)  # a thread may empty it meanwhile
        asked = f"{request.command} {request.path!r}" if request is not None else self.phase
        return f"{asked} from {self.addr[0]}"

    @property
    def may_give_way(self) -> bool:
        """Whether nothing that has arrived whole would be lost with it."""
        return not self.requests

    def end(self) -> None:
        """Refuse what is unfinished, and close if there is nothing to answer."""
        if self.request is None or self.lingers or self.requests:
            self.handle_close()
            return
        with self.requests_lock:
            self.request.give_up()
            self.requests.append(self.request)
            self.request = None
            self.server.add_task(self)

    def received(self, data: bytes) -> bool:
        """Take in what has come, or throw it away."""
        if self.lingers:
            return False
        taken: bool = super().received(data)
        return taken

    def handle_write(self) -> None:
        """Send what waits; after a refusal say that it was all, and listen on."""
        if self.is_refused and self.close_when_flushed and not self.total_outbufs_len:
            self.is_refused, self.close_when_flushed = False, False
            self.lingers = True
            with suppress(OSError):  # it has gone
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_write()
