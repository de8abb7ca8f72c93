"""PostgreSQL stopped, killed, cut, silent, held: nobody else stops, and nothing is lost."""

import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
import pytest

from benchmarks.browser import Browser
from benchmarks.entry_form import EntryForm
from benchmarks.installation import installed
from benchmarks.people import PASSWORD
from benchmarks.server import served
from benchmarks.stress_recording import FISCAL_YEAR, Writer, writer_name
from tests.faults.cable import Cable

pytestmark = pytest.mark.faults

WAIT = 1  # s, in place of five
# A silent server is given up after four times that; then a page is made.
LONGEST = 4 * WAIT + 3
PEOPLE = 6


@dataclass
class Setting:
    """The app on a PostgreSQL of its own, at the end of a cable."""

    port: int
    direct: str
    cable: Cable
    check: Callable[[list], dict[str, int]]
    # Of all tests so far, as the history has all of them.
    acknowledged: list = field(default_factory=list)
    unknown: int = 0

    @property
    def postmaster(self) -> int:
        with psycopg.connect(self.direct) as connection:
            folder = connection.execute("SHOW data_directory").fetchone()[0]
        return int((Path(folder) / "postmaster.pid").read_text().split("\n")[0])

    def processes(self) -> list[int]:
        first = self.postmaster
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
        return [first, *map(int, children.split())]


@pytest.fixture(scope="module")
def setting():
    with installed("real", postgres=True) as installation:
        direct = installation.environment["DATABASE_URL"]
        folder = parse_qs(urlsplit(direct).query)["host"][0]
        cable = Cable(f"{folder}/.s.PGSQL.5432")
        installation.environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.stress_settings"
        installation.run("-m", "benchmarks.stress_database", "people", str(PEOPLE))
        far = replace(
            installation,
            environment=installation.environment
            | {
                "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{cable.port}/postgres",
                "DATABASE_WAIT": str(WAIT),
            },
        )

        def check(saves):
            found = installation.run(
                "-m", "benchmarks.stress_database", "check", given=json.dumps(saves)
            )
            return json.loads(found)

        with served(far) as server:
            yield Setting(server.port, direct, cable, check)
        cable.close()


def tell(pids, what):
    for pid in pids:
        with suppress(ProcessLookupError):  # one that only looked after the tables has ended
            os.kill(pid, what)


