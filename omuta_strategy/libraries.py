"""Loads a library without what it loads beside and nothing here uses: 9 MiB of a process.

django_tables2 has a column for PostgreSQL's HStore, and for that loads psycopg on SQLite, too. It
does without what isn't installed, so that isn't, for as long as it is loaded.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_if_missing(module: str) -> Iterator[None]:
    """Within the block the module can't be imported, unless it has been already."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment] # what Python's import takes for missing
    try:
        yield
    finally:
        del sys.modules[module]


def load() -> None:
    """Called before anything else asks for it."""
    with as_if_missing("django.contrib.postgres"):
        import django_tables2  # noqa: F401, PLC0415 - here and not elsewhere
