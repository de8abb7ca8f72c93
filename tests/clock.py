"""A clock that says what a test wants."""

from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

from django.utils import timezone


@contextmanager
def on(text):
    """Do what follows at a moment given in Tokyo's time: `2025-06-30 23:59`."""
    moment = datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)
    with mock.patch.object(timezone, "now", return_value=moment):
        yield
