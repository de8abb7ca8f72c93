"""A database that somebody else holds: who only reads or asks how it goes does not wait."""

import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from kpis.models import YearlyActual
from omuta_strategy.database.outage import DATABASE, WRITERS, Outage
from omuta_strategy.database.time_outs import (
    is_command,
    postgresql_options,
    sqlite_options,
)
from omuta_strategy.database.trouble import Refused, Trouble, trouble_of
from tests.entry_forms import typed
from tests.factories import PASSWORD, make_plan
from tests.test_settings import NO_DATABASE, get

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 0.3  # s, in place of five


@pytest.fixture(autouse=True)
def impatient(transactional_db):
    """A connection that waits little, and a process that knows of no trouble."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout={round(WAIT * 1000)}")
        else:
            cursor.execute(f"SET lock_timeout={round(WAIT * 1000)}")
    yield
    for outage in (DATABASE, WRITERS):
        outage.answered()
    connection.close()


@contextmanager
def somebody_else_writes():
    """Hold what every save needs: SQLite's one lock, or on PostgreSQL the KPIs' rows."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.isolation_level = None
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(**_conninfo()) as other:
        other.execute("SELECT * FROM kpis_kpi FOR UPDATE")
        yield
        other.rollback()


def _conninfo():
    params = connection.get_connection_params()
    return {name: params[name] for name in ("dbname", "user", "password", "host") if name in params}


def seconds(act):
    start = time.monotonic()
    answer = act()
    return answer, time.monotonic() - start


def test_save_waits_a_little_and_is_told_to_come_back(planner, kikaku):
    make_plan(kikaku)
    planner.raise_request_exception = False
    with somebody_else_writes():
        answer, took = seconds(
            lambda: planner.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "31"}))
        )

    html = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["X-Saved"] == "no"
    assert WAIT * 0.5 < took < WAIT + 5
    assert "<h1>ただいま混み合っています</h1>" in html
    assert "この送信では、何も保存していません。" in html
    assert answer.headers["X-Request-Id"] in html
    assert not YearlyActual.objects.filter(fiscal_year=2026).exists()
    # The same again goes through once the other one is done.
    time.sleep(WRITERS.try_again)
    assert (
        planner.post("/plans/mihon/entry/2026/P1-1/", typed(P1_1={"value": "31"})).status_code
        == 302
    )


def test_script_is_told_in_words_what_is_known(planner, kikaku):
    make_plan(kikaku)
    planner.raise_request_exception = False
    with somebody_else_writes():
        answer = planner.post(
            "/plans/mihon/entry/2026/P1-1/",
            typed(P1_1={"value": "31"}),
            headers={"HX-Request": "true"},
        )

    assert (answer.status_code, answer.headers["X-Saved"]) == (503, "no")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "ただいま混み合っています。この送信では、何も保存していません。"
        f"（番号 {answer.headers['X-Request-Id']}）"
    )


def test_reading_takes_no_lock(planner, kikaku):
    plan = make_plan(kikaku)
    paths = (
        "/plans/mihon/",
        "/plans/mihon/projects/",
        "/plans/mihon/kpis/P1-1/",
        "/plans/mihon/entry/2026/",
        "/plans/mihon/history/",
        "/plans/mihon/reports/2025/annual-report.csv",
        "/admin/kpis/kpi/",
        f"/admin/projects/strategy/{plan.pk}/change/",
    )
    with somebody_else_writes():
        statuses = {path: planner.get(path).status_code for path in paths}

    # Whoever had to wait for the lock would be answered 503.
    assert set(statuses.values()) == {200}, statuses


def test_login_while_somebody_writes_is_answered(client, kikaku):
    client.raise_request_exception = False
    with somebody_else_writes():
        assert client.get("/login/").status_code == 200
        answer, took = seconds(
            lambda: client.post("/login/", {"username": "kikaku", "password": PASSWORD})
        )

    assert took < 5
    if connection.vendor == "postgresql":
        assert answer.url == "/"
    else:  # a login writes, and SQLite has one writer
        assert answer.status_code == 503
        assert "ただいま混み合っています" in answer.content.decode()
        assert PASSWORD not in answer.content.decode()
        assert "何も保存していません" not in answer.content.decode()


