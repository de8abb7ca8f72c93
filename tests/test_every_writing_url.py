"""Whoever may not write doesn't: every URL, as a stranger, another department, on a closed year.

The table is in tests/writing_urls.py; a URL that it doesn't name fails here.
"""

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from kpis.recording import close_fiscal_year
from tests import mail as mail_servers
from tests.url_patterns import example, patterns
from tests.writing_urls import (
    ANSWERED,
    READ_ONLY,
    READ_ONLY_ENDINGS,
    WITHOUT_PLAN,
    WRITES,
    YEAR,
    make_world,
)

OURS = ("projects", "kpis", "reports")
# Everything that a URL might take for an order to write.
EVERYTHING = {
    "P1-1-value": "99", "P1-1-state": "final", "P1-1-version": "1", "action": "delete_selected",
    "_selected_action": "1", "post": "yes", "_save": "1", "value": "99", "name": "書き換えた",
    "state": "final", "status": "done", "summary": "書き換えた",
}  # fmt: skip


def only_reads(pattern: str) -> bool:
    return pattern in READ_ONLY or (
        pattern not in WRITES
        and pattern not in ANSWERED
        and any(
            pattern.endswith(ending) if ending.startswith("/") else pattern.startswith(ending)
            for ending in READ_ONLY_ENDINGS
        )
    )


def everything_written() -> dict[str, list]:
    """All rows of the plan, the figures, their history, the accounts; and the mail sent."""
    models = [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    rows = {
        model._meta.db_table: list(model.objects.order_by("pk").values_list()) for model in models
    }
    # Logging in is no writing.
    people = [field.attname for field in User._meta.concrete_fields if field.name != "last_login"]
    rows["auth_user"] = list(User.objects.order_by("pk").values_list(*people))
    rows["auth_user_groups"] = list(User.groups.through.objects.order_by("pk").values_list())
    rows["mail"] = [message.subject for message in getattr(mail, "outbox", [])]
    return rows


def changed_since(before: dict[str, list]) -> list[str]:
    """The tables that are not as they were."""
    now = everything_written()
    return [name for name in before if before[name] != now[name]]


@pytest.fixture
def world(db, settings):
    settings.EMAIL_BACKEND = mail_servers.WORKING
    return make_world()


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tried(write, world, client) -> tuple[int, str, list[str]]:
    """Post what the planner's browser would; status, redirect and the tables that changed."""
    if write.before:
        write.before(world)
    url, data = write.url(), write.posted(world)
    before = everything_written()
    response = client.post(url, data)
    return response.status_code, getattr(response, "url", ""), changed_since(before)


def test_every_url_is_known_as_reading_or_writing():
    unknown = [
        pattern
        for pattern in patterns()
        if pattern not in WRITES and pattern not in ANSWERED and not only_reads(pattern)
    ]

    assert unknown == [], (
        "Add each to tests/writing_urls.py: to READ_ONLY if it only reads; to WRITES, with an "
        "example that the planner may do, if a POST to it writes (to ADMIN for a model's admin)."
    )


def test_every_url_in_the_table_is_there():
    assert sorted({*READ_ONLY, *ANSWERED, *WRITES} - set(patterns())) == []


@pytest.mark.parametrize("pattern", WRITES)
def test_planner_writes_in_an_open_year(world, pattern):
    status, _url, changed = tried(WRITES[pattern], world, world.planner)

    assert changed, f"the example writes nothing (status {status})"


@pytest.mark.parametrize("pattern", WRITES)
def test_stranger_is_sent_to_the_login_page(world, pattern):
    status, url, changed = tried(WRITES[pattern], world, Client())

    assert (status, changed) == (302, [])
    assert "/login/?next=" in url


@pytest.mark.parametrize("pattern", [key for key, write in WRITES.items() if not write.own])
def test_another_department_is_refused(world, pattern):
    status, _url, changed = tried(WRITES[pattern], world, logged_in(world.tantou))

    assert changed == []
    # 200: a list that they may read shows itself and does nothing.
    assert status in (200, 403, 422), status


@pytest.mark.parametrize("pattern", [key for key, write in WRITES.items() if not write.closed])
def test_closed_year_is_refused(world, pattern):
    write = WRITES[pattern]
    url, data = write.url(), write.posted(world)
    close_fiscal_year(world.strategy, YEAR, user=world.kikaku)
    before = everything_written()
    response = world.planner.post(url, data)

    assert changed_since(before) == []
    assert response.status_code < 500


def test_reading_urls_write_nothing_whatever_the_method(world):
    before = everything_written()
    answered = {}
    client = logged_in(world.kikaku)
    for pattern in patterns():
        if pattern in WRITES:
            continue
        for method in ("post", "put", "patch", "delete"):
            # Logged in anew where one of the URLs before has logged out.
            if SESSION_KEY not in client.session:
                client = logged_in(world.kikaku)
            data = EVERYTHING if method == "post" else "value=99"
            status = getattr(client, method)(example(pattern), data).status_code
            # The admin's pages answer every method alike.
            is_free = pattern in ANSWERED or pattern.startswith("admin/")
            # Nor do the addresses without a plan write: they lead to the page that does.
            is_free = is_free or (pattern in WITHOUT_PLAN and status == 307)
            if status >= 500 or not (is_free or status in (403, 404, 405)):
                answered[f"{method} {pattern}"] = status

    assert changed_since(before) == []
    assert answered == {}


def test_nothing_but_a_post_writes(world):
    before = everything_written()
    for pattern, write in WRITES.items():
        url = write.url()
        for method in ("get", "head", "put", "patch", "delete"):
            status = getattr(world.planner, method)(url).status_code
            assert status < 500, (method, pattern)

    assert changed_since(before) == []
