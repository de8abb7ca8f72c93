"""Loads two libraries without what they load beside and nothing here uses: 20 MiB of a process.

django_tables2 has a column for PostgreSQL's HStore, and for that loads psycopg on SQLite, too.
django-import-export tries which formats tablib can read, and that loads openpyxl; the formats of
KPIs are ours. Both do without what isn't installed, so it isn't, for as long as they are loaded.
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
    """Called before anything else asks for one of them."""
    with as_if_missing("django.contrib.postgres"):
        import django_tables2  # noqa: F401, PLC0415 - here and not elsewhere
    import tablib.formats  # noqa: F401, PLC0415 - which itself keeps all it has

    with as_if_missing("openpyxl"):
        import import_export.formats.base_formats  # noqa: F401, PLC0415 - likewise
