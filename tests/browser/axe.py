"""What axe finds on a page, and how a page looks to different people."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

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
# What depends on where things stand, and how large they are; and on colours. All else reads the
# document as it is shown: which elements are, and as what.
OF_LAYOUT = ("bypass", "region", "scrollable-region-focusable", "skip-link", "target-size")
OF_COLOURS = ("color-contrast", "link-in-text-block")
AXE = Axe()
_OVER = object()
# Axe reads the background of everything behind each text anew, which was a third of its time.
READ_COLOURS_ONCE = """(() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})()"""
# Begins once the call has returned, so that two tabs can be at it; FOUND waits for it.
START = """(options) => { window.axeFound = new Promise((done) => { setTimeout(async () => {
  const { violations } = await axe.run(document, options);
  done(violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html])));
}) }) }"""
FOUND = "window.axeFound"
# How each element is shown, and in what colours; sizes of text beside that of the page's own.
SHOWN = """() => {
  const own = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const shown = [], colours = [];
  for (const one of document.querySelectorAll("*")) {
    const s = getComputedStyle(one);
    shown.push(s.display, s.visibility, one.clientWidth && one.clientHeight ? 1 : 0);
    colours.push(s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.textShadow,
      s.textDecorationLine, s.fontWeight, s.position, (parseFloat(s.fontSize) / own).toFixed(2));
  }
  return [shown.join(), [...shown, ...colours].join()];
}"""
CONTENT = """(document.querySelector("main") || document.body).innerHTML
  .replace(/name="csrfmiddlewaretoken" value="\\w+"/g, "")"""
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
_SHOWN_AS: WeakKeyDictionary[Page, View] = WeakKeyDictionary()


def look(page: Page, view: View) -> None:
    """Show the page that is open as `view` says, without loading it again.

    What is so already is left alone: each change has the whole page laid out and painted anew.
    """
    was = _SHOWN_AS.get(page, View("as it opens", width=0))
    _SHOWN_AS[page] = view
    if view.width != was.width:
        page.set_viewport_size({"width": view.width, "height": 900})
    if (view.forced_colors, view.reduced_motion) != (was.forced_colors, was.reduced_motion):
        page.emulate_media(
            forced_colors="active" if view.forced_colors else "none",
            reduced_motion="reduce" if view.reduced_motion else "no-preference",
        )
    if view.text != was.text:
        _set_text_size(page, view.text)


def _set_text_size(page: Page, percent: int) -> None:
    """Set the size of text that a person chooses in the browser's own settings."""
    settings = page.context.new_cdp_session(page)
    sizes = {"standard": round(16 * percent / 100), "fixed": round(13 * percent / 100)}
    settings.send("Page.setFontSizes", {"fontSizes": sizes})
    settings.detach()


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, piece by piece."""
    _start(page, OPTIONS)
    return [f"{page.url}: {rule}: {html}" for rule, html in _found(page)]


def _start(page: Page, options: dict[str, object]) -> None:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.axe_script + READ_COLOURS_ONCE)
    page.evaluate(START, options)


def _found(page: Page) -> list[tuple[str, str]]:
    """Each rule that axe found broken since it started, with each piece of HTML breaking it."""
    return [(rule, html[:300]) for rule, html in page.evaluate(FOUND)]


def rest_of_rules(
    page: Page, content: str, looked_at: set[tuple[str, object]]
) -> dict[str, object]:
    """Axe's options for what none of the views had that this content was looked at in."""
    shown, colours = page.evaluate(SHOWN)
    known = (content, shown) in looked_at, (content, colours) in looked_at
    looked_at.update({(content, shown), (content, colours)})
    if known == (True, True):
        return {**OPTIONS, "runOnly": [*OF_LAYOUT]}
    return {**OPTIONS, "runOnly": [*OF_LAYOUT, *OF_COLOURS]} if known[0] else OPTIONS


def too_wide(page: Page) -> list[str]:
    """Whether the page has to be scrolled sideways as it is shown now, and for what."""
    excess = page.evaluate(TOO_WIDE)
    return [f"{page.url}: {excess}"] if excess else []


def complaints(page: Page, view: View) -> list[str]:
    """What axe finds in a view of the page that is open, and whether it scrolls sideways."""
    look(page, view)
    return [f"{view.name}: {one}" for one in too_wide(page) + findings(page)]


def complaints_of_all(
    page: Page,
    visits: Iterable[tuple[str, tuple[View, ...]]],
    is_known: Callable[[str, str, str], bool] = lambda _address, _rule, _html: False,
) -> list[str]:
    """The same for many addresses, each in its views, less what `is_known` says yes to.

    Two tabs take turns: while axe is busy in one, the other loads its page. A content that
    was looked at in a view is not looked at there again, nor is what another view of it had.
    """
    waiting, looked_at, found = iter(visits), set(), []

    def walk(tab: Page) -> Iterator[None]:
        for address, views in waiting:
            tab.goto(address)
            content = tab.evaluate(CONTENT)
            for view in views:
                if (content, view) in looked_at:
                    continue
                looked_at.add((content, view))
                look(tab, view)
                found.extend(f"{view.name}: {one}" for one in too_wide(tab))
                _start(tab, rest_of_rules(tab, content, looked_at))
                yield
                found.extend(
                    f"{view.name}: {tab.url}: {rule}: {html}"
                    for rule, html in _found(tab)
                    if not is_known(tab.url, rule, html)
                )

    walks = [walk(page), walk(page.context.new_page())]
    while walks:
        walks = [one for one in walks if next(one, _OVER) is not _OVER]
    return found
