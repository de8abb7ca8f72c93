"""What is too large or can be read in two ways is refused by the server itself."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from omuta_strategy.serving.limits import KIB, MIB
from tests.faults.serving import read_all

TOO_MUCH = "何も保存されていません。"


@pytest.fixture(scope="module")
def server(environment, tmp_path_factory):
    from tests.faults.serving import serving  # noqa: PLC0415

    with serving(environment, tmp_path_factory.mktemp("server")) as running:
        yield running


def written(server) -> int:
    """Bytes that the server's process has written to anything but its sockets' peers' reads."""
    lines = Path(f"/proc/{server.process.pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def temporary_files(server) -> int:
    """How many files without a name, or in its temporary folder, the server holds open."""
    links = []
    for one in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            links.append(str(one.readlink()))
    return sum(link.startswith(str(server.temporary)) for link in links)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/login/", 64 * KIB),
        ("/plans/mihon/entry/2025/import/", 6 * MIB),
        ("/plans/mihon/entry/2025/", 20 * MIB),
    ],
)
def test_a_body_above_the_limit_is_refused_on_its_header(server, path, most):
    before = written(server)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {most + 1}\r\n\r\n"
    answer = read_all(server.send(head.encode())).decode()

    assert answer.startswith("HTTP/1.1 413 Request Entity Too Large\r\n")
    assert TOO_MUCH in answer
    assert written(server) - before < 10 * KIB
    assert temporary_files(server) == 0


def test_who_sends_two_hundred_megabytes_reads_why_they_were_refused(server):
    before = written(server)
    status, body, _ = server.ask("/login/", "POST", b"a" * 200_000_000)

    assert status == 413
    assert TOO_MUCH in body.decode()
    assert written(server) - before < 10 * KIB
    assert temporary_files(server) == 0


def test_bodies_within_the_limit_are_kept_off_the_disk_and_bounded_together(server):
    """Thirty files, each but for its last byte: 180 MB, of which the oldest have to go."""
    size = 6 * MIB
    page = "/plans/mihon/entry/2025/import/"
    head = f"POST {page} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
    senders, connections = [], [server.connect() for _ in range(30)]
    for one in connections:

        def send(one=one):
            with suppress(OSError):  # it had to go
                one.sendall(head.encode() + b"a" * (size - 1))

        senders.append(threading.Thread(target=send))
        senders[-1].start()
    for sender in senders:
        sender.join()
    status, _, seconds = server.ask("/login/")
    resident = Path(f"/proc/{server.process.pid}/status").read_text()

    assert (status, seconds < 3) == (200, True)
    assert temporary_files(server) == 0
    peak = next(line for line in resident.splitlines() if line.startswith("VmHWM"))
    assert int(peak.split()[1]) * KIB < 500 * MIB


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\n", 400),
        (
            (
                b"POST /login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            400,
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"\x00\x01\x02\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000, 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n", 501),
    ],
)
def test_a_request_behind_a_refused_one_is_never_answered(server, raw, status):
    answer = read_all(server.send(raw + b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.")
    assert answer.split()[1] == str(status).encode()
    assert answer.count(b"HTTP/1.") == 1
    assert not answer.endswith(b"ok")


def test_who_waits_for_leave_to_send_gets_the_refusal_instead(server):
    head = b"Host: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
    answer = read_all(server.send(b"POST /login/ HTTP/1.1\r\n" + head))

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_what_is_refused_is_in_the_log_on_one_line(server):
    read_all(server.send(b"POST /a%0Aforged HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"))

    assert "Refused with 413: POST '/a\\nforged' from 127.0.0.1\n" in server.log
