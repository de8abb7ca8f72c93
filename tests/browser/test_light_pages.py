"""Pages as production sends them: few bytes, one stylesheet, no font, nothing blocking."""

import gzip
import mimetypes
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from playwright.sync_api import Page, Response, Route

from entry.demo import read_demo, seed_demo
from entry.plan_file.loading import load_plan
from tests.browser.plan_in_use import log_in

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 120 * 1024
# What a browser has to fetch, run and lay out before it has shown a page.
COUNTED = {"document", "stylesheet", "script"}
BLOCKING = """performance.getEntriesByType("resource")
  .filter((one) => one.renderBlockingStatus === "blocking").map((one) => one.name)"""
PATHS = [
    "/plans/omuta-2024-2028/",
    "/plans/omuta-2024-2028/?view=meeting",
    "/plans/omuta-2024-2028/projects/P1/",
    "/plans/omuta-2024-2028/kpis/P1-1/",
    "/plans/omuta-2024-2028/entry/2025/",
    "/plans/omuta-2024-2028/reports/2025/",
]


@pytest.fixture
def collected(settings, tmp_path):
    """The static files as `collectstatic` makes them for production, and pages that name them."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = configured.STORAGES | {
        "staticfiles": {"BACKEND": "omuta_strategy.storage.HashedStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


@pytest.fixture
def production(page, live_server, settings, collected):
    """The real plan's demo, served with those files."""
    settings.DEMO = True
    load_plan("omuta_2024_2028")
    seed_demo()

    def serve(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/static/")
        kind, _encoding = mimetypes.guess_type(name)
        route.fulfill(body=(collected / name).read_bytes(), content_type=kind)

    page.context.route("**/static/**", serve)
    log_in(page, live_server.url, password=read_demo()["password"])
    return page


def fetched_for(page: Page, address: str) -> list[Response]:
    """What a browser that has been nowhere before fetches for a page."""
    answered = []
    page.on("response", lambda one: answered.append(one))  # noqa: PLW0108 (append itself is refused)
    page.goto(address, wait_until="networkidle")
    return answered


def sizes(answered: list[Response]) -> dict[str, int]:
    """Bytes that travel for HTML, CSS and script, compressed, by path."""
    return {
        urlsplit(one.url).path: len(gzip.compress(one.body()))
        for one in answered
        if one.request.resource_type in COUNTED
    }


def test_pages_are_light_and_nothing_blocks_them_but_one_stylesheet(production, live_server):
    for path in PATHS:
        tab = production.context.new_page()
        answered = fetched_for(tab, live_server.url + path)
        kinds = [one.request.resource_type for one in answered]
        bytes_of = sizes(answered)
        total = sum(bytes_of.values())
        blocking = tab.evaluate(BLOCKING)
        tab.close()

        assert total < MOST_BYTES, f"{path} takes {total:,} bytes: {bytes_of}"
        assert kinds.count("stylesheet") == 1, path
        assert "font" not in kinds, path
        assert [name.rsplit(".", 1)[1] for name in blocking] == ["css"], path


def test_stylesheet_of_production_imports_nothing_and_names_no_font(collected):
    (path,) = collected.glob("css/site.????????????.css")
    rules = path.read_text(encoding="utf-8")

    assert ".entry__row" in rules
    assert "@import" not in rules
    assert "@font-face" not in rules
    assert "url(" not in rules
