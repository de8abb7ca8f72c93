"""The log: a line for each page, one for a login, and who asked for what."""

import io
import json
import logging
from datetime import datetime

import pytest

from omuta_strategy.logs import JsonFormatter, PlainFormatter
from omuta_strategy.watching import Watch, current
from tests.factories import PASSWORD, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the root logger's stream gets, as JSON; called, it gives the lines so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_page_is_one_line(planner, kikaku, lines):
    make_plan(kikaku)
    answer = planner.get("/plans/mihon/kpis/?fy=2025")

    (line,) = lines()
    moment = datetime.fromisoformat(line.pop("time"))
    assert moment.utcoffset().total_seconds() == 9 * 3600
    assert line.pop("ms") > 0
    assert line == {
        "level": "INFO",
        "logger": "omuta_strategy.requests",
        "message": "GET /plans/mihon/kpis/ 200",
        "request": answer.headers["X-Request-Id"],
        "user": "kikaku",
        "method": "GET",
        "path": "/plans/mihon/kpis/",
        "address": "127.0.0.1",
        "status": 200,
    }


def test_login_is_one_line(client, kikaku, lines):
    client.post("/login/", {"username": "kikaku", "password": PASSWORD})
    client.post("/logout/")

    assert [(line["message"], line["user"]) for line in lines()] == [
        ("login", "kikaku"),
        ("logout", "kikaku"),
    ]


def test_failed_login_and_lock_out_are_one_line_each(client, kikaku, lines):
    for _attempt in range(6):
        client.post("/login/", {"username": "kikaku", "password": "wrong"})

    told = [(line["message"], line["user"], line["status"]) for line in lines()]
    assert told == [
        *[("login failed", "kikaku", 200)] * 4,
        *[("login locked out", "kikaku", 429)] * 2,
    ]
    assert "wrong" not in json.dumps(lines())


def test_exception_is_one_line_with_its_traceback(planner, monkeypatch, lines):
    def fault(*_):
        raise RuntimeError("a fault\nof ours")

    monkeypatch.setattr("kpis.plan_pages.plans_of", fault)
    planner.raise_request_exception = False
    planner.get("/plans/mihon/kpis/")

    first, second = lines()
    assert first["message"] == "Internal Server Error: /plans/mihon/kpis/"
    assert first["exception"].endswith("RuntimeError: a fault\nof ours")
    assert second["message"] == "GET /plans/mihon/kpis/ 500"
    assert first["request"] == second["request"]


@pytest.mark.django_db(transaction=True)
def test_machines_that_ask_all_the_time_are_not_told_of(client, lines):
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)

    assert lines() == []


def test_number_of_the_proxy_is_taken_only_from_a_proxy(client, settings):
    sent = {"X-Request-Id": "proxy-0001"}

    assert client.get("/login/", headers=sent).headers["X-Request-Id"] != "proxy-0001"
    settings.PROXY = True
    assert client.get("/login/", headers=sent).headers["X-Request-Id"] == "proxy-0001"
    forged = {"X-Request-Id": "a\tb<script>"}
    assert "<" not in client.get("/login/", headers=forged).headers["X-Request-Id"]


def test_address_is_the_clients_behind_a_proxy(client, settings, lines):
    seen = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}
    client.get("/login/", headers=seen)
    settings.PROXY = True
    client.get("/login/", headers=seen)

    assert [line["address"] for line in lines()] == ["127.0.0.1", "192.0.2.7"]


def test_plain_line_stays_one_line(rf):
    watch = Watch(rf.get("/plans/mihon/kpis/%0aERROR%20forged"), "abcd-123456")
    record = logging.makeLogRecord({"msg": "GET %s", "args": (watch.request.path,)})
    token = current.set(watch)
    line = PlainFormatter().format(record)
    current.reset(token)

    assert "\n" not in line
    assert r"GET /plans/mihon/kpis/\nERROR forged [abcd-123456 127.0.0.1]" in line
