"""Servers that did not answer a moment ago: nobody waits for them again at once.

A login holds one of the server's few threads while it waits for another machine. So the first one
that waits in vain spares the next the same, in this process.
"""

from time import monotonic

SECONDS = 30
_until: dict[str, float] = {}


def is_out(server: str) -> bool:
    """Whether the server is better not asked now."""
    return monotonic() < _until.get(server, 0.0)


def note_outage(server: str) -> None:
    """It has just failed to answer."""
    _until[server] = monotonic() + SECONDS


def forget() -> None:
    """Ask every server again."""
    _until.clear()