@contextmanager
def stopped(setting):
    """Every process of the server frozen, its kernel still polite."""
    pids = setting.processes()
    tell(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        tell(pids, signal.SIGCONT)


@contextmanager
def silent(setting):
    setting.cable.fall_silent()
    try:
        yield
    finally:
        setting.cable.end_all()
        setting.cable.mend()


@contextmanager
def cut(setting):
    setting.cable.cut()
    try:
        yield
    finally:
        setting.cable.mend()


@contextmanager
def killed(setting):
    """One of the server's processes killed: it ends all others, and recovers by itself."""
    with psycopg.connect(setting.direct) as connection:
        pid = connection.info.backend_pid
        os.kill(pid, signal.SIGKILL)
    yield


def ask(setting, path, cookies=None):
    """Status and seconds of a page; no answer at all is an error."""
    browser = Browser(setting.port)
    browser.connection.timeout = LONGEST * 3
    begun = time.monotonic()
    headers = "; ".join(f"{name}={text}" for name, text in (cookies or {}).items())
    with closing(browser.connection):
        browser.connection.request("GET", path, headers={"Cookie": headers})
        response = browser.connection.getresponse()
        body = response.read()
    return response.status, body, time.monotonic() - begun


def eventually(setting, cookies, seconds=30):
    deadline = time.monotonic() + seconds
    while ask(setting, "/", cookies)[0] != 200:
        assert time.monotonic() < deadline, "the app never came back"
        time.sleep(0.3)


@pytest.fixture
def person(setting):
    """Somebody who has logged in."""
    browser = Browser(setting.port)
    with closing(browser.connection):
        browser.log_in(writer_name(0), PASSWORD)
        eventually(setting, browser.cookies)
        yield browser


@pytest.mark.parametrize("trouble", [stopped, silent, cut])
def test_pages_are_answered_while_the_database_says_nothing(setting, person, trouble):
    with trouble(setting), ThreadPoolExecutor(12) as crowd:
        begun = time.monotonic()
        pages = list(crowd.map(lambda _: ask(setting, "/", person.cookies), range(12)))
        first = time.monotonic() - begun
        alive = [ask(setting, "/healthz") for _ in range(3)]
        ready = ask(setting, "/readyz")
        later = [ask(setting, "/", person.cookies) for _ in range(4)]

    assert {status for status, _, _ in pages} == {503}
    assert all("データベースにつながりません" in body.decode() for _, body, _ in pages)
    assert first < LONGEST
    assert [(status, body) for status, body, _ in alive] == [(200, b"ok")] * 3
    assert max(took for _, _, took in alive) < 1
    assert ready[0] == 503
    assert ready[2] < 4
    # One of them at most is the one that tries again.
    assert sorted(took for _, _, took in later)[-2] < 1
    eventually(setting, person.cookies)


@pytest.mark.parametrize("trouble", [stopped, silent, cut, killed])
def test_nothing_acknowledged_is_lost(setting, trouble):
    writers = [PatientWriter(number, setting.port) for number in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as threads:
        *_, codes = threads.map(PatientWriter.open_everything, writers)
        until = time.monotonic() + 3 + LONGEST + 6
        tasks = [threads.submit(one.keep_writing, codes, until) for one in writers]
        time.sleep(3)
        with trouble(setting):
            time.sleep(LONGEST)
        for task in tasks:
            task.result()
        for one in writers:
            one.browser.connection.close()
    acknowledged = [save for one in writers for save in one.tally.acknowledged]
    setting.acknowledged += acknowledged
    disowned = [save for one in writers for save in one.disowned]
    unknown = sum(one.unknown for one in writers)
    setting.unknown += unknown
    found = setting.check(setting.acknowledged)
    print(  # noqa: T201 - the figures of the run
        f"{trouble.__name__}: {len(acknowledged)} acknowledged, {len(disowned)} not saved,"
        f" {unknown} to be looked up, {found}"
    )

    assert len(acknowledged) > 2 * PEOPLE
    assert (found["lost"], found["twice"]) == (0, 0)
    # What was called not saved is not in the history; only what is to be looked up may be.
    assert setting.check(disowned)["lost"] == len(disowned)
    assert found["unasked"] <= setting.unknown


class PatientWriter(Writer):
    """A writer who notes what the app says of a save that failed, and goes on."""

    def __init__(self, number: int, port: int) -> None:
        super().__init__(number, port)
        self.disowned: list = []
        self.unknown = 0
        self.at = 1000 * int(time.time())

    def keep_writing(self, codes, until):
        while time.monotonic() < until:
            self.at += 1
            code = codes[self.at % len(codes)]
            self._save(code)

    def _save(self, code):
        value, text = str(self.at % 100_000), f"{self.name} {self.at}"
        form = self.seen[code]
        form.fields |= {f"{code}-value": value, f"{code}-analysis": text}
        version = int(form.fields[f"{code}-version"])
        save = (code, version + 1, value, text, self.name)
        status, said, page = self._send(code, form.fields)
        if status == 302:
            self.tally.acknowledged.append(save)
        elif status == 409:
            self.seen[code] = EntryForm(page)
            return
        elif said == "no":
            assert status == 503, status
            self.disowned.append(save)
            assert text in page.decode()
        else:
            assert (status, said) == (503, "unknown"), (status, said, page[:500])
            self.unknown += 1
        self._look_again(code)

    def _send(self, code, fields):
        cookies = self.browser.cookies
        self.browser.connection.request(
            "POST",
            f"/plans/omuta-2024-2028/entry/{FISCAL_YEAR}/{code}/",
            urlencode({"csrfmiddlewaretoken": cookies["csrftoken"]} | fields).encode(),
            {
                "Cookie": "; ".join(f"{name}={text}" for name, text in cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        response = self.browser.connection.getresponse()
        return response.status, response.headers["X-Saved"], response.read()

    def _look_again(self, code):
        """Open the page anew, as somebody does who was told to come back."""
        for _ in range(200):
            try:
                self._look(code)
            except AssertionError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the page never came back")


def test_lock_of_somebody_else_holds_up_nobody_who_reads(setting, person):
    writer = PatientWriter(2, setting.port)
    login = Browser(setting.port)
    with closing(writer.browser.connection), closing(login.connection):
        codes = writer.open_everything()
        with psycopg.connect(setting.direct) as other, ThreadPoolExecutor(1) as thread:
            other.execute("SELECT * FROM projects_strategy FOR UPDATE")
            other.execute("SELECT * FROM kpis_kpi FOR UPDATE")
            saving = thread.submit(writer._save, codes[0])
            reading = [ask(setting, "/", person.cookies) for _ in range(5)]
            login.log_in(writer_name(3), PASSWORD)
            saving.result()
            other.rollback()

    assert {status for status, _, _ in reading} == {200}
    assert len(writer.disowned) == 1
    assert not writer.tally.acknowledged
