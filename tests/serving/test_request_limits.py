"""What a request may look like and how large it may be, before anybody has worked on it."""

import pytest
from django.conf import settings
from waitress.adjustments import Adjustments

from common.spreadsheets.reading import MOST_BYTES
from omuta_strategy.serving.limits import KIB, LIMITS, MIB, MOST_HEADER, OTHERWISE, limit_of
from omuta_strategy.serving.request import Request
from tests.test_every_writing_url import example, only_reads, patterns


def read(raw: bytes) -> Request:
    """The request as it is after these bytes."""
    request = Request(
        Adjustments(max_request_header_size=MOST_HEADER, max_request_body_size=1 << 50)
    )
    request.received(raw)
    return request


def post(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode("latin-1")


@pytest.mark.parametrize("pattern", [one for one in patterns() if not only_reads(one)])
def test_every_page_that_is_posted_to_has_a_limit_of_its_own(pattern):
    assert limit_of(example(pattern)) in LIMITS


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/login/", 64 * KIB),
        ("//login/", 64 * KIB),
        ("/admin/login/", 64 * KIB),
        ("/login/kept/", 20 * MIB),
        ("/login/kept/x", 64 * KIB),
        ("/logout/", 64 * KIB),
        ("/password/", 64 * KIB),
        ("/plans/mihon/entry/2025/import/", 6 * MIB),
        ("/plans/mihon/changes/kpis/new/", 2 * MIB),
        ("/plans/mihon/entry/2025/", 20 * MIB),
        ("/plans/mihon/entry/2025/initiatives/", 20 * MIB),
        ("/plans/mihon/entry/2025/reviews/", 20 * MIB),
        ("/plans/mihon/entry/2025/P1-1/", 2 * MIB),
        ("/plans/mihon/entry/2025/initiatives/P1-1/", 2 * MIB),
        ("/plans/mihon/departments/", 2 * MIB),
        ("/plans/mihon/next/", 2 * MIB),
        ("/reorganisations/new/", 2 * MIB),
        ("/", 64 * KIB),
        ("/healthz", 64 * KIB),
        ("/no/such/page", 64 * KIB),
    ],
)
def test_a_page_takes_what_its_form_needs(path, most):
    assert limit_of(path).most_bytes == most


def test_files_fit_with_the_form_around_them_and_pages_fit_what_django_reads():
    assert limit_of("/plans/mihon/entry/2025/import/").most_bytes > MOST_BYTES
    assert max(one.most_bytes for one in LIMITS) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_a_body_at_the_limit_is_awaited_and_one_above_is_refused_without_it():
    most = OTHERWISE.most_bytes

    waiting = read(post("/", f"Content-Length: {most}"))
    assert (waiting.completed, waiting.error) == (False, None)

    refused = read(post("/", f"Content-Length: {most + 1}"))
    assert refused.completed
    status, headers, body = refused.error.to_response()
    assert status == "413 Request Entity Too Large"
    assert ("Content-Type", "text/plain; charset=utf-8") in headers
    assert body.decode() == (
        "送信された内容が大きすぎます。前のページに戻って、入力し直してください。"
        "何も保存されていません。\n"
    )


def test_nobody_is_told_to_go_on_with_a_refused_body():
    expecting = "Expect: 100-continue"

    assert read(post("/", "Content-Length: 5", expecting)).expect_continue
    assert not read(post("/", "Content-Length: 99999999", expecting)).expect_continue


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (post("/", "Transfer-Encoding: chunked"), 411),
        (post("/", "Transfer-Encoding: gzip"), 501),
        (post("/", "Transfer-Encoding: chunked", "Content-Length: 5"), 400),
        (post("/", "Content-Length: 5", "Transfer-Encoding: chunked"), 400),
        (post("/", "Transfer-Encoding : chunked"), 400),
        (post("/", "Content-Length: 5", "Content-Length: 6"), 400),
        (post("/", "Content-Length: 5", "Content-Length: 5"), 400),
        (post("/", "Content-Length: 5, 5"), 400),
        (post("/", "Content-Length: +5"), 400),
        (post("/", "Content-Length: -5"), 400),
        (post("/", "Content-Length: 0x5"), 400),
        (post("/", "Content-Length: ５".encode().decode("latin-1")), 400),
        (post("/", f"Content-Length: {'9' * 13}"), 400),
        (post("/", f"Content-Length: {'9' * 5000}"), 400),
        (post("/", "no colon"), 400),
        (post("/", "A: b\nContent-Length: 5"), 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[::1 HTTP/1.1\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"GET /" + b"a" * MOST_HEADER, 431),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(raw, status):
    request = read(raw)

    assert request.completed
    assert request.error.code == status
    assert request.error.to_response()[2].decode().endswith("。\n")
