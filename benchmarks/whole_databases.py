"""Time backup, restore and move: `python benchmarks/whole_databases.py [--postgres]`.

Makes a throw-away installation with the real plan, then with one of 600 KPIs, five years of
actuals and two issued editions each, runs the commands as an office would and prints a Markdown
table of seconds, from the start of a command to its end, peak memory and bytes.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.installation import ROOT, Installation, empty_database, installed
from benchmarks.serve_pages import machine
from benchmarks.table import LARGE, REAL

_ISSUE = """
import sys, django; django.setup()
from django.contrib.auth.models import User
from kpis.recording import close_years_through
from projects.models import Strategy
from reports.annual.editions import issue_edition
year = int(sys.argv[1])
close_years_through(Strategy.objects.get(), year, user=User.objects.get())
issue_edition(Strategy.objects.get(), year, user=User.objects.get())
"""
# Runs a command and prints its peak memory in KiB after it.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "manage.py", *sys.argv[1:]]).returncode
print("KiB", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def main() -> None:
    """Measure both sizes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--postgres", action="store_true", help="a throw-away PostgreSQL instead of SQLite"
    )
    postgres = parser.parse_args().postgres
    print(machine("PostgreSQL" if postgres else "SQLite"), flush=True)
    print("\n| projects / KPIs | command | rows | s | peak MiB | bytes of the backup |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for size, plan in {REAL: "real", LARGE: "large"}.items():
        with (
            installed(plan, postgres=postgres) as installation,
            tempfile.TemporaryDirectory(prefix="omuta-benchmark-") as folder,
            empty_database(Path(folder), postgres=not postgres) as empty,
        ):
            for year in ("2024", "2025"):
                installation.run("-c", _ISSUE, year)
            backups = Path(folder) / "backups"
            backups.mkdir()
            _measure(size, installation, empty, backups)


def _measure(size: str, installation: Installation, empty: str, folder: Path) -> None:
    live = installation.environment["DATABASE_URL"]
    _timed(size, installation, folder, "backup", str(folder))
    (backup,) = folder.iterdir()
    _timed(size, installation, folder, "restore", str(backup), "--replace")
    _timed(size, installation, folder, "move_database", live, empty)


def _timed(size: str, installation: Installation, folder: Path, *arguments: str) -> None:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _MEASURED, *arguments],
        cwd=ROOT,
        env=installation.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - started
    rows = re.search(r"、([\d,]+)行を", done.stdout)
    memory = re.search(r"KiB (\d+)", done.stdout)
    assert rows  # noqa: S101 - what the command is asked for
    assert memory  # noqa: S101
    size_of_backup = sum(path.stat().st_size for path in folder.iterdir())
    print(
        f"| {size} | {arguments[0]} | {rows[1]} | {seconds:.1f} | {int(memory[1]) // 1024} |"
        f" {size_of_backup:,} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
