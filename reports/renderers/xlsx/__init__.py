"""The annual report as an Excel workbook for people: to read, print, edit and restyle.

Figures are numbers whose formats show them as the report does; texts are never
formulas. XlsxWriter is loaded with the first workbook.
"""

import gc

from reports.annual.document import AnnualReport


def render_xlsx(report: AnnualReport) -> bytes:
    """The report as XLSX; the same report always gives the same bytes."""
    from reports.renderers.xlsx.writing import write_report  # noqa: PLC0415 (see above)

    # A workbook is a hundred thousand small objects that all stay until it is written: looking
    # for garbage among them takes a tenth of the time and finds none.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return write_report(report)
    finally:
        if was_on:
            gc.enable()
