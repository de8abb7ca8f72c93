"""The annual report as an Excel workbook for people: to read, print, edit and restyle.

Figures are numbers whose formats show them as the report does; texts are never
formulas. XlsxWriter is loaded with the first workbook.
"""

from reports.annual_report import AnnualReport


def render_xlsx(report: AnnualReport) -> bytes:
    """The report as XLSX; the same report always gives the same bytes."""
    from reports.renderers.xlsx.writing import write_report  # noqa: PLC0415 (see above)

    return write_report(report)
