"""Fifty people at once, four reads to one save: `python -m benchmarks.many_people`.

Prints what all of them did in a minute, how long they waited (median, 99 of 100, longest) and
what the server took at most, and exits with 1 on any error or lost save. Options:
`--people 50 --seconds 60 --pause 1 --postgres`; a pause of 0 asks as fast as answers come.

Everybody is logged in before it begins, saves into the same 16 KPIs as the others, and posts
again on the version that a refusal shows (`benchmarks.stress_recording`).
"""

import argparse
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException

from benchmarks.installation import installed
from benchmarks.serve_pages import machine
from benchmarks.server import served
from benchmarks.stress_recording import FISCAL_YEAR, Outcome, Writer, outcome_of

_READS = ("/", "/kpis/P1-1/", "/projects/P1/", f"/entry/{FISCAL_YEAR}/")
_MIB = 1024 * 1024
_GIVE_UP = 60  # s that a save may be refused for


class Person(Writer):
    """Somebody who reads four pages, then saves a figure, then begins again."""

    def __init__(self, number: int, port: int) -> None:
        super().__init__(number, port)
        self.waited: dict[str, list[float]] = defaultdict(list)  # ms, by `read` and `save`

    def work(self, until: float, pause: float, codes: Sequence[str]) -> None:
        """Go on until a moment of the monotonic clock; what goes wrong is noted and ends it."""
        at = 0
        # Not all in step.
        time.sleep(pause * self.number / 50)
        try:
            while time.monotonic() < until:
                for path in _READS:
                    self.waited["read"].append(self.browser.get(path).milliseconds)
                    time.sleep(pause)
                code = codes[(self.number + at) % len(codes)]
                self._look(code)
                self._bring_in(code, at, time.monotonic() + _GIVE_UP)
                at += 1
        except (OSError, HTTPException, AssertionError) as error:
            self.tally.errors.append(f"{self.name}: {type(error).__name__} {str(error)[:300]}")

    def _post(self, code: str, fields: dict[str, str]) -> tuple[int, bytes]:
        start = time.perf_counter()
        answer = super()._post(code, fields)
        self.waited["save"].append(1000 * (time.perf_counter() - start))
        return answer


def try_many(
    *, people: int, seconds: float, pause: float, postgres: bool
) -> tuple[Outcome, dict[str, list[float]], int | None]:
    """Run it on an installation of its own: what came of it, the waits in ms, the peak in bytes."""
    with installed("real", postgres=postgres) as installation:
        installation.environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.stress_settings"
        installation.run("-m", "benchmarks.stress_database", "people", str(people))
        with served(installation) as server, ExitStack() as stack:
            everybody = [Person(number, server.port) for number in range(people)]
            for person in everybody:
                stack.callback(person.browser.connection.close)
            threads = stack.enter_context(ThreadPoolExecutor(people))
            *_others, codes = threads.map(Person.open_everything, everybody)
            start = time.monotonic()
            for done in [
                threads.submit(person.work, start + seconds, pause, codes) for person in everybody
            ]:
                done.result()
            took, peak = time.monotonic() - start, server.peak_memory()
        waited = {
            kind: sorted(one for person in everybody for one in person.waited[kind])
            for kind in ("read", "save")
        }
        return outcome_of(installation, [one.tally for one in everybody], took), waited, peak


def main() -> int:
    """Run it as asked and print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1, help="seconds behind each page")
    parser.add_argument("--postgres", action="store_true", help="a throw-away PostgreSQL")
    asked = parser.parse_args()
    # Stopped from outside it still ends its server and its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(machine("PostgreSQL" if asked.postgres else "SQLite"), flush=True)
    outcome, waited, peak = try_many(**vars(asked))
    print(
        f"{asked.people} people, {outcome.seconds:.0f} s: {outcome.acknowledged} saves kept,"
        f" {outcome.refused} refused as a colleague was faster, {len(outcome.errors)} errors,"
        f" {outcome.lost} lost; the server's peak {(peak or 0) / _MIB:.0f} MiB"
    )
    print("| | requests | median ms | 99 of 100 ms | longest ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, waits in waited.items():
        hundredths = statistics.quantiles(waits, n=100)
        print(
            f"| {kind} | {len(waits):,} | {hundredths[49]:.0f} | {hundredths[98]:.0f}"
            f" | {waits[-1]:.0f} |"
        )
    for error in outcome.errors[:10]:
        print(error, file=sys.stderr)
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
