"""Render one format of the report in a process of its own: `python -m benchmarks.rendering NAME`.

Prints JSON: seconds of the first rendering and of those after it, bytes, and the process's
peak memory. The report is assembled once, before anything is timed.
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path

import django

django.setup()

from kpis.progress import load_progress  # noqa: E402
from projects.models import Strategy  # noqa: E402 - needs the models
from reports.annual.assembly import assemble_report  # noqa: E402
from reports.formats import FORMATS  # noqa: E402

MOST_REPEATS = 15
MOST_SECONDS = 20.0


def main(name: str, kept_as: str = "") -> None:
    """Time a format; `kept_as` is the path under which its bytes are left, empty for nowhere."""
    strategy = Strategy.objects.get(is_current=True)
    report = assemble_report(strategy, load_progress(strategy, strategy.last_year, with_texts=True))
    # As omuta_strategy/wsgi.py does: what stays for good is not walked through again.
    gc.collect()
    gc.freeze()
    seconds = []
    began = time.perf_counter()
    while len(seconds) <= MOST_REPEATS and time.perf_counter() - began < MOST_SECONDS:
        at = time.perf_counter()
        content = FORMATS[name].render(report)
        seconds.append(time.perf_counter() - at)
    if kept_as:
        Path(kept_as).write_bytes(content)
    json.dump(
        {
            "first": seconds[0],
            "later": seconds[1:],
            "bytes": len(content),
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
