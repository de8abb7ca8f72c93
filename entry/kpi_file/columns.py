"""The columns of a KPI file: what each may say, and how it is read and written."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from import_export.fields import Field

from common.reading.figures import NotAFigure, read_number
from common.reading.names import comparable, half_width
from common.reading.texts import clean_text
from common.reading.units import NO_UNIT, read_unit
from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.writing import unguard
from kpis.models import MAX_DECIMAL_PLACES, Aggregation, Direction, Formula
from projects.models import Department

AGGREGATIONS = {"累計": Aggregation.CUMULATIVE, "単年度": Aggregation.ANNUAL}
DIRECTIONS = {"以上": Direction.INCREASE, "以下": Direction.DECREASE}
FORMULAS = {
    "実績÷目標": Formula.RATIO,
    "目標との乖離": Formula.DEVIATION,
    "基準値からの伸び": Formula.FROM_BASELINE,
}


def text_of(cell: Cell) -> str:
    """What a cell of the file says. Raises ValueError where it can't be taken."""
    if cell.problem:
        raise ValueError(cell.problem)
    return unguard(clean_text(cell.text))


class Column(Field):
    """A column of texts; a blank cell leaves the KPI as it is.

    `meaning` says on the import's page what it takes.
    """

    def __init__(self, name: str, attribute: str, meaning: str, **kwargs: Any) -> None:
        super().__init__(attribute, name, **kwargs)
        self.meaning = meaning

    def clean(self, row: Mapping[str, Cell], **kwargs: Any) -> Any:
        return self.read(text_of(row[self.column_name]), row)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return self.write(self.get_value(instance))

    def read(self, text: str, _row: Mapping[str, Cell]) -> Any:
        """What a cell's text means. Raises ValueError with a sentence in Japanese."""
        return text

    def write(self, value: Any) -> Any:
        """The cell for a KPI's value."""
        return "" if value is None else str(value)


class UnitColumn(Column):
    """A unit; なし for figures without one."""

    def read(self, text: str, _row: Mapping[str, Cell]) -> str:
        return read_unit(text)

    def write(self, value: Any) -> str:
        return value or NO_UNIT


class FigureColumn(Column):
    """A figure: full width, thousands separators and the KPI's own unit are understood."""

    def read(self, text: str, row: Mapping[str, Cell]) -> Decimal | None:
        try:
            return read_number(text, row.get("単位", BLANK).text)
        except NotAFigure as word:
            raise ValueError(word.saying("値がないときは、空欄にしてください。")) from None

    def write(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else Decimal(f"{value.normalize():f}")


class DecimalPlacesColumn(Column):
    """A number of decimals, 0 to 4."""

    def read(self, text: str, _row: Mapping[str, Cell]) -> int:
        digit = half_width(text)
        if digit not in {str(places) for places in range(MAX_DECIMAL_PLACES + 1)}:
            raise ValueError(f"「{digit}」は使えません。0から{MAX_DECIMAL_PLACES}までの整数です。")
        return int(digit)


class FiscalYearColumn(Column):
    """A fiscal year in any usual spelling; written as the western year."""

    def read(self, text: str, _row: Mapping[str, Cell]) -> int:
        return read_fiscal_year(text)


class ChoiceColumn(Column):
    """One of a few words, or the longer label that pages show for it."""

    def __init__(self, name: str, attribute: str, words: Mapping[str, Any]) -> None:
        super().__init__(name, attribute, "・".join(words))
        self.words = words

    def read(self, text: str, _row: Mapping[str, Cell]) -> Any:
        for word, choice in self.words.items():
            if comparable(text) in (comparable(word), comparable(choice.label)):
                return choice
        raise ValueError(f"「{text}」は使えません。{self.meaning}のどれかを入れてください。")

    def write(self, value: Any) -> str:
        return next((word for word, choice in self.words.items() if choice == value), "")


class DepartmentColumn(Column):
    """A department by its name or code."""

    departments: list[Department] = []

    def read(self, text: str, _row: Mapping[str, Cell]) -> Department:
        found = [
            one
            for one in self.departments
            if comparable(text) in (comparable(one.name), comparable(one.code))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            codes = "、".join(one.code for one in found)
            raise ValueError(
                f"「{text}」という課が複数あります。課コードで書いてください（{codes}）。"
            )
        known = "、".join(f"{one.name}（{one.code}）" for one in self.departments)
        remedy = (
            f"課名か課コードで書いてください：{known}" if known else "先に所管課を登録してください"
        )
        raise ValueError(f"「{text}」という課はありません。{remedy}。")

    def write(self, value: Department | None) -> str:
        return "" if value is None else value.name
