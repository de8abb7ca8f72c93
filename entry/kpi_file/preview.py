"""What an import of KPIs did or would do, as the admin's page shows it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.resources import Resource
from import_export.results import Result

# The row as the spreadsheet numbers it.
ROW_NUMBER = "（行）"
_ALWAYS_SHOWN = ("KPI番号", "指標名")


class Difference:
    """Each column before and after the import, as `<del>` and `<ins>`."""

    def __init__(self, resource: Resource, instance: Model, new: object) -> None:
        self.before = [] if new else _rendered(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: Resource, instance: Model) -> None:
        self.after = _rendered(resource, instance)

    def as_html(self) -> list[SafeString]:
        before = self.before or [""] * len(self.after)
        return [_difference(old, new) for old, new in zip(before, self.after, strict=True)]


class ImportResult(Result):
    """What an import did or would do, and every problem with its row and column."""

    columns: Mapping[str, str] = {}

    def __init__(self) -> None:
        super().__init__()
        # Sentences about what was left out, and cells that stay as they are.
        self.notes: list[str] = []
        # The sheet's name, as places in it begin, where the file has several.
        self.where = ""
        # The code of the plan that the file is taken into.
        self.plan_code = ""
        # What stood of the KPIs that the file names when it was read.
        self.versions: dict[str, list[int]] = {}

    @property
    def is_refused(self) -> bool:
        """Whether there is a problem, so that nothing is written."""
        return bool(self.has_errors() or self.has_validation_errors())

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """(row of the file, column, sentence) for every problem; blank where it is none's."""
        for one in self.base_errors:
            yield "", "", _sentence(one.error)
        for row in self.error_rows:
            for one in row.errors:
                yield str(_row_number(one.row, one.number)), "", _sentence(one.error)
        for row in self.invalid_rows:
            for name, sentences in row.error_dict.items():
                for sentence in sentences:
                    yield str(row.number), self.columns.get(name, ""), sentence

    def preview(self) -> tuple[list[str], list[tuple[str, list[SafeString]]]]:
        """The heads and the rows (kind, cells) to look over: only columns that change."""
        rows = [(row.import_type, row.diff) for row in self.valid_rows()]
        shown = [
            at
            for at, name in enumerate(self.diff_headers)
            if name in _ALWAYS_SHOWN or any(_is_change(cells[at]) for _, cells in rows)
        ]
        heads = [self.diff_headers[at] for at in shown]
        return heads, [(kind, [cells[at] for at in shown]) for kind, cells in rows]

    def append_invalid_row(
        self, number: int, row: Mapping[str, Any], validation_error: Any
    ) -> None:
        super().append_invalid_row(_row_number(row, number), row, validation_error)


def _rendered(resource: Resource, instance: Model) -> list[str]:
    shown = [field.export(instance) for field in resource.get_import_fields()]
    return ["" if one is None else f"{one}" for one in shown]


def _is_change(cell: SafeString) -> bool:
    return cell.startswith(("<del", "<ins"))


def _difference(old: str, new: str) -> SafeString:
    if old == new:
        return format_html("{}", new)
    removed = format_html('<del class="diff-old">{}</del> ', old) if old else ""
    added = format_html('<ins class="diff-new">{}</ins>', new) if new else ""
    return format_html("{}{}", removed, added)


def _row_number(row: Mapping[str, Any] | None, number: int) -> int:
    """The row as a spreadsheet numbers it: its header is row 1."""
    return int((row or {}).get(ROW_NUMBER, number + 1))


def _sentence(error: Exception) -> str:
    return "".join(error.messages) if isinstance(error, ValidationError) else str(error)
