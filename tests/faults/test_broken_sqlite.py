"""SQLite's server killed while people save, its disk full: nothing acknowledged is lost."""

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.browser import Browser
from benchmarks.entry_form import EntryForm
from benchmarks.installation import installed
from benchmarks.people import PASSWORD
from benchmarks.server import served
from benchmarks.stress_recording import FISCAL_YEAR, Writer, writer_name

pytestmark = pytest.mark.faults

PEOPLE = 8
KILLS = 4


@pytest.fixture(scope="module")
def installation():
    with installed("real", postgres=False) as one:
        one.environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.stress_settings"
        one.run("-m", "benchmarks.stress_database", "people", str(PEOPLE * KILLS))
        yield one


def check(installation, saves):
    found = installation.run("-m", "benchmarks.stress_database", "check", given=json.dumps(saves))
    return json.loads(found)


def test_killed_server_has_lost_nothing_that_it_acknowledged(installation):
    acknowledged = []
    cut_off = 0
    for kill in range(KILLS):
        # Others each time: the same figure again would be acknowledged and write nothing.
        numbers = range(kill * PEOPLE, (kill + 1) * PEOPLE)
        with served(installation) as server, ThreadPoolExecutor(PEOPLE) as threads:
            writers = [Writer(number, server.port) for number in numbers]
            *_, codes = threads.map(Writer.open_everything, writers)
            deadline = time.monotonic() + 60
            writing = [threads.submit(one.write, 10_000, codes, deadline) for one in writers]
            time.sleep(3)
            os.killpg(server.pid, signal.SIGKILL)
            for one in writing:
                one.result()
            for one in writers:
                one.browser.connection.close()
        acknowledged += [save for one in writers for save in one.tally.acknowledged]
        cut_off += sum(bool(one.tally.errors) for one in writers)
    found = check(installation, acknowledged)
    print(f"{KILLS} kills: {len(acknowledged)} acknowledged, {found}")  # noqa: T201 - the figures

    assert len(acknowledged) > 10 * KILLS
    assert (found["lost"], found["twice"]) == (0, 0)
    # Written, and killed before the answer had gone out.
    assert found["unasked"] <= cut_off


@contextmanager
def small_disk(folder: Path, megabytes: int):
    """A file system of its own, if this process may make one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607


def fill(file):
    """Take all the space that there is."""
    size = 1024 * 1024
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        while size:
            try:
                os.write(descriptor, bytes(size))
            except OSError:
                size //= 2
    finally:
        os.close(descriptor)


def save(browser, text):
    """Save a text of P1-1; status, what is said of it, and the page."""
    form = EntryForm(browser.get(f"/plans/omuta-2024-2028/entry/{FISCAL_YEAR}/P1-1/").body)
    form.fields |= {"P1-1-value": "7", "P1-1-analysis": text}
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    browser.connection.request(
        "POST",
        f"/plans/omuta-2024-2028/entry/{FISCAL_YEAR}/P1-1/",
        urlencode(token | form.fields).encode(),
        {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
    )
    response = browser.connection.getresponse()
    return response.status, response.headers["X-Saved"], response.read().decode()


def test_full_disk_refuses_saves_in_words_and_keeps_what_was_saved(installation, tmp_path):
    original = installation.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with small_disk(tmp_path / "disk", 8) as disk:
        copy = disk / "db.sqlite3"
        code = (
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))"
        )
        installation.run("-c", code, original, str(copy))
        environment = installation.environment | {"DATABASE_URL": f"sqlite:///{copy}"}
        with served(type(installation)(environment)) as server:
            browser = Browser(server.port)
            with closing(browser.connection):
                browser.log_in(writer_name(0), PASSWORD)
                assert save(browser, "まだ空きがある")[0] == 302
                filler = disk / "filler"
                fill(filler)
                answers = [save(browser, f"{at}回目" + "説明" * 900) for at in range(8)]
                refused = [one for one in answers if one[0] != 302]
                reading = browser.get("/").body.decode()
                filler.unlink()
                again = save(browser, "また空いた")

    assert refused
    assert {(status, said) for status, said, _ in refused} == {(503, "no")}
    for _, _, page in refused:
        assert "保存する場所に空きがありません" in page
        assert "回目説明説明" in page
    assert "<h1" in reading
    assert again[0] == 302
