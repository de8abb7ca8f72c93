"""Take a made-up 総合計画 in by its workbook: `python -m benchmarks.plan_workbook`.

In a throw-away SQLite database: 6 goals, 42 measures, 133 projects, 200 KPIs with three years of
figures, as `import_plan` does it: looked over, then written. Then the same again, which changes
nothing, and out. It prints seconds and queries of each.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FOLDER = Path(tempfile.mkdtemp(prefix="plan-workbook-"))
os.environ.update(
    DJANGO_SETTINGS_MODULE="omuta_strategy.settings",
    ENV_FILE=os.devnull,
    DEBUG="0",
    SECRET_KEY="of-a-measurement-that-serves-nobody-" * 2,
    ALLOWED_HOSTS="localhost",
    DATABASE_URL=f"sqlite:///{_FOLDER / 'db.sqlite3'}",
)

import django  # noqa: E402 - after the variables

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402

from entry.plan_workbook.exporting import exported_workbook  # noqa: E402
from entry.plan_workbook.importing import look_over, take_in  # noqa: E402
from entry.plan_workbook.workbook import read_workbook  # noqa: E402
from projects.models import Strategy  # noqa: E402
from tests.large_plan_workbook import large_sheets  # noqa: E402
from tests.plan_workbooks import content_of  # noqa: E402


def main() -> None:
    """Measure and print a table."""
    call_command("migrate", verbosity=0)
    content = content_of(large_sheets())
    print(f"load {os.getloadavg()[0]:.1f}")
    print("| step | s | processor s | queries |\n| --- | ---: | ---: | ---: |")
    _measure("look over", lambda: look_over(read_workbook(content), user=None))
    workbook = read_workbook(content)
    _measure("take in", lambda: take_in(workbook, user=None, file_name="sogo.xlsx"))
    _measure("look over again", lambda: look_over(read_workbook(content), user=None))
    _measure("export", lambda: exported_workbook(Strategy.objects.get()))


def _measure(step: str, do: Callable[[], Any]) -> None:
    queries = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*asked)

    began, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        do()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"| {step} | {seconds:.1f} | {cpu:.1f} | {queries:,} |")


if __name__ == "__main__":
    main()
