"""Static files under names that change with their content, the stylesheet as one file."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\)(?P<media>[^;]*);')
# What django-htmx ships beside htmx 2, of which no page uses anything.
_UNUSED = ("django_htmx/ext/", "django_htmx/htmax", "django_htmx/htmx-4")


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """WhiteNoise's storage, which here also renames what one script module imports from another.

    Without it a browser could hold an old module beside a new one after an upgrade. What the
    stylesheet imports is put into it, so that a page waits for one file and not for twenty.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Rename the files, the stylesheet after it has taken in what it imports."""
        used = {name: place for name, place in paths.items() if not name.startswith(_UNUSED)}
        if STYLESHEET in used:
            storage, path = used[STYLESHEET]
            memory = InMemoryStorage()
            memory.save(path, ContentFile(_with_imports(storage, path).encode()))
            used[STYLESHEET] = (memory, path)
        yield from super().post_process(used, *args, **options)


def _with_imports(storage: Storage, path: str) -> str:
    """A stylesheet with each import replaced by the file that it names, in its layer."""
    folder = path.rpartition("/")[0]

    def imported(match: re.Match[str]) -> str:
        rules = _read(storage, f"{folder}/{match['file']}")
        media = match["media"].strip()
        if media:
            rules = f"@media {media} {{\n{rules}}}\n"
        return f"@layer {match['layer']} {{\n{rules}}}"

    return _IMPORT.sub(imported, _read(storage, path))


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return bytes(file.read()).decode()
