"""Several processes: each is replaced when it dies, and none outlives the first."""

import os
import signal
import time

from tests.faults.serving import lives, wait_for


def test_a_killed_worker_is_replaced_and_the_others_answer_meanwhile(serve):
    with serve("--workers=2") as server:
        first = set(server.workers)
        assert len(first) == 2
        killed = min(first)
        os.kill(killed, signal.SIGKILL)
        statuses = {server.ask("/login/")[0] for _ in range(20)}
        workers = wait_for(lambda: len(set(server.workers) - {killed}) == 2 and server.workers)
        later = {server.ask("/login/")[0] for _ in range(20)}
        assert f"Worker {killed} died and is replaced" in server.log

    assert statuses == later == {200}
    assert len(set(workers) & first) == 1


def test_workers_that_die_young_are_replaced_ever_more_slowly(serve):
    with serve("--workers=2") as server:
        pauses = []
        for _ in range(3):
            victim = max(server.workers)
            os.kill(victim, signal.SIGKILL)
            begun = time.monotonic()
            wait_for(lambda gone=victim: len(set(server.workers) - {gone}) == 2)
            pauses.append(time.monotonic() - begun)
        assert server.ask("/login/")[0] == 200

    assert [round(pause) for pause in pauses] == sorted(round(pause) for pause in pauses)
    assert pauses[2] > 5


def test_workers_end_with_their_parent_and_leave_the_port(serve):
    with serve("--workers=2") as server:
        workers = server.workers
        os.kill(server.process.pid, signal.SIGKILL)
        wait_for(lambda: not any(map(lives, workers)), 10)
        with serve("--workers=2", f"--port={server.port}") as next_one:
            assert next_one.ask("/login/")[0] == 200


def test_processes_count_what_they_answer_as_one(serve):
    with serve("--workers=2", METRICS="1") as server:
        for _ in range(20):
            assert server.ask("/login/")[0] == 200
        os.kill(server.workers[0], signal.SIGKILL)
        wait_for(lambda: "is replaced" in server.log)
        text = server.ask("/metrics")[1].decode()

    assert 'omuta_requests_total{method="GET",status="200",view="login"} 20.0' in text
    assert not list(server.temporary.glob("omuta-metrics-*"))
