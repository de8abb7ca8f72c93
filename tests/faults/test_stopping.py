"""Told to stop, the server finishes what it has begun."""

import socket
import threading
import time

import pytest

from omuta_strategy.serving import limits
from tests.faults.serving import HOST, read_all, wait_for

KEPT = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def refuses(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((HOST, port)) != 0


@pytest.mark.parametrize("workers", [1, 2])
def test_requests_that_run_are_answered_and_new_ones_are_not_taken(serve, workers):
    answers = []
    with serve(f"--workers={workers}") as server:
        kept = server.send(KEPT)  # a browser that keeps its connection
        kept.recv(65536)
        asking = [
            threading.Thread(
                target=lambda: answers.append(server.ask("/slow/?seconds=3", "POST", b"abc")[:2])
            )
            for _ in range(3)
        ]
        for one in asking:
            one.start()
        time.sleep(1)
        server.process.terminate()
        wait_for(lambda: refuses(server.port), 2)
        assert server.process.poll() is None
        for one in asking:
            one.join()
        assert server.process.wait(5) == 0
        assert server.log.endswith("Stopped.\n")

    assert answers == [(200, b"done: 3")] * 3


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_with_nothing_to_do_stops_at_once(serve, workers):
    with serve(f"--workers={workers}") as server:
        kept = server.send(KEPT)
        kept.recv(65536)
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 3


def test_a_request_that_is_being_sent_is_awaited(serve):
    with serve() as server:
        head = b"POST /slow/?seconds=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8\r\n\r\n"
        one = server.send(head + b"half")
        time.sleep(0.5)
        server.process.terminate()
        time.sleep(1)
        one.sendall(b"half")
        answer = read_all(one)
        assert server.process.wait(5) == 0

    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"done: 8")


def test_who_is_never_done_does_not_keep_it_from_stopping(serve):
    with serve() as server:
        for _ in range(130):
            server.send(KEPT[:-2])
        server.send(b"GET /slow/?seconds=300 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(1)
        begun = time.monotonic()
        assert server.stop() == 0
        assert limits.STOP_SECONDS <= time.monotonic() - begun < limits.STOP_SECONDS + 5
        assert "Cut off as the server had to stop: GET '/slow/' from 127.0.0.1" in server.log
