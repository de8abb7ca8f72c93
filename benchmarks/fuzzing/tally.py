"""What came of each kind of question, and the failures with what it takes to repeat them."""

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_MOST_SECONDS = 60
_LONGEST_SHOWN = 300
_MOST_SHOWN = 40


@dataclass
class Tally:
    """Outcomes by kind of question; `failures` are sentences for a programmer."""

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)

    def count(self, kind: str, outcome: str) -> None:
        """One question more of a kind, and what came of it."""
        self.outcomes.setdefault(kind, Counter())[outcome] += 1

    def fail(self, kind: str, asked: object, why: str) -> None:
        """A question that must not end as it did."""
        self.count(kind, "failed")
        said = f"{kind}: {why}: {asked!a}"[:_LONGEST_SHOWN]
        self.failures.append(said.encode("ascii", "backslashreplace").decode())
        print(self.failures[-1], file=sys.stderr, flush=True)

    @contextmanager
    def watched(self, kind: str, asked: object) -> Iterator[None]:
        """Count an exception as a failure, and what does not end within a minute."""
        start = time.perf_counter()
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(_MOST_SECONDS)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.fail(kind, asked, f"{type(error).__name__}: {error}"[:150])
        finally:
            signal.alarm(0)
            took = time.perf_counter() - start
            self.slowest[kind] = max(self.slowest.get(kind, 0.0), took)

    def table(self) -> str:
        """All of it as a Markdown table, and the failures below."""
        lines = ["| asked | questions | outcomes | slowest s |", "| --- | ---: | --- | ---: |"]
        for kind, counts in self.outcomes.items():
            what = ", ".join(f"{outcome} {count:,}" for outcome, count in sorted(counts.items()))
            lines.append(f"| {kind} | {counts.total():,} | {what} | {self.slowest[kind]:.1f} |")
        lines += [f"FAILED {one}" for one in self.failures[:_MOST_SHOWN]]
        if len(self.failures) > _MOST_SHOWN:
            lines.append(f"… and {len(self.failures) - _MOST_SHOWN} more")
        return "\n".join(lines)


def _too_long(_signal: int, _frame: Any) -> None:
    raise TimeoutError(f"longer than {_MOST_SECONDS} s")
