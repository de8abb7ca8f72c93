"""The two halves of benchmarks.seals, each in a process of its own: `fill` and `measure`."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the models
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.people import PLANNER_NAME  # noqa: E402
from common.history import tracked_models  # noqa: E402
from kpis.models import ActualState, YearlyActual  # noqa: E402
from kpis.recording import ActualEntry, Change, record_actuals  # noqa: E402
from projects.models import Strategy  # noqa: E402
from reports.seals import Occasion, make_seal  # noqa: E402

SAVES = 2  # of every figure, after the first
_LIMIT = 100


def fill() -> None:
    """Give a history to what was made without one, and save every figure again."""
    for model, history in tracked_models():
        if not history.objects.exists():
            model.history.bulk_history_create(model.objects.all(), batch_size=1000)
    strategy = Strategy.objects.get()
    for more in range(1, SAVES + 1):
        for year in strategy.years:
            _save_again(strategy, year, more, limit=None)


def _save_again(strategy: Strategy, year: int, more: int, limit: int | None) -> None:
    user = User.objects.get(username=PLANNER_NAME)
    rows = YearlyActual.objects.filter(fiscal_year=year)[:limit]
    changes = [
        Change(
            row.kpi_id,
            ActualEntry(
                ActualState.FINAL,
                row.value or Decimal(0),
                analysis=row.analysis,
                next_steps=f"{row.next_steps}（{more}）",
            ),
            row.version,
        )
        for row in rows
    ]
    record_actuals(strategy, year, changes, user=user)


def measure() -> None:
    """Print seconds as JSON, and the process's peak memory after each, in MiB."""
    strategy = Strategy.objects.get()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=PLANNER_NAME))
    history = reverse("history", args=[strategy.code])
    client.get(history)
    said: dict[str, str] = {}
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - no file
        _timed(said, "first seal", lambda: make_seal(Occasion.DAILY).row_count)
        _save_again(strategy, strategy.last_year, SAVES + 1, _LIMIT)
        _timed(said, f"seal after {_LIMIT} saved rows", lambda: make_seal(Occasion.DAILY).row_count)
        _timed(said, "seal after nothing", lambda: make_seal(Occasion.DAILY).row_count)
        _timed(said, "verify", lambda: call_command("verify", stdout=nowhere))
    _timed(said, "a page of the history", lambda: client.get(history).status_code)
    json.dump(said, sys.stdout)


def _timed(said: dict[str, str], name: str, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    answer = act()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said[name] = f"{seconds * 1000:,.0f} ms ({answer}), peak {peak:.0f} MiB"


if __name__ == "__main__":
    {"fill": fill, "measure": measure}[sys.argv[1]]()
