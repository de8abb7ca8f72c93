"""A sheet as a table: headings in its first row, and rows whose cells go by their headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.reading.names import comparable
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet, column_letters

_SEPARATORS = {"\t": "タブ", ";": "セミコロン"}
_LONGEST_HEADING = 40
UNNAMED = "見出しのない列"


@dataclass(slots=True)
class Table:
    """The known columns of a file: `letters` by heading, rows by their number in the file.

    `where` names the sheet, as places in it begin, where its file has several. A table that was
    made of another one has `places`: of a row by heading where its cell comes from, and under the
    empty heading the row as a whole.
    `ignored` are the headings of columns that mean nothing here, `notes`
    sentences about what else was left out.
    """

    letters: dict[str, str]
    rows: dict[int, dict[str, Cell]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    where: str = ""
    places: dict[int, dict[str, str]] = field(default_factory=dict)

    def cell(self, row: int, heading: str) -> Cell:
        """A cell; a blank one where the file has none."""
        return self.rows[row].get(heading, BLANK)

    def place(self, row: int, heading: str) -> str:
        """Where a cell is: `5行目 C列（実績値）`."""
        if (known := self.places.get(row)) is not None:
            return known.get(heading) or f"{known.get('', '')}（{heading}）"
        letter = self.letters.get(heading)
        column = f" {letter}列" if letter else ""
        return f"{self.where}{row}行目{column}（{heading}）"

    def as_data(self) -> dict[str, Any]:
        """The table as JSON takes it; only for one without problems in its cells."""
        rows = {
            str(number): {heading: cell.text for heading, cell in cells.items() if cell.text}
            for number, cells in self.rows.items()
        }
        return {
            "letters": self.letters,
            "rows": rows,
            "ignored": self.ignored,
            "notes": self.notes,
            "where": self.where,
            "places": {str(number): places for number, places in self.places.items()},
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Table":
        """The table that `as_data` gave."""
        rows = {
            int(number): {heading: Cell(text) for heading, text in cells.items()}
            for number, cells in data["rows"].items()
        }
        places = {int(number): places for number, places in data["places"].items()}
        return cls(data["letters"], rows, data["ignored"], data["notes"], data["where"], places)


def read_table(
    sheet: Sheet,
    headings: Sequence[str],
    required: Sequence[str],
    *,
    most_rows: int,
    of: str,
) -> Table:
    """The columns of `headings`, in any order; rows without a cell in one of them are left out.

    Raises FileRefused if a required heading is missing or one stands twice, where there are no
    rows or more than `most_rows`, and where a row of a CSV is longer than its header: there
    a comma within a text has shifted it. `of` names what the rows are about, for a person.
    """
    header = sheet.rows.get(1, {})
    usable = f"使える見出し：{'、'.join(headings)}。"
    if not header:
        raise FileRefused(f"ファイルが空か、1行目に見出しがありません。{usable}")
    _refuse_other_separators(header)
    columns, ignored = _columns(header, headings)
    missing = [heading for heading in required if heading not in columns.values()]
    if missing:
        raise FileRefused(f"1行目の見出しに「{'」と「'.join(missing)}」がありません。{usable}")
    letters = {heading: column_letters(column) for column, heading in columns.items()}
    table = Table(letters, ignored=ignored, notes=list(sheet.notes), where=sheet.where)
    is_unnamed = False
    for number, row in sheet.rows.items():
        if number == 1:
            continue
        is_unnamed = is_unnamed or bool(row.keys() - header.keys())
        if sheet.is_csv and max(row) > max(header):
            raise FileRefused(
                f"{number}行目の列が見出しより多くあります。"
                '文の中のコンマは、全体を引用符（"）で囲んでください。'
            )
        cells = {heading: row[column] for column, heading in columns.items() if column in row}
        if cells:
            table.rows[number] = cells
    if is_unnamed:
        table.ignored.append(UNNAMED)
    if not table.rows:
        raise FileRefused("見出しだけで、データの行がありません。")
    if len(table.rows) > most_rows:
        raise FileRefused(
            f"データの行が{most_rows:,}行を超えています。{of}の行だけにして保存し直してください。"
        )
    return table


def _columns(
    header: Mapping[int, Cell], headings: Sequence[str]
) -> tuple[dict[int, str], list[str]]:
    """The known headings by their columns, and the texts of the others."""
    known = {comparable(heading): heading for heading in headings}
    columns: dict[int, str] = {}
    ignored = []
    for column, cell in header.items():
        heading = known.get(comparable(cell.text))
        if heading is None:
            ignored.append(cell.text[:_LONGEST_HEADING])
        elif cell.problem:
            raise FileRefused(f"1行目 {column_letters(column)}列の見出し：{cell.problem}")
        elif heading in columns.values():
            raise FileRefused(f"見出し「{heading}」が2つ以上あります。1つにしてください。")
        else:
            columns[column] = heading
    return columns, ignored


def _refuse_other_separators(header: Mapping[int, Cell]) -> None:
    text = header[1].text if header.keys() == {1} else ""
    for mark, name in _SEPARATORS.items():
        if mark in text:
            raise FileRefused(
                f"列が{name}で区切られています。"
                "コンマ区切りの CSV か「Excel ブック（.xlsx）」で保存し直してください。"
            )
