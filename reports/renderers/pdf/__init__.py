"""The annual report as a PDF for people: tagged for screen readers (PDF/UA-1), and A4.

Typst sets `annual_report.typ` from texts written in `reports.renderers.content`.
"""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from reports.annual.document import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.content.tables import Table
from reports.renderers.printable import UNBREAKABLE, printable
from reports.renderers.typesetting import typeset

_FOLDER = Path(__file__).parent
_TEMPLATE = "annual_report.typ"
_STANDARD = "ua-1"


def render_pdf(report: AnnualReport) -> bytes:
    """The report as PDF; the same report always gives the same bytes."""
    shown, replaced = printable(report)
    content = report_content(shown, replaced) | {"unbreakable": UNBREAKABLE}
    files = _sources() | {"report.json": _written(content)}
    made_at = int(report.made_at.timestamp())
    return typeset(files, pdf_standards=_STANDARD, timestamp=made_at)


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=_fields).encode()


def _fields(table: Table) -> dict[str, Any]:
    return asdict(table) | {"figures": list(table.figures)}


@cache
def _sources() -> dict[str, bytes]:
    """The template's files by name; the one that is compiled is called main.typ."""
    files = {file.name: file.read_bytes() for file in sorted(_FOLDER.glob("*.typ"))}
    return {"main.typ": files.pop(_TEMPLATE)} | files
