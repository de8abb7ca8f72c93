"""No page has a finding of axe (WCAG 2.2 A and AA, best practice), wide or narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kpis.recording import close_fiscal_year
from projects.models import Department
from reports.editions import issue_edition
from tests.factories import PASSWORD, make_plan

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
PAGES = [
    "/",
    "/?fy=2027",
    "/projects/",
    "/projects/P1/",
    "/initiatives/",
    "/kpis/",
    "/kpis/P1-1/",
    "/kpis/P1-1/?as_of=2020-01-01",
    "/kpis/P1-1/?as_of=abc",
    "/history/",
    "/history/?since=abc",
    "/entry/2024/",
    "/entry/2025/",
    "/entry/2026/",
    "/reports/",
    "/reports/2024/editions/1/",
    "/reports/2024/issue/",
    "/reports/2025/",
    "/reports/2025/issue/",
    "/reports/compare/",
    "/reports/compare/?before=2024-1&after=2025-draft",
    "/reports/compare/?before=abc",
    "/password/",
    "/nothing/",
]


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_findings(page, live_server, kikaku, settings, width):
    settings.DEMO = True
    strategy = make_plan(kikaku, projects=2)
    close_fiscal_year(strategy, 2024, user=kikaku)
    issue_edition(strategy, 2024, user=kikaku)
    Department.objects.update(name="産業戦略課")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url)
    found = findings(page)
    page.get_by_label("利用者名").fill("kikaku")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url(f"{live_server.url}/")
    for path in PAGES:
        page.goto(live_server.url + path)
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    page.goto(f"{live_server.url}/entry/2026/")
    page.get_by_label("P1-1 状態").select_option("pending")
    page.locator('[id="P1-2-value"]').fill("abc")
    page.get_by_role("button", name="すべて保存").click()
    page.get_by_role("alert").wait_for()
    found += findings(page)

    assert found == []
