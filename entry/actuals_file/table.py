"""A file's rows as texts, whatever kind of file they came from."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text; `problem` says why it can't be taken, a sentence with its remedy.

    `is_day` marks a date cell, whose text is then ISO.
    """

    text: str = ""
    problem: str = ""
    is_day: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.text or self.problem)


@dataclass(slots=True)
class Table:
    """The known columns of a file: `letters` by heading, rows by their number in the file.

    `ignored` are the headings of columns that mean nothing here, `notes`
    sentences about what else was left out.
    """

    letters: dict[str, str]
    rows: dict[int, dict[str, Cell]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, row: int, heading: str) -> str:
        """Where a cell is: `5行目 C列（実績値）`."""
        letter = self.letters.get(heading)
        return f"{row}行目 {letter}列（{heading}）" if letter else f"{row}行目（{heading}）"

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
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Table":
        """The table that `as_data` gave."""
        rows = {
            int(number): {heading: Cell(text) for heading, text in cells.items()}
            for number, cells in data["rows"].items()
        }
        return cls(data["letters"], rows, data["ignored"], data["notes"])
