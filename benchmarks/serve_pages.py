"""Time what people wait for: `python benchmarks/serve_pages.py [--postgres]`.

Starts the production server on loopback with a plan of 8 projects and 16 KPIs, then with
one of 60 and 600, five years of actuals each, and prints Markdown tables. It takes a few
minutes, leaves nothing behind, and wants an idle machine. docs/performance.md explains it.
"""

import argparse
import json
import os
import platform
import signal
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.installation import Installation, installed
from benchmarks.measuring import Measured, measure
from benchmarks.server import served
from benchmarks.table import LARGE, REAL, SizeResult, table

_PLANS = {REAL: "real", LARGE: "large"}


def main() -> None:
    """Measure both sizes and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--postgres", action="store_true", help="a throw-away PostgreSQL instead of SQLite"
    )
    postgres = parser.parse_args().postgres
    # Stopped from outside it still ends its server and its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(machine("PostgreSQL" if postgres else "SQLite"), flush=True)
    results = []
    for size, plan in _PLANS.items():
        with installed(plan, postgres=postgres) as installation:
            with served(installation) as server:
                measured = measure(server)
            results.append(SizeResult(size, measured, _queries(installation, measured)))
    print(f"\n{table(results)}")


def machine(database: str) -> str:
    """The day, and what the figures were measured on."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{date.today()}: {os.cpu_count()} cores, {platform.system()}, "  # noqa: DTZ011 - as here
        f"Python {platform.python_version()}, {database}, load {busy:.1f} at the start"
    )


def _queries(installation: Installation, measured: Measured) -> list[int]:
    asked = json.dumps([(one.path, one.saved_rows, one.by_script) for one in measured.timed])
    return json.loads(installation.run("-m", "benchmarks.queries", given=asked))


if __name__ == "__main__":
    main()
