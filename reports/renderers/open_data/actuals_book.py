"""The rows of kpi_actuals.csv as a workbook: one sheet of bare values and nothing else."""

from common.spreadsheets.xlsx_writing import data_workbook
from reports.annual.report import AnnualReport
from reports.renderers.csv import HEADER, csv_rows

_SHEET = "kpi_actuals"


def actuals_book(report: AnnualReport) -> bytes:
    """The workbook: header and values, numbers as numbers, blanks where the CSV has them."""
    return data_workbook(_SHEET, HEADER, csv_rows(report), made_at=report.made_at)
