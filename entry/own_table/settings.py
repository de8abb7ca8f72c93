"""How a city's table is to be read: guessed, changed by its people, and remembered."""

from dataclasses import asdict, dataclass, field
from typing import Any

from entry.own_table.uses import BY_KEY, UNUSED


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column is (`uses`), and of which fiscal year where it says something of a year."""

    use: str = UNUSED
    year: int | None = None


@dataclass(slots=True)
class OwnTable:
    """The reading of a table whose headings stand in rows `first_heading` to `last_heading`.

    `columns` go by the key of a heading; `words` by use and by the word as `comparable` writes
    it, with what it means; `answers` by the key of a question. `plan` has what no table says, by
    the items of the sheet 計画. `codes` are the 記号 that projects were given, by their texts as
    `comparable` writes them.
    """

    sheet: str = ""
    first_heading: int = 1
    last_heading: int = 1
    columns: dict[str, ColumnUse] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The settings as JSON takes them."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "OwnTable":
        """The settings that `as_data` gave; uses that there are no more are none."""
        columns = {
            key: ColumnUse(one["use"] if one["use"] in BY_KEY else UNUSED, one["year"])
            for key, one in data["columns"].items()
        }
        return cls(**(data | {"columns": columns}))
