"""The production server of an installation, and the memory it takes."""

import os
import re
import signal
import socket
import subprocess
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
    """The server as `make run` starts it, in a process group that ends with the block."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - the Makefile's own line
        ["/bin/sh", "-c", _line_of_make_run(port)],
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


def _line_of_make_run(port: int) -> str:
    """The line of the Makefile that starts the server, with everything filled in."""
    arguments = ("--dry-run", "--no-print-directory", "run", f"PORT={port}", "WORKERS=1")
    printed = subprocess.run(  # noqa: S603 - prints what it would do and does nothing
        ["make", *arguments],  # noqa: S607 - wherever it is installed
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.search(r"^exec .*manage.py serve(.*\\\n)*.*", printed, re.MULTILINE)
    if found is None:
        raise RuntimeError("`make run` doesn't end with `exec … manage.py serve` any more.")
    return found[0]


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
