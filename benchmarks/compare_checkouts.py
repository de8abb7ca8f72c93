"""Is this checkout slower than another one? `python -m benchmarks.compare_checkouts OTHER [PLAN]`.

OTHER is the folder of another checkout with a `.venv`, PLAN `real` (default) or `large`. Both
servers run at the same time, each with a throw-away database of its own, and are asked in turns,
so that a busy machine slows both. Prints a Markdown table: medians, and the median of the ratios.
"""

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.browser import Browser
from benchmarks.entry_form import EntryForm
from benchmarks.installation import ROOT
from benchmarks.measuring import FISCAL_YEAR
from benchmarks.people import PASSWORD, PLANNER_NAME

_REQUESTS = {"real": 40, "large": 12}
_WARM_UP = 6
_ENTRY = f"/entry/{FISCAL_YEAR}/"
_REPORT = f"/reports/{FISCAL_YEAR}/"
_PAGES = (
    "/", "/kpis/", "/kpis/P1-1/", "/projects/", "/projects/P1/", "/initiatives/", "/history/",
    _ENTRY, f"{_ENTRY}initiatives/", f"{_ENTRY}reviews/", f"{_ENTRY}overview/", "/reports/",
    _REPORT,
)  # fmt: skip
_FILES = (
    *(f"{_REPORT}annual-report.{one}" for one in ("csv", "xlsx", "docx", "pdf")),
    f"{_REPORT}open-data.zip",
)
# Serves until its input ends; run from each checkout with its own modules.
_SERVE = """
import sys
sys.path.insert(0, ".")
from benchmarks.installation import installed
from benchmarks.server import served
with installed(sys.argv[1], postgres=False) as installation, served(installation) as server:
    print(server.port, flush=True)
    sys.stdin.read()
    print(server.peak_memory(), flush=True)
"""


def main() -> None:
    """Serve both checkouts and print what each request costs in both."""
    other, plan = Path(sys.argv[1]), (sys.argv[2:] or ["real"])[0]
    with ExitStack() as stack:
        before, now = (stack.enter_context(_browser_of(folder, plan)) for folder in (other, ROOT))
        print("| request | before ms | now ms | now/before |\n| --- | ---: | ---: | ---: |")
        for path in (*_PAGES, *_FILES):
            _compare(path, before, now, lambda one, path=path: one.get(path).milliseconds, plan)
        forms = {one: EntryForm(one.get(f"{_ENTRY}P1-1/").body) for one in (before, now)}

        def save(one: Browser) -> float:
            answer = one.post(f"{_ENTRY}P1-1/", forms[one].change("one"), by_script=True)
            forms[one].saved("one")
            return answer.milliseconds

        _compare("save one row by script", before, now, save, plan)


def _compare(
    name: str, before: Browser, now: Browser, ask: Callable[[Browser], float], plan: str
) -> None:
    for _ in range(_WARM_UP):
        ask(before)
        ask(now)
    pairs = [(ask(before), ask(now)) for _ in range(_REQUESTS[plan])]
    medians = [statistics.median(times) for times in zip(*pairs, strict=True)]
    ratio = statistics.median(second / first for first, second in pairs)
    print(f"| {name} | {medians[0]:.1f} | {medians[1]:.1f} | {ratio:.2f} |", flush=True)


@contextmanager
def _browser_of(folder: Path, plan: str) -> Iterator[Browser]:
    """A planner's browser at a checkout's server; at the end its peak memory is printed."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [folder / ".venv/bin/python", "-c", _SERVE, plan],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        browser = Browser(int(process.stdout.readline()))
        browser.log_in(PLANNER_NAME, PASSWORD)
        yield browser
    finally:
        process.stdin.close()
        peak = process.stdout.readline().strip()
        process.wait()
        if peak.isdecimal():
            print(f"\n{folder.name}: {int(peak) / 2**20:.1f} MiB at most")


if __name__ == "__main__":
    main()
