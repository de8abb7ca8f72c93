"""The file of yearly actuals: read from CSV or XLSX, previewed, written whole, and exported.

Columns and rules are those of docs/interface.md, The file of actuals.
"""

from entry.actuals_file.exporting import to_csv, to_xlsx
from entry.actuals_file.reading import MOST_BYTES, MOST_ROWS, read_table
from entry.actuals_file.resource import ActualsResource, ImportedActuals, Problem
from entry.actuals_file.table import Table

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "ActualsResource",
    "ImportedActuals",
    "Problem",
    "Table",
    "read_table",
    "to_csv",
    "to_xlsx",
]
