"""Run all of it and print the table: `python -m benchmarks.fuzzing '{"seed": 1, …}'`."""

import json
import logging
import random
import sys
import time
import warnings
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs Django set up
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.fuzzing.pages import PLAN_CODE, Site, ask_pages, post_files, post_forms  # noqa: E402
from benchmarks.fuzzing.readers import ask_readers  # noqa: E402
from benchmarks.fuzzing.tally import Tally  # noqa: E402
from benchmarks.fuzzing.workbooks import post_workbooks  # noqa: E402
from kpis.models import Kpi  # noqa: E402
from kpis.recording import close_years_through  # noqa: E402
from projects.plans import main_plan  # noqa: E402
from reports.annual.editions import issue_edition  # noqa: E402


def main(asked: dict[str, Any]) -> int:
    """Ask everything; 1 if anything failed."""
    setup_test_environment()  # mail goes nowhere
    logging.disable(logging.CRITICAL)
    # Some filters of lists take times without a zone, which Django warns of.
    warnings.filterwarnings("ignore", "DateTimeField .* received a naive")
    user = User.objects.create_superuser("root", password=None)
    strategy = main_plan()
    assert strategy is not None  # noqa: S101 - benchmarks.plans has made it
    strategy.code = PLAN_CODE
    strategy.save()
    close_years_through(strategy, strategy.first_year, user=user)
    issue_edition(strategy, strategy.first_year, user=user, reason="", expected=None)
    tally, seed = Tally(), asked["seed"]
    start = time.monotonic()
    try:
        ask_readers(tally, random.Random(seed), asked["inputs"], timezone.now())  # noqa: S311
        site = Site(tally, user)
        codes = [kpi.code for kpi in Kpi.objects.select_related("project")]
        post_forms(site, random.Random(seed), asked["forms"])  # noqa: S311 - to be repeated
        post_files(site, random.Random(seed), codes, asked["files"])  # noqa: S311
        post_workbooks(site, random.Random(seed), asked["workbooks"])  # noqa: S311
        ask_pages(site, random.Random(seed), asked["values"])  # noqa: S311
    finally:
        # Whoever interrupts it learns how far it came.
        took = time.monotonic() - start
        print(f"{connection.vendor}, seed {seed}, {took:.0f} s, failures: {len(tally.failures)}\n")
        print(tally.table(), flush=True)
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
