"""A browser that notes what no page of ours may do: ask another host, or fail in its script."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# The browser's own words, and htmx's.
_ANSWERED = re.compile(
    r"^(?:Failed to load resource: the server responded with a status of"
    r"|Response Status Error Code) (\d+)"
)
# What a page carries in itself.
_OWN = ("data:", "blob:", "about:")


@dataclass
class Watch:
    """What the pages of one browser context did wrong.

    `statuses` are the refusals that a test provokes on purpose, which a browser reports on
    its console as failures; `is_offline` allows requests that reach no server at all.
    """

    origin: str
    statuses: frozenset[int] = frozenset()
    is_offline: bool = False
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of the context, those it opens later too."""
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", *_OWN)):
            self.complaints.append(f"asked another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or self._is_expected(message.text):
            return
        where = message.location.get("url", "")
        self.complaints.append(f"console {message.type}: {message.text} ({where})")

    def _is_expected(self, text: str) -> bool:
        answered = _ANSWERED.match(text)
        if answered:
            return int(answered[1]) in self.statuses
        return self.is_offline and "net::ERR_INTERNET_DISCONNECTED" in text

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"script failed: {error.error}")
