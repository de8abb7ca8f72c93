"""One person's browser: a kept connection, cookies and the login form."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.installation import HOST

_FOUND = 200
_REDIRECTED = 302
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took from the first byte sent to the last one read."""

    body: bytes
    milliseconds: float


class Browser:
    """Talks to one server; any answer but the expected one raises AssertionError.

    An address without a plan is asked at the plan's page that it leads to.
    """

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=_SECONDS)
        self.cookies: dict[str, str] = {}
        self.led: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", self.address(path), _FOUND)

    def address(self, path: str) -> str:
        """The path of the page that a path leads to."""
        if path not in self.led:
            self.connection.request("HEAD", path, headers={"Cookie": self._cookies()})
            response = self.connection.getresponse()
            response.read()
            to = response.headers["Location"] or "" if response.status == _REDIRECTED else ""
            self.led[path] = to if to.startswith("/plans/") else path
        return self.led[path]

    def post(self, path: str, fields: dict[str, str], *, by_script: bool = False) -> Answer:
        """Send a form; a redirect answers and is not followed, or to a script parts of the page."""
        fields = {"csrfmiddlewaretoken": self.cookies["csrftoken"]} | fields
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if by_script:
            headers["HX-Request"] = "true"
        expected = _FOUND if by_script else _REDIRECTED
        return self._ask("POST", self.address(path), expected, urlencode(fields).encode(), headers)

    def log_in(self, username: str, password: str) -> None:
        """Through the login form, as everybody."""
        self.get("/login/")
        self.post("/login/", {"username": username, "password": password, "next": "/"})
        self.led.clear()

    def _ask(
        self,
        method: str,
        path: str,
        expected: int,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        headers = {"Cookie": self._cookies()} | (headers or {})
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        received = response.read()
        elapsed = 1000 * (time.perf_counter() - start)
        if response.status != expected:
            text = received.decode(errors="replace")
            raise AssertionError(f"{method} {path}: {response.status}, not {expected}\n{text}")
        self._keep_cookies(response)
        return Answer(received, elapsed)

    def _cookies(self) -> str:
        return "; ".join(f"{name}={text}" for name, text in self.cookies.items())

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