def test_monitoring_is_answered_while_somebody_writes(client):
    with somebody_else_writes():
        alive = client.get("/healthz")
        ready, took = seconds(lambda: client.get("/readyz"))

    assert (alive.status_code, alive.content) == (200, b"ok")
    assert ready.content.decode() == "database ok\nwritable ok\nmigrated ok\nspace ok\n"
    assert took < 5


def test_writers_do_not_queue_up_behind_one_who_waited_in_vain(planner, kikaku):
    if connection.vendor != "sqlite":
        pytest.skip("a row of PostgreSQL's keeps only those waiting who need it")
    make_plan(kikaku)
    planner.raise_request_exception = False
    with somebody_else_writes():
        planner.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "31"}))
        answer, took = seconds(
            lambda: planner.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "32"}))
        )

    assert answer.status_code == 503
    assert took < WAIT


def test_outage_lets_one_try_at_a_time_and_is_told_once(caplog):
    outage = Outage(Trouble.DOWN, try_again=60, is_told=True)
    outage.refuse_while_down()  # nobody knows of any trouble yet
    first = outage.failed(OSError("connection refused"), "aaaa-111111")
    with pytest.raises(Refused) as refused:
        outage.refuse_while_down()
    second = outage.failed(refused.value, "bbbb-222222")

    assert first == second == "aaaa-111111"
    assert trouble_of(refused.value) is Trouble.DOWN
    assert [record.getMessage() for record in caplog.records] == [
        "The database is down; requests answered 503 since the last line: 1. connection refused"
    ]
    outage.answered()
    outage.refuse_while_down()
    assert caplog.records[-1].getMessage() == (
        "The database answers again after 0 s; more requests answered 503: 1."
    )


def test_commands_wait_as_long_as_it_takes():
    assert is_command(["manage.py", "migrate"])
    assert is_command(["/srv/app/manage.py", "backup", "DIR"])
    assert not is_command(["manage.py", "serve"])
    assert not is_command(["/usr/bin/waitress-serve", "omuta_strategy.wsgi:application"])

    options = postgresql_options(5, ["manage.py", "migrate"])
    assert "options" not in options
    assert "answer_within" not in options
    assert sqlite_options(5, ["manage.py", "migrate"])["timeout"] == 60
    assert sqlite_options(5, ["manage.py", "serve"])["timeout"] == 5
    serving = postgresql_options(5, ["manage.py", "serve"])
    assert serving["options"] == (
        "-c lock_timeout=5000 -c statement_timeout=15000"
        " -c idle_in_transaction_session_timeout=60000"
    )
    assert (serving["connect_timeout"], serving["answer_within"]) == (5, 20)


def test_page_says_that_the_database_is_not_there():
    content_type, caching, _, *page = get("/login/", DATABASE_URL=NO_DATABASE, HTTPS="0", DEMO="1")

    # Without collectstatic it has no looks, and comes all the same.
    assert page[0].startswith("503 <!doctype html>")
    assert "データベースにつながりません" in "\n".join(page).partition("</title>")[0]
    assert (content_type, caching) == ("text/html; charset=utf-8", "private, no-store")


def test_readyz_says_that_a_database_is_not_migrated(tmp_path):
    lines = get("/readyz", DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")[3:]

    assert lines == ["503 database ok", "writable ok", "migrated no", "space ok", ""]


def test_settings_are_those_of_the_environment():
    options = settings.DATABASES["default"]["OPTIONS"]

    assert options.get("timeout") == 5 or options["answer_within"] == 20
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            found = [
                cursor.execute(f"SHOW {name}").fetchone()[0]
                for name in ("lock_timeout", "statement_timeout")
            ]
        assert found == ["5s", "15s"]
