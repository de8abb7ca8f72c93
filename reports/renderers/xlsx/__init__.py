"""The annual report as an Excel workbook for people: to read, print, edit and restyle.

Figures are numbers whose formats show them as the report does; texts are never
formulas. XlsxWriter is loaded with the first workbook.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from reports.annual.report import AnnualReport


def render_xlsx(report: AnnualReport) -> bytes:
    """The report as XLSX; the same report always gives the same bytes."""
    from reports.renderers.xlsx.writing import write_report  # noqa: PLC0415 (see above)

    with _nothing_collected():
        return write_report(report)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Leave Python's garbage collector out for a moment.

    A workbook is a hundred thousand small objects that all stay until it is written: looking
    for garbage among them takes a tenth of the time and finds none.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
