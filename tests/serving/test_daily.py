"""What falls due on a day is begun once a day, and again only where it failed."""

import sys
from datetime import date

import pytest

from omuta_strategy.serving import daily
from omuta_strategy.serving.daily import Daily

HOUR = 3600


@pytest.fixture
def clock(monkeypatch):
    """The day in Tokyo and the seconds since some moment, to be set."""
    now = {"day": date(2026, 4, 1), "seconds": 0.0}
    monkeypatch.setattr(daily.timezone, "localdate", lambda: now["day"])
    monkeypatch.setattr(daily.time, "monotonic", lambda: now["seconds"])
    return now


def of(code: str) -> Daily:
    days = Daily("daily")
    assert days.arguments[2:] == ["daily"]
    days.arguments = [sys.executable, "-c", code]
    return days


def begins(days: Daily) -> bool:
    """Whether a tick begins a run, which is then over."""
    days.tick()
    if days.process is None:
        return False
    days.process.wait()
    days.tick()
    return True


def test_it_runs_at_the_start_and_once_after_each_midnight(clock):
    days = of("")

    assert begins(days)
    assert not begins(days)
    clock["day"] = date(2026, 4, 2)
    assert begins(days)
    assert not begins(days)


def test_a_run_that_fails_is_logged_and_tried_again_after_an_hour(clock, caplog):
    days = of("raise SystemExit(3)")

    assert begins(days)
    assert caplog.messages == ["The day's run (raise SystemExit(3)) ended with 3."]
    clock["seconds"] = HOUR - 1
    assert not begins(days)
    clock["seconds"] = HOUR
    assert begins(days)


def test_a_program_that_cannot_be_started_is_logged_and_tried_again(clock, caplog):
    days = of("")
    days.arguments[0] = "/no/such/program"

    assert not begins(days)
    assert caplog.messages == ["The day's run could not be started."]
    days.arguments[0] = sys.executable
    assert not begins(days)
    clock["seconds"] = HOUR
    assert begins(days)


def test_a_run_that_goes_on_is_ended_with_the_server(clock):
    days = of("import time; time.sleep(60)")
    days.tick()
    days.tick()

    days.stop()

    assert days.process.returncode
