"""The guides as a test reads them, and the desk at which their pictures are taken."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

from tests.browser.plan_in_use import log_in
from tests.browser.small_png import small_png

DOCS = Path(__file__).parents[2] / "docs"
_HEADING = re.compile(r"^#{2,3} (?P<title>.+)$", re.MULTILINE)
_SHOWN_WORD = re.compile(r"\*\*(.+?)\*\*")
_PICTURE = re.compile(r"!\[(?P<alternative>.*?)\]\(images/[\w-]+/(?P<name>[\w-]+)\.png\)")
_MARGIN = 16  # CSS pixels around what a picture shows
_ALL_WORDS = """() => [
  document.title,
  document.body.innerText,
  ...[...document.querySelectorAll("[aria-label]")].map((one) => one.ariaLabel),
  ...[...document.querySelectorAll("option")].map((one) => one.text),
  ...[...document.querySelectorAll("input[type=submit]")].map((one) => one.value),
].join("\\n")"""


@dataclass(frozen=True)
class Chapter:
    """One heading of the guide with the words in bold, which are words of the pages."""

    title: str
    words: tuple[str, ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """A guide, and the folder of its pictures."""

    path: Path
    pictures: Path

    def chapters(self) -> list[Chapter]:
        """The chapters in order, those without a word or picture of the pages left out."""
        text = self.path.read_text(encoding="utf-8")
        starts = [*_HEADING.finditer(text)]
        ends = [*(one.start() for one in starts[1:]), len(text)]
        found = []
        for start, end in zip(starts, ends, strict=True):
            body = text[start.end() : end]
            pictures = tuple(one["name"] for one in _PICTURE.finditer(body))
            chapter = Chapter(start["title"], tuple(_SHOWN_WORD.findall(body)), pictures)
            if chapter.words or pictures:
                found.append(chapter)
        return found

    def alternatives(self) -> dict[str, str]:
        """The guide's pictures with what stands for each where it can't be seen."""
        text = self.path.read_text(encoding="utf-8")
        return {one["name"]: one["alternative"] for one in _PICTURE.finditer(text)}


USER_GUIDE = Guide(DOCS / "user-guide.ja.md", DOCS / "images" / "guide")
PLAN_GUIDE = Guide(DOCS / "bring-your-plan.ja.md", DOCS / "images" / "plan-guide")


@dataclass
class Calendar:
    """What day it is for the server and the browser."""

    now: datetime


@contextmanager
def calendar() -> Iterator[Calendar]:
    """Let a test say what day it is, so that a picture taken again shows the same dates."""
    days = Calendar(datetime(2026, 6, 10, 10, tzinfo=ZoneInfo("Asia/Tokyo")))
    with mock.patch("django.utils.timezone.now", side_effect=lambda: days.now):
        yield days


@dataclass
class Desk:
    """A person in front of a page, whose words are noted and of which pictures are taken.

    `folder` is where pictures are written; None where only the words are noted.
    """

    page: Page
    base: str
    days: Calendar
    password: str
    folder: Path | None
    seen: str = ""
    pictures: list[str] = field(default_factory=list)

    def on(
        self, month: int, day: int, hour: int = 9, minute: int = 30, *, year: int = 2026
    ) -> None:
        """Make it this moment in Tokyo."""
        self.days.now = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Tokyo"))
        self.page.clock.set_fixed_time(self.days.now)

    def sit(self, user: str, path: str = "/") -> None:
        """Log in as somebody, on the way to a page."""
        log_in(self.page, self.base, user, path, password=self.password)
        self.look()

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(self.base + path)
        self.look()

    def press(self, name: str) -> None:
        """Press a button, or follow a link that looks like one."""
        kind = "button" if self.page.get_by_role("button", name=name).count() else "link"
        self.page.get_by_role(kind, name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        """Note every word that the page shows now."""
        self.seen += self.page.evaluate(_ALL_WORDS) + "\n"

    def take(self, name: str, first: Locator, last: Locator | None = None) -> None:
        """Take a picture from one element to another, at the page's full width."""
        self.look()
        self.pictures.append(name)
        if self.folder is None:
            return
        boxes = [one.bounding_box() for one in (first, last or first)]
        scrolled = self.page.evaluate("scrollY")
        top = boxes[0]["y"] + scrolled - _MARGIN
        bottom = boxes[1]["y"] + boxes[1]["height"] + scrolled + _MARGIN
        width = self.page.viewport_size["width"]
        self.folder.mkdir(parents=True, exist_ok=True)
        png = self.page.screenshot(
            full_page=True,
            animations="disabled",
            clip={"x": 0, "y": max(top, 0), "width": width, "height": bottom - max(top, 0)},
        )
        (self.folder / f"{name}.png").write_bytes(small_png(self.page, png))

    def missing(self, chapter: Chapter) -> list[str]:
        """The chapter's words that none of the pages showed since the last chapter."""
        shown = re.sub(r"\s+", "", self.seen)
        self.seen = ""
        return [word for word in chapter.words if re.sub(r"\s+", "", word) not in shown]
