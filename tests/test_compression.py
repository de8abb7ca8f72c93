"""What travels compressed: pages and other texts, and never a file of a report."""

import gzip
import hashlib
import re

import pytest

from kpis.recording import close_years_through
from reports.annual.editions import issue_edition
from reports.formats import FORMATS
from tests.factories import make_plan
from tests.made_once import made_once

YEAR = 2025
DRAFT = f"/plans/mihon/reports/{YEAR}/"
EDITION = f"/plans/mihon/reports/{YEAR}/editions/1/"
FORM_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
GZIP = b"\x1f\x8b"
# In its header: a file name stands before the data, Django's bytes at random.
HAS_NAME = 0x08


@pytest.fixture
@made_once
def edition(kikaku):
    """An edition of 令和7年度, in a plan that has everything on every page."""
    plan = make_plan(kikaku, projects=6)  # so that no file is too short to shrink
    close_years_through(plan, YEAR, user=kikaku)
    return issue_edition(plan, YEAR, user=kikaku)


def packed(client, path):
    """A path as a browser asks for it."""
    return client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})


def body_of(response):
    """All bytes of a response, streamed ones too, without a form's ever new token."""
    return FORM_TOKEN.sub(b"", response.getvalue())


def unpacked(response):
    return FORM_TOKEN.sub(b"", gzip.decompress(response.getvalue()))


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/",
        "/plans/mihon/kpis/P1-1/",
        EDITION,
        "/plans/mihon/reports/2027/",
        "/nothing/",
    ],
)
def test_page_travels_compressed_and_is_the_same_page(planner, edition, path):
    response = packed(planner, path)

    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Length"] == str(len(response.content))
    assert "Accept-Encoding" in response["Vary"]
    assert unpacked(response) == body_of(planner.get(path))
    assert len(response.content) < len(planner.get(path).content)


def test_pages_size_tells_nothing_exact(planner, edition):
    assert packed(planner, "/plans/mihon/").content[3] & HAS_NAME


def test_browser_that_does_not_ask_gets_the_page_plain_and_caches_are_told(planner, edition):
    response = planner.get("/plans/mihon/")

    assert "Content-Encoding" not in response
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.parametrize(
    "path", ["/plans/mihon/history.csv", f"/plans/mihon/entry/{YEAR}/actuals.csv"]
)
def test_csv_that_is_no_report_travels_compressed(planner, edition, path):
    response = packed(planner, path)

    assert response["Content-Encoding"] == "gzip"
    assert unpacked(response) == body_of(planner.get(path))


@pytest.mark.parametrize(
    "path", [f"/plans/mihon/entry/{YEAR}/actuals.xlsx", "/plans/mihon/initiatives/?_export=xlsx"]
)
def test_file_that_is_packed_already_stays_as_it_is(planner, edition, path):
    assert "Content-Encoding" not in packed(planner, path)


@pytest.mark.parametrize("name", FORMATS)
def test_file_of_an_edition_arrives_as_the_bytes_that_its_hash_is_of(planner, edition, name):
    response = packed(planner, EDITION + name)

    assert "Content-Encoding" not in response
    assert response["ETag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'
    assert response.content == bytes(edition.files.get(name=name).content)


@pytest.mark.parametrize("name", FORMATS)
def test_file_of_a_draft_is_never_compressed(planner, edition, name):
    response = packed(planner, DRAFT + name)

    assert "Content-Encoding" not in response
    assert not response.content.startswith(GZIP)
