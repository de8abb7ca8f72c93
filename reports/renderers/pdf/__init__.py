"""The annual report as a PDF for people: tagged for screen readers (PDF/UA-1), and A4.

Typst sets `annual_report.typ` from texts written in `reports.renderers.content`. It is
heavy, so a process that renders no PDF never loads it.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from common.fonts import typst_fonts
from reports.annual.document import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.content.tables import Table
from reports.renderers.printable import UNBREAKABLE, printable

_FOLDER = Path(__file__).parent
_TEMPLATE = "annual_report.typ"
_STANDARD = "ua-1"


def render_pdf(report: AnnualReport) -> bytes:
    """The report as PDF; the same report always gives the same bytes."""
    shown, replaced = printable(report)
    content = report_content(shown, replaced) | {"unbreakable": UNBREAKABLE}
    files = _sources() | {"report.json": _written(content)}
    return _typeset(files, made_at=int(report.made_at.timestamp()))


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=_fields).encode()


def _fields(table: Table) -> dict[str, Any]:
    return asdict(table) | {"figures": list(table.figures)}


def _typeset(files: dict[str, bytes], *, made_at: int) -> bytes:
    """Compile the files in memory; `made_at` (Unix seconds) becomes the PDF's date."""
    import typst  # noqa: PLC0415 (heavy: loaded with the first PDF)

    # Its own types don't know yet that it takes several files.
    typeset: Callable[..., bytes] = typst.compile
    return typeset(
        files,
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        pdf_standards=_STANDARD,
        timestamp=made_at,
    )


@cache
def _sources() -> dict[str, bytes]:
    """The template's files by name; the one that is compiled is called main.typ."""
    files = {file.name: file.read_bytes() for file in sorted(_FOLDER.glob("*.typ"))}
    return {"main.typ": files.pop(_TEMPLATE)} | files
