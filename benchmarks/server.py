"""The production server of an installation, and the memory it takes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.installation import HOST, ROOT, Installation

_START_SECONDS = 30
_STOP_SECONDS = 10
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its first process."""

    port: int
    pid: int

    def peak_memory(self) -> int | None:
        """The most that its largest process ever held, in bytes; None where Linux can't tell."""
        try:
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
            return max(_peak(pid) for pid in (self.pid, *map(int, children.split())))
        except OSError:
            return None


@contextmanager
def served(installation: Installation) -> Iterator[Server]:
    """Granian with the arguments of `make run`, in a process group that ends with the block."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - our own server
        [
            Path(sys.executable).with_name("granian"),
            *("--interface", "wsgi", "--no-ws", "--host", HOST, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "4", "omuta_strategy.wsgi:application"),
        ],
        cwd=ROOT,
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_healthy(port, process)
        yield Server(port, process.pid)
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_until_healthy(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=_START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().read() == b"ok":
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The server did not answer on port {port}.")


def _end(process: subprocess.Popen) -> None:
    """Ask the first process to stop; what is left of its group then is killed."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIB
    return 0
