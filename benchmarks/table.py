"""The results as Markdown, beside what was aimed at and what is to beat (docs/performance.md)."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measuring import Measured

_MIB = 1024 * 1024
REAL, LARGE = "8 / 16", "60 / 600"
# Medians in milliseconds that this project set itself.
GOALS = {
    (REAL, "dashboard"): 10,
    (LARGE, "dashboard"): 60,
    (REAL, "save one row"): 12,
    (LARGE, "save one row"): 12,
    (REAL, "save one row, by the page's script"): 12,
    (LARGE, "save one row, by the page's script"): 12,
    (REAL, "PDF"): 100,
}
# Kausal Watch's medians; for the CSV, all indicators with target and five values as bare JSON.
TO_BEAT = {
    (REAL, "KPI list"): 109,
    (LARGE, "KPI list"): 493,
    (REAL, "save one row"): 34,
    (LARGE, "save one row"): 90,
    (REAL, "CSV"): 32,
    (LARGE, "CSV"): 553,
}
# Peak MiB of one process; Kausal Watch holds 202 and 225 a worker.
MEMORY_GOALS = {
    "after pages and saves": 120,
    "after two pages with a chart": 120,
    "after the reports": 300,
}


@dataclass(frozen=True, slots=True)
class SizeResult:
    """One size's measurements and, in the same order, the queries of each request."""

    size: str
    measured: Measured
    queries: list[int]


def table(results: list[SizeResult]) -> str:
    """Every request of every size, then the memory."""
    return "\n".join([*_requests(results), "", *_memory(results)])


def _requests(results: list[SizeResult]) -> Iterator[str]:
    yield (
        "| projects / KPIs | request | median ms | p95 ms | queries | bytes | × empty page"
        " | goal ms | to beat ms |"
    )
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for result in results:
        for timed, queries in zip(result.measured.timed, result.queries, strict=True):
            key = (result.size, timed.name)
            fewer = "" if timed.is_complete else f" ({len(timed.times)} requests)"
            yield (
                f"| {result.size} | {timed.name}{fewer} | {timed.median:.1f} | {timed.p95:.1f}"
                f" | {queries} | {timed.size:,} | {timed.ratio:.1f}"
                f" | {_held(GOALS.get(key), timed.median)}"
                f" | {_held(TO_BEAT.get(key), timed.median)} |"
            )
        yield (
            f"| {result.size} | PDF, the first of the process | {result.measured.first_pdf:.1f}"
            " | | | | | | |"
        )


def _memory(results: list[SizeResult]) -> Iterator[str]:
    yield f"| peak MiB of a process | {' | '.join(one.size for one in results)} | goal |"
    yield f"| --- | {'---: | ' * len(results)}---: |"
    for stage, goal in MEMORY_GOALS.items():
        peaks = " | ".join(_peak(one.measured.memory[stage], goal) for one in results)
        yield f"| {stage} | {peaks} | {goal} |"


def _peak(peak: int | None, goal: int) -> str:
    return "－" if peak is None else f"{peak / _MIB:.0f} {_mark(peak / _MIB, goal)}"


def _held(limit: float | None, figure: float) -> str:
    return "" if limit is None else f"{limit} {_mark(figure, limit)}"


def _mark(figure: float, limit: float) -> str:
    return "✓" if figure <= limit else "✗"
