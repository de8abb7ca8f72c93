"""What a proxy says of its client is believed where PROXY is on, and nowhere else."""

from urllib.parse import urlencode

import pytest

HTTPS = {"X-Forwarded-Proto": "https"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def log_in_wrongly(server, address: str) -> int:
    """The status of an attempt with a wrong password, said to come from an address."""
    from http.client import HTTPConnection  # noqa: PLC0415

    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/login/")
    page = connection.getresponse()
    token = page.headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
    page.read()
    fields = {"csrfmiddlewaretoken": token, "username": "kikaku", "password": "wrong"}
    headers = FORM | {"Cookie": f"csrftoken={token}", "X-Forwarded-For": f"203.0.113.9, {address}"}
    connection.request("POST", "/login/", urlencode(fields), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_pages_over_https_do_not_redirect_to_themselves(serve):
    with serve(PROXY="1", HTTPS="1") as server:
        assert server.ask("/login/", **HTTPS)[0] == 200
        assert server.ask("/login/")[0] == 301


def test_without_a_proxy_nobody_passes_for_https(serve):
    with serve(PROXY="0", HTTPS="1") as server:
        assert server.ask("/login/", **HTTPS)[0] == 301


@pytest.mark.parametrize(("proxy", "elsewhere"), [("1", 200), ("0", 429)])
def test_a_lock_out_is_of_the_address_that_the_proxy_saw(serve, proxy, elsewhere):
    first, second = ("192.0.2.7", "192.0.2.8") if proxy == "1" else ("192.0.2.9", "192.0.2.10")
    with serve(PROXY=proxy) as server:
        attempts = [log_in_wrongly(server, first) for _ in range(5)]
        assert attempts[-1] == 429
        assert log_in_wrongly(server, second) == elsewhere
