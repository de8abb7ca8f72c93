"""Logins, failures and lock-outs, each told in the line of its request and in no other."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from omuta_strategy.watching import current

_LONGEST_NAME = 150
_LOCKED_OUT = "login locked out"


def listen() -> None:
    """Connect to the signals, once at the start."""
    from axes.signals import user_locked_out  # noqa: PLC0415 - it loads models

    for signal, event in (
        (user_logged_in, "login"),
        (user_logged_out, "logout"),
        (user_login_failed, "login failed"),
        (user_locked_out, _LOCKED_OUT),
    ):
        signal.connect(_listener(event), weak=False, dispatch_uid=f"log {event}")


def _listener(event: str) -> Any:
    def told(user: Any = None, username: str = "", **more: Any) -> None:
        watch = current.get()
        # A lock-out is told before the failure that led to it.
        if watch is None or watch.event == _LOCKED_OUT:
            return
        name = username or (more.get("credentials") or {}).get("username", "")
        watch.user = (user.get_username() if user is not None else str(name))[:_LONGEST_NAME]
        watch.event = event

    return told
