"""Writes figures as fast as it can: `python -m tests.faults.figures_written SECONDS`.

A line for each save, once it is acknowledged: KPI, version.
"""

import os
import sys
import threading
import time

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs Django set up

from kpis.models import Kpi, YearlyActual  # noqa: E402
from kpis.recording import record_actual  # noqa: E402
from tests.factories import final  # noqa: E402

YEAR = 2025
_THREADS = 3


def write(kpis: list[Kpi], user: User, until: float) -> None:
    """A new figure for each KPI in turn, with its explanation: a row and its history."""
    versions = dict(YearlyActual.objects.filter(fiscal_year=YEAR).values_list("kpi", "version"))
    while time.monotonic() < until:
        for kpi in kpis:
            version = versions[kpi.pk]
            entry = final(version % 90 + 1, analysis=f"{version}回目" * 50)
            record_actual(kpi, YEAR, entry, user=user, version=version)
            versions[kpi.pk] += 1
            # One write a line: threads share the way out.
            os.write(1, f"{kpi.pk} {versions[kpi.pk]}\n".encode())


def main(seconds: float) -> None:
    """Some threads, each with KPIs of its own."""
    kpis = list(Kpi.objects.select_related("project__strategy").order_by("pk"))
    user = User.objects.get()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=write, args=(kpis[at::_THREADS], user, until))
        for at in range(_THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(float(sys.argv[1]))
