"""Whoever may not write doesn't: every URL, as a stranger, another department, on a closed year.

The table is in tests/writing_urls.py; a URL that it doesn't name fails here. PostgreSQL is asked
whether what may be written is.
"""

import re

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpis.plan_acts import end_plan
from kpis.recording import close_years_through
from projects.models import PlanState, Strategy
from tests import mail as mail_servers
from tests.factories import make_user
from tests.made_once import made_once
from tests.table_rows import rows_of
from tests.url_patterns import example, patterns
from tests.writing_urls import (
    ANSWERED,
    OF_A_PLAN,
    PLAN,
    READ_ONLY,
    READ_ONLY_ENDINGS,
    WITHOUT_PLAN,
    WRITES,
    YEAR,
    close_all,
    make_world,
)

OURS = ("projects", "kpis", "reports")
_WRITES_OURS = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?:projects|kpis|reports|auth_user)'
)
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
    rows: dict[str, list] = dict(rows_of(models))
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
@made_once
def made(db):
    return make_world()


@pytest.fixture
def world(made, settings):
    settings.EMAIL_BACKEND = mail_servers.WORKING
    return made


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tried(write, world, client) -> tuple[int, str, list[str]]:
    """Post what the planner's browser would; status, redirect and the tables that changed."""
    if write.before:
        write.before(world)
    url = write.url(world)
    data = write.posted(world, url)
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


@pytest.mark.asked_once
@pytest.mark.parametrize("pattern", WRITES)
def test_stranger_is_sent_to_the_login_page(world, pattern):
    status, url, changed = tried(WRITES[pattern], world, Client())

    assert (status, changed) == (302, [])
    assert "/login/?next=" in url


@pytest.mark.asked_once
@pytest.mark.parametrize("pattern", [key for key, write in WRITES.items() if not write.own])
def test_another_department_is_refused(world, pattern):
    status, _url, changed = tried(WRITES[pattern], world, logged_in(world.tantou))

    assert changed == []
    # 200: a list that they may read shows itself and does nothing.
    unseen = "/plans/next/" in WRITES[pattern].url(world)
    assert status in ((404,) if unseen else (200, 403, 422)), status


@pytest.mark.asked_once
@pytest.mark.parametrize("pattern", [key for key, write in WRITES.items() if not write.closed])
def test_closed_year_is_refused(world, pattern):
    write = WRITES[pattern]
    url = write.url(world)
    data = write.posted(world, url)
    close_years_through(world.strategy, YEAR, user=world.kikaku)
    before = everything_written()
    response = world.planner.post(url, data)

    assert changed_since(before) == []
    assert response.status_code < 500


def writes_of(client, url: str, data: dict) -> tuple[int, int]:
    """Post; the status, and how many statements and mails have written something of ours."""
    sent = len(mail.outbox)
    with CaptureQueriesContext(connection) as asked:
        status = client.post(url, data).status_code
    written = sum(bool(_WRITES_OURS.match(one["sql"])) for one in asked.captured_queries)
    return status, written + len(mail.outbox) - sent


@pytest.mark.asked_once
def test_second_plan_is_the_planners_to_write_and_nobodys_who_owns_nothing_there(world):
    """`tantou` writes in the other plan, whose rows have the same codes."""
    beside, stranger = world.in_plan("beside"), logged_in(world.tantou)
    for pattern, write in OF_A_PLAN.items():
        with transaction.atomic():
            if write.before:
                write.before(beside)
            url = write.url(beside)
            data = write.posted(beside, url)
            if not write.own:
                status, written = writes_of(stranger, url, data)
                refusals = (404,) if write.plan == "next" else (200, 403, 422)
                assert (written, status in refusals) == (0, True), (pattern, status)
            status, written = writes_of(world.planner, url, data)
            assert written, f"the example of {pattern} writes nothing (status {status})"
            transaction.set_rollback(True)


@pytest.mark.asked_once
def test_ended_plan_refuses_everything_and_everybody(world):
    posted = posted_in(world, "beside")
    beside = world.in_plan("beside").strategy
    close_all(beside, world.kikaku)
    end_plan(beside, user=world.kikaku)
    others = [logged_in(User.objects.get(username="hanako")), logged_in(make_user("kanri"))]
    before = everything_written()
    for pattern, (url, data) in posted.items():
        clients = [world.planner, *(others if pattern.startswith(PLAN) else ())]
        for client in clients if not OF_A_PLAN[pattern].ended else ():
            status, written = writes_of(client, url, data)
            assert (written, status < 500) == (0, True), (pattern, status)

    assert changed_since(before) == []


@pytest.mark.asked_once
def test_plan_in_preparation_is_not_there_for_others_than_planners(world):
    posted = posted_in(world, "beside")
    Strategy.objects.filter(code="beside").update(state=PlanState.PREPARING)
    owner = logged_in(User.objects.get(username="hanako"))
    manager = logged_in(make_user("kanri"))
    before = everything_written()
    read, written = {}, {}
    for pattern in patterns():
        if pattern.startswith(PLAN):
            read[pattern] = manager.get(example(pattern).replace("/mihon/", "/beside/")).status_code
        if pattern.startswith(PLAN) and pattern in posted:
            url, data = posted[pattern]
            written[pattern] = owner.post(url, data).status_code

    # 405: what takes a POST alone.
    states = (f"state/{to}/" for to in ("start", "end", "resume", "main"))
    takes_post_alone = ("/paste/", "/decide/", "choose/", "draft/drop/", *states)
    assert {status for key, status in read.items() if key.endswith(takes_post_alone)} == {405}
    assert {status for key, status in read.items() if not key.endswith(takes_post_alone)} == {404}
    assert set(written.values()) == {404}
    assert changed_since(before) == []


def posted_in(world, plan: str) -> dict[str, tuple[str, dict]]:
    """What the planner's browser would post in a plan, made while everything is open there."""
    there = world.in_plan(plan)
    posted = {}
    for pattern, write in OF_A_PLAN.items():
        url = write.url(there, plan)
        posted[pattern] = (url, write.posted(there, url))
    return posted


@pytest.mark.asked_once
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


@pytest.mark.asked_once
def test_nothing_but_a_post_writes(world):
    before = everything_written()
    for pattern, write in WRITES.items():
        url = write.url(world)
        for method in ("get", "head", "put", "patch", "delete"):
            status = getattr(world.planner, method)(url).status_code
            assert status < 500, (method, pattern)

    assert changed_since(before) == []
