"""A real `manage.py serve` on loopback, and raw sockets to treat it badly with."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent.parent
_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A server: its first process, its port, its log, and where its temporary files would be."""

    process: subprocess.Popen
    log_file: Path
    port: int
    temporary: Path
    connections: list[socket.socket] = field(default_factory=list)  # closed at the end

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def workers(self) -> list[int]:
        """The process ids of its children."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(one) for one in children]

    @property
    def peers(self) -> set[int]:
        """The ports of those whose connections it has not closed."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        here = f"{self.port:04X}"
        return {
            int(there.rpartition(":")[2], 16)
            for _, local, there, state, *_ in rows
            if local.endswith(f":{here}") and state == "01"
        }

    def connect(self, *, buffer: int = 0) -> socket.socket:
        """A connection; `buffer`, bytes, keeps it from taking in more by itself."""
        one = socket.socket()
        self.connections.append(one)
        if buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        one.settimeout(_SECONDS)
        one.connect((HOST, self.port))
        return one

    def send(self, raw: bytes, **options: int) -> socket.socket:
        one = self.connect(**options)
        one.sendall(raw)
        return one

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        """Status and body of a request, and the seconds that it took."""
        connection = HTTPConnection(HOST, self.port, timeout=_SECONDS)
        begun = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(), time.monotonic() - begun
        finally:
            connection.close()

    def stop(self, seconds: float = 60) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def begin(environment: dict[str, str], *options: str, before=(), program="manage.py", **popen):
    """Start it; `before` are the words of a program that starts it in its turn."""
    return subprocess.Popen(
        [*before, sys.executable, program, "serve", "--port=0", "--daily=", *options],
        cwd=ROOT,
        env=environment,
        text=True,
        **popen,
    )


@contextmanager
def serving(
    environment: dict[str, str], folder: Path, *options: str, program: str = "manage.py"
) -> Iterator[Running]:
    """A server that answers; at the end it is stopped, or killed with its workers."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    with log.open("w") as stream:
        process = begin(
            environment | {"TMPDIR": str(temporary)},
            *options,
            program=program,
            stdout=stream,
            stderr=stream,
        )
    running = Running(process, log, 0, temporary)
    try:
        found = wait_for(lambda: re.search(r"Serving on http://127.0.0.1:(\d+)", log.read_text()))
        running = replace(running, port=int(found[1]))
        assert running.ask("/healthz")[:2] == (200, b"ok")
        yield running
    finally:
        pids = [process.pid]
        with suppress(OSError):
            pids += running.workers
        with suppress(subprocess.TimeoutExpired):
            process.terminate()
            process.wait(5)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        for one in running.connections:
            one.close()


def wait_for(found: Callable[[], object], seconds: float = _SECONDS):
    """What `found` says as soon as it says anything; an error if it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def read_all(one: socket.socket) -> bytes:
    """Everything until the other side closes."""
    parts = []
    while part := one.recv(65536):
        parts.append(part)
    return b"".join(parts)


def is_closed(one: socket.socket) -> bool:
    """Whether the other side has closed it, whatever it said before."""
    one.setblocking(False)
    try:
        while one.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def lives(pid: int) -> bool:
    """Whether a process is there and no mere entry that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
