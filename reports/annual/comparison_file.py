"""The differences between two reports as a CSV file."""

import csv
import io

from common.fiscal_year import wareki
from reports.annual.report import ReportChange
from reports.renderers.clean_text import data_text
from reports.renderers.csv import BYTE_ORDER_MARK

HEADER = ("場所", "名称", "年度", "項目", "前", "後")
WHOLE_PLAN = "計画全体"


def changes_csv(changes: tuple[ReportChange, ...]) -> bytes:
    """One row a difference: UTF-8 with a byte order mark, CRLF, and no cell a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADER)
    for change in changes:
        writer.writerow(
            data_text(text)
            for text in (
                change.code or WHOLE_PLAN,
                change.name,
                "" if change.fiscal_year is None else wareki(change.fiscal_year),
                change.item,
                change.before,
                change.after,
            )
        )
    return (BYTE_ORDER_MARK + written.getvalue()).encode()
