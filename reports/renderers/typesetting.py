"""Typst, which sets the PDF and draws the charts' pictures for Word."""

from collections.abc import Callable
from typing import Any

from common.fonts import typst_fonts


def typeset(files: dict[str, bytes], **options: Any) -> bytes:
    """Compile the one of the files in memory that is called main.typ, with our fonts and no other.

    Typst is heavy: a process loads it with its first PDF or Word file.
    """
    import typst  # noqa: PLC0415 (heavy: see above)

    # Its own types don't know yet that it takes several files.
    compiled: Callable[..., bytes] = typst.compile
    return compiled(files, font_paths=typst_fonts(), ignore_system_fonts=True, **options)
