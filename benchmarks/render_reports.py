"""Time every format of the report: `python benchmarks/render_reports.py`.

Each format is rendered in a process of its own, first cold and then again and again, for a
plan of 8 projects and 16 KPIs and for one of 60 and 600, five years of actuals each. Where
LibreOffice is installed, it makes a PDF from the workbook in the same run: what an office
does today. Prints Markdown tables; docs/performance.md explains them.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.installation import Installation, installed

SIZES = {"8 / 16": "real", "60 / 600": "large"}
NAMES = (
    "annual-report.pdf",
    "annual-report.docx",
    "annual-report.xlsx",
    "annual-report.csv",
    "open-data.zip",
)
# By size and format, milliseconds warm.
GOALS = {("8 / 16", "annual-report.xlsx"): 60, ("60 / 600", "annual-report.xlsx"): 400}
TIMES_FASTER = 10
_WORKBOOK = "annual-report.xlsx"
_OFFICE_RUNS = 4


@dataclass(frozen=True, slots=True)
class Rendered:
    """One format's times in milliseconds, its size and its process's peak in MiB."""

    first: float
    warm: float
    size: int
    peak: int


def main() -> None:
    """Measure both sizes and print the tables."""
    print(
        f"{date.today()}: {os.cpu_count()} cores, {platform.system()}, "  # noqa: DTZ011 - as here
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start\n"
    )
    print("| projects / KPIs | file | first ms | warm ms | bytes | peak MiB | goal ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    comparisons = []
    for size, plan in SIZES.items():
        with (
            tempfile.TemporaryDirectory(prefix="omuta-reports-") as folder,
            installed(plan, postgres=False) as installation,
        ):
            workbook = Path(folder) / _WORKBOOK
            results = {
                name: _rendered(installation, name, workbook if name == _WORKBOOK else None)
                for name in NAMES
            }
            for name, one in results.items():
                print(_row(size, name, one), flush=True)
            office = _office_seconds(workbook)
            comparisons.append((size, results["annual-report.pdf"].warm, office))
    print("\n| projects / KPIs | our PDF, warm ms | LibreOffice's PDF of the workbook ms | times |")
    print("| --- | ---: | ---: | ---: |")
    for size, ours, office in comparisons:
        print(_comparison(size, ours, office))


def _rendered(installation: Installation, name: str, kept_as: Path | None) -> Rendered:
    kept = [str(kept_as)] if kept_as else []
    told = json.loads(installation.run("-m", "benchmarks.rendering", name, *kept))
    return Rendered(
        first=told["first"] * 1000,
        warm=statistics.median(told["later"] or [told["first"]]) * 1000,
        size=told["bytes"],
        peak=round(told["peak"] / 1024),
    )


def _row(size: str, name: str, one: Rendered) -> str:
    goal = GOALS.get((size, name))
    held = "" if goal is None else f"{goal} {'✓' if one.warm <= goal else '✗'}"
    figures = f"{one.first:.0f} | {one.warm:.1f} | {one.size:,} | {one.peak} | {held}"
    return f"| {size} | {name} | {figures} |"


def _office_seconds(workbook: Path) -> float | None:
    """The median of several conversions after a first one; None without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="omuta-office-") as folder:
        command = [
            program, f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", "pdf", "--outdir", folder, str(workbook),
        ]  # fmt: skip
        seconds = []
        for _ in range(_OFFICE_RUNS):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, timeout=600)  # noqa: S603
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def _comparison(size: str, ours: float, office: float | None) -> str:
    if office is None:
        return f"| {size} | {ours:.0f} | not installed | |"
    times = office * 1000 / ours
    mark = "✓" if times >= TIMES_FASTER else "✗"
    return f"| {size} | {ours:.0f} | {office * 1000:.0f} | {times:.0f} {mark} |"


if __name__ == "__main__":
    main()
