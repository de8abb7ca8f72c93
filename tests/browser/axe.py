"""What axe finds on a page, and how a page looks to different people."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Only what is wrong is written out: on a large page that halves the time.
    "resultTypes": ["violations"],
    # Else axe fetches the stylesheets again and puts them into the page, which our content
    # security policy refuses, and says so on the console.
    "preload": False,
}
AXE = Axe()
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap(
  (rule) => rule.nodes.map((node) => [rule.id, node.html]))"""
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return "";
  const scrolls = (e) => e && (getComputedStyle(e).overflowX !== "visible" ||
    scrolls(e.parentElement));
  const out = [...document.querySelectorAll("body *")].find((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement));
  return `${wide} px too wide` + (out ? `: <${out.localName} class="${out.className}">` : "");
}"""


@dataclass(frozen=True)
class View:
    """How somebody sees a page: width in CSS pixels, size of the text in percent, colours."""

    name: str
    width: int = 1280
    text: int = 100
    forced_colors: bool = False
    reduced_motion: bool = False


WIDE = View("1280 px")
NARROW = View("390 px, reduced motion", width=390, reduced_motion=True)
LARGE_TEXT = View("text at 200%", text=200)
FORCED_COLORS = View("forced colours", forced_colors=True)
VIEWS = (WIDE, NARROW, LARGE_TEXT, FORCED_COLORS)


def look(page: Page, view: View) -> None:
    """Show the page that is open as `view` says, without loading it again."""
    page.set_viewport_size({"width": view.width, "height": 900})
    page.emulate_media(
        forced_colors="active" if view.forced_colors else "none",
        reduced_motion="reduce" if view.reduced_motion else "no-preference",
    )
    _set_text_size(page, view.text)


def _set_text_size(page: Page, percent: int) -> None:
    """Set the size of text that a person chooses in the browser's own settings."""
    settings = page.context.new_cdp_session(page)
    sizes = {"standard": round(16 * percent / 100), "fixed": round(13 * percent / 100)}
    settings.send("Page.setFontSizes", {"fontSizes": sizes})
    settings.detach()


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, piece by piece."""
    return [f"{page.url}: {rule}: {html}" for rule, html in rules_broken(page)]


def rules_broken(page: Page) -> list[tuple[str, str]]:
    """Each rule that axe finds broken, with each piece of HTML that breaks it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.axe_script)
    return [(rule, html[:300]) for rule, html in page.evaluate(RUN, OPTIONS)]


def too_wide(page: Page) -> list[str]:
    """Whether the page has to be scrolled sideways as it is shown now, and for what."""
    excess = page.evaluate(TOO_WIDE)
    return [f"{page.url}: {excess}"] if excess else []


def complaints(page: Page, *views: View) -> list[str]:
    """What axe finds in each view, and whether the page scrolls sideways there."""
    found = []
    for view in views:
        look(page, view)
        found += [f"{view.name}: {one}" for one in too_wide(page)]
        found += [f"{view.name}: {one}" for one in findings(page)]
    return found
