"""The database's side of the stress run: `python -m benchmarks.stress_database people 20`.

`people` makes the writers' accounts. `check` reads the saves that were acknowledged from
standard input as JSON and prints what the history says of them as JSON.
"""

import json
import sys
from collections import Counter
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - needs the models

from accounts.passwords import password_was_set  # noqa: E402
from benchmarks.people import PASSWORD  # noqa: E402
from benchmarks.stress_recording import FISCAL_YEAR, WRITER, writer_name  # noqa: E402
from kpis.models import YearlyActual  # noqa: E402
from omuta_strategy.roles import PLANNER  # noqa: E402


def make_people(count: int) -> None:
    """Planners, who may all write into every KPI."""
    planner = Group.objects.get(name=PLANNER)
    for number in range(count):
        user = User.objects.create_user(writer_name(number), password=PASSWORD)
        password_was_set(user, by_themselves=True)  # nobody is asked for another one
        user.groups.add(planner)


def check() -> None:
    """Lost: acknowledged, but not in the history as it was sent.

    Unasked: in the history, but never acknowledged. Twice: a version written twice.
    """
    acknowledged = {
        (code, version, Decimal(value), text, person)
        for code, version, value, text, person in json.load(sys.stdin)
    }
    rows = YearlyActual.history.filter(fiscal_year=FISCAL_YEAR).select_related(
        "kpi__project", "history_user"
    )
    written = [
        (row.kpi.code, row.version, row.value, row.analysis, row.history_user.get_username())
        for row in rows
        if row.history_user.get_username().startswith(WRITER)
    ]
    versions = Counter((code, version) for code, version, *_rest in written)
    json.dump(
        {
            "lost": len(acknowledged - set(written)),
            "unasked": len(set(written) - acknowledged),
            "twice": sum(count - 1 for count in versions.values()),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    if sys.argv[1] == "people":
        make_people(int(sys.argv[2]))
    else:
        check()
