"""Whoever sends or reads slowly, or not at all, stops nobody and doesn't stay."""

import threading
import time
from contextlib import contextmanager, suppress

import pytest

from omuta_strategy.serving import limits
from tests.faults.serving import is_closed, wait_for

HALF_A_LOGIN = (
    b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    # With it Django reads the form, to look for the token in it.
    b"Cookie: csrftoken=abcdefghijklmnopqrstuvwxyz012345\r\n\r\nusername=kikaku&pass"
)
HALF_A_HEADER = b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "
MUCH = b"GET /much/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# Bytes to begin with, and whether more drips in.
ATTACKS = {
    "says nothing": (b"", False),
    "half a header": (HALF_A_HEADER, False),
    "half a body": (HALF_A_LOGIN, False),
    "a dripping header": (HALF_A_HEADER, True),
    "a dripping body": (HALF_A_LOGIN, True),
    "does not read": (MUCH, False),
}
SOON = 3  # seconds, on a busy machine


@contextmanager
def attacked(server, count, begins, *, drips):
    """So many connections that begin like this, some bytes from each every now and then."""
    connections = [server.send(begins, buffer=4096) for _ in range(count)]
    over = threading.Event()

    def drip():
        while not over.wait(0.3):
            for one in connections:
                with suppress(OSError):  # it was closed, as it should be
                    one.send(b"a")

    thread = threading.Thread(target=drip)
    if drips:
        thread.start()
    try:
        yield connections
    finally:
        over.set()
        if drips:
            thread.join()
        for one in connections:
            one.close()


@pytest.mark.parametrize("count", [4, 130])
@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_connections_stop_neither_people_nor_monitoring(serve, attack, count):
    begins, drips = ATTACKS[attack]
    with serve() as server, attacked(server, count, begins, drips=drips):
        time.sleep(1)
        server.ask("/login/")  # behind what the attackers asked for, if they did
        answers = [server.ask(path) for path in ("/healthz", "/login/") for _ in range(5)]

    assert [status for status, _, _ in answers] == [200] * 10
    assert max(seconds for _, _, seconds in answers) < SOON


@pytest.mark.parametrize(
    ("program", "least", "most"),
    [("manage.py", 900, 1000), ("tests/faults/manage_without_poll.py", 400, 480)],
    ids=["poll", "select"],
)
def test_a_thousand_connections_and_more_give_way_to_who_asks(serve, program, least, most):
    with serve(program=program) as server:
        silent = [server.connect() for _ in range(1500)]
        answers = [server.ask("/login/") for _ in range(5)]
        still_open = sum(not is_closed(one) for one in silent)

    assert [status for status, _, _ in answers] == [200] * 5
    assert max(seconds for _, _, seconds in answers) < SOON
    assert least <= still_open <= most


def test_nobody_stays_longer_than_a_request_and_its_answer_take(serve):
    with serve() as server:
        begun = time.monotonic()
        closed = {}
        with (
            attacked(server, 2, HALF_A_HEADER, drips=True) as headers,
            attacked(server, 2, HALF_A_LOGIN, drips=True) as bodies,
            attacked(server, 2, b"", drips=False) as silent,
            attacked(server, 2, MUCH, drips=False) as readers,
        ):
            waiting = {"header": headers, "body": bodies, "silence": silent}
            while waiting and time.monotonic() - begun < limits.RECEIVE_SECONDS + 20:
                time.sleep(0.5)
                for name, connections in list(waiting.items()):
                    if all(is_closed(one) for one in connections):
                        closed[name] = time.monotonic() - begun
                        del waiting[name]
            # To try whether it is closed would be to read: the server's end is looked at.
            ports = {one.getsockname()[1] for one in readers}
            assert ports <= server.peers
            wait_for(lambda: not ports & server.peers, 90)
            closed["reader"] = time.monotonic() - begun

    assert limits.HEADER_SECONDS <= closed["header"] < limits.HEADER_SECONDS + 15
    assert limits.IDLE_SECONDS <= closed["silence"] < limits.IDLE_SECONDS + 5
    assert limits.RECEIVE_SECONDS <= closed["body"] < limits.RECEIVE_SECONDS + 15
    assert limits.ANSWER_SECONDS <= closed["reader"] < limits.ANSWER_SECONDS + 15
