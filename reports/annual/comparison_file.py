"""The differences between two reports as a CSV file."""

from common.fiscal_year import wareki
from common.spreadsheets.writing import csv_file
from reports.annual.report import ReportChange
from reports.renderers.clean_text import clean_line

HEADER = ("場所", "名称", "年度", "項目", "前", "後")
WHOLE_PLAN = "計画全体"


def changes_csv(changes: tuple[ReportChange, ...]) -> bytes:
    """One row a difference, each on one line."""
    rows = (
        (
            change.code or WHOLE_PLAN,
            change.name,
            "" if change.fiscal_year is None else wareki(change.fiscal_year),
            change.item,
            change.before,
            change.after,
        )
        for change in changes
    )
    return csv_file(HEADER, (tuple(map(clean_line, row)) for row in rows))
