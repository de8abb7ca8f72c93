"""How often each act was done and how often refused: told at the end of a run."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.law.driving import Course

# The property of a test's report under which its tally comes along, from other processes too.
TALLY = "law"

Tally = dict[str, dict[str, int]]


def tally_of(courses: list[Course]) -> Tally:
    """The counts of some sequences, and how many these are."""
    tally: dict[str, Counter[str]] = {"sequences": Counter(all=len(courses))}
    for kind in ("done", "refused"):
        tally[kind] = sum((getattr(course, kind) for course in courses), Counter())
    return {kind: dict(counts) for kind, counts in tally.items()}


def told(tallies: Iterable[Tally]) -> Iterator[str]:
    """A line for each act, and the sums."""
    counts: dict[str, Counter[str]] = {}
    for tally in tallies:
        for kind, of_kind in tally.items():
            counts.setdefault(kind, Counter()).update(of_kind)
    done, refused = counts["done"], counts["refused"]
    sequences, acts = counts["sequences"].total(), done.total() + refused.total()
    for name in sorted(done | refused):
        yield f"{done[name]:7} done {refused[name]:7} refused  {name}"
    yield f"{done.total():7} done {refused.total():7} refused  in {sequences} sequences"
    yield f"{acts / sequences:.1f} acts in a sequence, {done.total() / sequences:.1f} of them done"
