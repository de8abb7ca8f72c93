"""The history as a file for the auditor: one line for each field of each change."""

import csv
import io
from collections.abc import Iterable, Iterator

from common.fiscal_year import wareki
from common.spreadsheet_text import guard
from kpis.file_formats import cell_text
from reports.history.changes import Change
from reports.history.words import FieldChange

HEADER = (
    "日時", "利用者名", "氏名", "対象", "指標番号", "年度", "項目", "変更前", "変更後", "理由",
)  # fmt: skip
_NO_FIELD = (FieldChange("（内容の変更なし）", "", ""),)


def csv_lines(changes: Iterable[Change]) -> Iterator[bytes]:
    """The file in pieces: UTF-8 with BOM and CRLF, texts whole, nothing a formula."""
    yield _line(HEADER, "utf-8-sig")
    for change in changes:
        what = f"{change.kind} {change.code} {change.name}".replace("  ", " ")
        for field in change.fields or _NO_FIELD:
            yield _line(
                (
                    change.when.isoformat(timespec="seconds"),
                    change.username,
                    change.person,
                    f"{what}（{change.action}）",
                    change.kpi_code,
                    wareki(change.fiscal_year) if change.fiscal_year is not None else "",
                    field.label,
                    field.old,
                    field.new,
                    change.reason,
                )
            )


def _line(cells: Iterable[str], encoding: str = "utf-8") -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(guard(cell_text(cell)) for cell in cells)
    return written.getvalue().encode(encoding)
