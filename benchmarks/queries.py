"""Count what each request asks of the database: `python -m benchmarks.queries`.

Reads the requests from standard input as JSON and prints the counts as JSON. It runs in
a process of its own, so that nothing is counted while the server is timed.
"""

import json
import sys

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the models
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.entry_form import EntryForm  # noqa: E402
from benchmarks.people import PLANNER_NAME  # noqa: E402

_NOT_QUERIES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main() -> None:
    """Each request is [path, rows to save or "", whether the page's script saves them].

    A path without a plan is asked at the plan's page that it leads to. Transaction statements
    don't count.
    """
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=PLANNER_NAME))
    client.get("/")  # what is asked once a process
    json.dump([_count(client, *request) for request in json.load(sys.stdin)], sys.stdout)


def _count(client: Client, path: str, rows: str, by_script: bool) -> int:  # noqa: FBT001
    headers = {"HX-Request": "true"} if by_script else {}
    led = client.head(path).headers.get("Location", "")
    path = led if led.startswith("/plans/") else path
    if rows:
        fields = EntryForm(client.get(path).content).change(rows)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(path, fields, headers=headers) if rows else client.get(path)
    expected = 302 if rows and not by_script else 200
    if response.status_code != expected:
        raise AssertionError(f"{path}: {response.status_code}, not {expected}")
    return sum(not one["sql"].startswith(_NOT_QUERIES) for one in asked.captured_queries)


if __name__ == "__main__":
    main()
