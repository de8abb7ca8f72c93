"""Twenty people save into the same 16 KPIs at once: `python -m benchmarks.stress_recording`.

Prints saves tried, acknowledged (302), refused (409), errors (anything else) and lost
(acknowledged, but not in the history), and exits with 1 if there is any error or loss.
Options: `--writers 20 --saves 500 --servers 2 --postgres`.

It is a script here and no `manage.py` command because a command starts with the settings of
a real installation. This process never loads Django: it makes a throw-away database (a file
of SQLite, or a PostgreSQL started for it) with the city's plan, starts the production server
on it as `make run` does, twice, and lets each writer log in and type like a browser. Each
has saves/writers figures to bring in, going through the KPIs in the same order as the
others; whoever is refused posts again on the version that the refusal shows.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urlencode

from benchmarks.browser import Browser
from benchmarks.entry_form import EntryForm
from benchmarks.installation import Installation, installed
from benchmarks.people import PASSWORD
from benchmarks.server import served

FISCAL_YEAR = 2026
WRITER = "kakite"
_ENTRY = f"/entry/{FISCAL_YEAR}/"
_MOST_SECONDS = 60  # a run that takes longer than that is stuck
_ACKNOWLEDGED, _REFUSED = 302, 409
_REFUSAL = "に更新しました"

# KPI's code, version, value, explanation, login name: what the history has to hold.
Save = tuple[str, int, str, str, str]


@dataclass(slots=True)
class Tally:
    """What one writer met; `errors` says what went wrong, a sentence each."""

    tried: int = 0
    refused: int = 0
    acknowledged: list[Save] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all writers met, and what the history says of it."""

    tried: int
    acknowledged: int
    refused: int
    errors: list[str]
    lost: int
    unasked: int
    twice: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether every save was either kept or refused, and said so."""
        return not (self.errors or self.lost or self.unasked or self.twice)


class Writer:
    """One person: a browser, and the page of each KPI as they saw it last."""

    def __init__(self, number: int, port: int) -> None:
        self.name = writer_name(number)
        self.number = number
        self.browser = Browser(port)
        self.tally = Tally()
        self.seen: dict[str, EntryForm] = {}

    def open_everything(self) -> list[str]:
        """Log in and open every KPI's page; the KPIs' codes."""
        self.browser.log_in(self.name, PASSWORD)
        codes = EntryForm(self.browser.get(_ENTRY).body).codes
        for code in codes:
            self._look(code)
        return codes

    def write(self, saves: int, codes: Sequence[str], deadline: float) -> Tally:
        """Bring in some figures, one KPI after the other; what goes wrong ends it."""
        for at in range(saves):
            try:
                self._bring_in(codes[at % len(codes)], at, deadline)
            except (OSError, HTTPException, AssertionError) as error:
                self.tally.errors.append(f"{self.name}: {type(error).__name__} {str(error)[:300]}")
                break
        return self.tally

    def _bring_in(self, code: str, at: int, deadline: float) -> None:
        value, text = str(1000 * (self.number + 1) + at), f"{self.name}の{at + 1}件目"
        while time.monotonic() < deadline:
            form = self.seen[code]
            form.fields |= {f"{code}-value": value, f"{code}-analysis": text}
            version = int(form.fields[f"{code}-version"])
            self.tally.tried += 1
            status, page = self._post(code, form.fields)
            if status == _ACKNOWLEDGED:
                self.tally.acknowledged.append((code, version + 1, value, text, self.name))
                self._look(code)  # where the redirect leads
                return
            if status != _REFUSED or _REFUSAL not in page.decode():
                raise AssertionError(f"{code}: {status} {page.decode(errors='replace')[:200]}")
            self.tally.refused += 1
            self.seen[code] = EntryForm(page)
        raise AssertionError(f"{code}: not acknowledged within {_MOST_SECONDS} s")

    def _look(self, code: str) -> None:
        self.seen[code] = EntryForm(self.browser.get(f"{_ENTRY}{code}/").body)

    def _post(self, code: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """Send the form; status and page, whatever they are."""
        cookies = self.browser.cookies
        connection = self.browser.connection
        connection.request(
            "POST",
            f"{_ENTRY}{code}/",
            urlencode({"csrfmiddlewaretoken": cookies["csrftoken"]} | fields).encode(),
            {
                "Cookie": "; ".join(f"{name}={text}" for name, text in cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        response = connection.getresponse()
        return response.status, response.read()


def writer_name(number: int) -> str:
    """The login name of one of the writers."""
    return f"{WRITER}{number:02}"


def stress(*, writers: int, saves: int, servers: int, postgres: bool) -> Outcome:
    """Run it once on a database of its own; `saves` of all writers together."""
    with installed("real", postgres=postgres) as installation:
        installation.environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.stress_settings"
        installation.run("-m", "benchmarks.stress_database", "people", str(writers))
        with ExitStack() as stack:
            ports = [stack.enter_context(served(installation)).port for _ in range(servers)]
            tallies, seconds = _write_at_once(writers, saves, ports)
        return outcome_of(installation, tallies, seconds)


def _write_at_once(writers: int, saves: int, ports: list[int]) -> tuple[list[Tally], float]:
    """All log in first, then all write; the seconds are those of the writing."""
    people = [Writer(number, ports[number % len(ports)]) for number in range(writers)]
    shares = [saves // writers + (at < saves % writers) for at in range(writers)]
    with ExitStack() as stack:
        for writer in people:
            stack.callback(writer.browser.connection.close)
        threads = stack.enter_context(ThreadPoolExecutor(writers))
        *_others, codes = threads.map(Writer.open_everything, people)
        start = time.monotonic()
        deadline = start + _MOST_SECONDS
        writing = [
            threads.submit(writer.write, share, codes, deadline)
            for writer, share in zip(people, shares, strict=True)
        ]
        tallies = [one.result() for one in writing]
        return tallies, time.monotonic() - start


def outcome_of(installation: Installation, tallies: list[Tally], seconds: float) -> Outcome:
    """What all writers met in so many seconds, held against the history."""
    acknowledged = [save for tally in tallies for save in tally.acknowledged]
    found = json.loads(
        installation.run(
            "-m", "benchmarks.stress_database", "check", given=json.dumps(acknowledged)
        )
    )
    return Outcome(
        tried=sum(tally.tried for tally in tallies),
        acknowledged=len(acknowledged),
        refused=sum(tally.refused for tally in tallies),
        errors=[error for tally in tallies for error in tally.errors],
        seconds=seconds,
        **found,
    )


def main() -> int:
    """Run it as asked and print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--saves", type=int, default=500, help="of all writers together")
    parser.add_argument("--servers", type=int, default=2, help="processes on the same database")
    parser.add_argument("--postgres", action="store_true", help="a throw-away PostgreSQL")
    asked = parser.parse_args()
    # Stopped from outside it still ends its servers and its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcome = stress(**vars(asked))
    database = "PostgreSQL" if asked.postgres else "SQLite"
    print("| database | writers | tried | acknowledged | refused | errors | lost | s | saves/s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| {database} | {asked.writers} | {outcome.tried} | {outcome.acknowledged}"
        f" | {outcome.refused} | {len(outcome.errors)} | {outcome.lost}"
        f" | {outcome.seconds:.1f} | {outcome.acknowledged / outcome.seconds:.0f} |"
    )
    if outcome.unasked or outcome.twice:
        print(f"written unasked: {outcome.unasked}; versions written twice: {outcome.twice}")
    for error in outcome.errors[:10]:
        print(error, file=sys.stderr)
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
