"""Saying who made a change, for a write that no request of its own tells simple-history."""

from typing import Any


def sign_change(row: Any, user: Any, reason: str = "") -> None:
    """Let the history of a row's next save or deletion say who made it, and why."""
    # simple-history's documented attributes.
    row._history_user = user  # noqa: SLF001
    row._change_reason = reason  # noqa: SLF001
