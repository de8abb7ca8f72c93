"""The history as a file for the auditor: one line for each field of each change."""

from collections.abc import Iterable, Iterator

from common.fiscal_year import wareki
from common.spreadsheets.writing import Value, csv_lines
from reports.history.changes import Change
from reports.history.words import FieldChange

HEADER = (
    "日時", "利用者名", "氏名", "対象", "指標番号", "年度", "項目", "変更前", "変更後", "理由",
)  # fmt: skip
_NO_FIELD = (FieldChange("（内容の変更なし）", "", ""),)


def history_csv(changes: Iterable[Change]) -> Iterator[bytes]:
    """The file in pieces, texts whole."""
    return csv_lines(HEADER, _rows(changes))


def _rows(changes: Iterable[Change]) -> Iterator[tuple[Value, ...]]:
    for change in changes:
        what = f"{change.kind} {change.code} {change.name}".replace("  ", " ")
        for field in change.fields or _NO_FIELD:
            yield (
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
