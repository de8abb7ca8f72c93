"""The cells of data files by their places, and which differ between two of a kind: pure."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# The columns that say what a row is about; a table has some of them.
_KEYS = ("指標コード", "会計年度（年）", "項目", "コード")
# By which projects have rows, where KPIs have none.
_PROJECT = "プロジェクトコード"
_CODES = "項目"
_NOTHING = "（なし）"

# Texts by row and column.
Table = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the kept file says something else than its document rendered anew."""

    place: str
    kept: str
    rendered: str


def is_data(name: str) -> bool:
    """Whether a file has cells that can be compared: the CSV and the open data."""
    return name.endswith((".csv", ".zip"))


def differences(kept: bytes, rendered: bytes, name: str) -> list[Difference]:
    """The cells of a kept data file that its document does not give, and the rows that it lacks.

    Columns, parts of an archive and explained codes that only the new file has are none: a later
    version of the app may write more. For bytes that are no such file its reader raises.
    """
    before, after = _tables(name, kept), _tables(name, rendered)
    found = [Difference(table, "ファイル", _NOTHING) for table in before if table not in after]
    for table, rows in before.items():
        found += _in_table(table, rows, after.get(table, {}))
    return found


def _in_table(table: str, kept: Table, rendered: Table) -> Iterator[Difference]:
    for row, cells in kept.items():
        for column, text in cells.items():
            now = rendered.get(row, {}).get(column, _NOTHING)
            if now != text:
                yield Difference(_place(table, row, column), text, now)
    explains_codes = any(_CODES in cells for cells in kept.values())
    for row in rendered:
        if row not in kept and not explains_codes:
            yield Difference(_place(table, row), _NOTHING, "行")


def _place(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _tables(name: str, content: bytes) -> dict[str, Table]:
    """A file's tables by name; a part of an archive without cells has an empty one."""
    if name.endswith(".csv"):
        return {"": _csv(content)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        _refuse_repetition(names)
        return {one: _part(one, archive.read(one)) for one in names}


def _part(name: str, content: bytes) -> Table:
    readers = {"csv": _csv, "xlsx": _xlsx}
    reader = readers.get(name.rpartition(".")[2])
    return {} if reader is None else reader(content)


def _csv(content: bytes) -> Table:
    return _rows(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def _xlsx(content: bytes) -> Table:
    import openpyxl  # noqa: PLC0415 - only where bytes differ

    (sheet,) = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets
    lines = sheet.iter_rows(values_only=True)
    return _rows(["" if one is None else f"{one}" for one in line] for line in lines)


def _rows(lines: Iterable[Sequence[str]]) -> Table:
    """Rows below a head, by what they are about. Raises ValueError where that is not clear."""
    head, *body = lines
    _refuse_repetition(head)
    known = _KEYS if _KEYS[0] in head else (_PROJECT, *_KEYS)
    keys = [head.index(name) for name in known if name in head]
    names = [" ".join(row[at] for at in keys) for row in body]
    if _CODES in head:
        names = _counted(names)
    _refuse_repetition(names)
    return {name: dict(zip(head, row, strict=True)) for name, row in zip(names, body, strict=True)}


def _counted(names: Iterable[str]) -> list[str]:
    """Names told apart by their number: years under several rules may share a rating's code."""
    counts: Counter[str] = Counter()
    counted = []
    for name in names:
        counts[name] += 1
        counted.append(name if counts[name] == 1 else f"{name}（{counts[name]}）")
    return counted


def _refuse_repetition(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise ValueError("A name stands twice.")
