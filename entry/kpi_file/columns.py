"""What the columns of a KPI file may say, and how they are read and written."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget

from common.fiscal_year import parse_fiscal_year
from common.number_input import clean_text, read_number
from common.reading.comparable import comparable, half_width
from common.reading.invisible import without_invisible
from common.reading.radicals import unify_radicals
from common.spreadsheets.cells import Cell
from common.spreadsheets.guarding import unguard
from entry.actuals_file.words_for_states import state_instead_of_figure
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
    return unify_radicals(unguard(clean_text(cell.text)))


class TextWidget(Widget):
    """Text."""

    def clean(self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any) -> Any:
        return text_of(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)


class FigureWidget(TextWidget):
    """A figure: full width, thousands separators and the KPI's own unit are understood."""

    def clean(
        self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any
    ) -> Decimal | None:
        text = without_invisible(text_of(value))
        unit = (row or {}).get("単位")
        try:
            return read_number(text, unit.text if unit else "")
        except ValueError:
            if state_instead_of_figure(text):
                raise ValueError(
                    f"「{text[:20]}」は数字ではありません。値がないときは、空欄にしてください。"
                ) from None
            raise

    def render(self, value: Decimal | None, obj: Any = None, **kwargs: Any) -> Decimal | None:
        return None if value is None else Decimal(f"{value.normalize():f}")


class DecimalPlacesWidget(TextWidget):
    """A number of decimals, 0 to 4."""

    def clean(self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any) -> int:
        text = half_width(text_of(value))
        if text not in {str(places) for places in range(MAX_DECIMAL_PLACES + 1)}:
            raise ValueError(f"「{text}」は使えません。0から{MAX_DECIMAL_PLACES}までの整数です。")
        return int(text)


class FiscalYearWidget(TextWidget):
    """A fiscal year in any usual spelling; written as the western year."""

    def clean(self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any) -> int:
        return parse_fiscal_year(without_invisible(text_of(value)))


class ChoiceWidget(TextWidget):
    """One of a few words, or the longer label that pages show for it."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__()
        self.words = dict(words)

    def clean(self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any) -> Any:
        text = text_of(value)
        for word, choice in self.words.items():
            if comparable(text) in (comparable(word), comparable(choice.label)):
                return choice
        raise ValueError(
            f"「{text}」は使えません。{'・'.join(self.words)}のどれかを入れてください。"
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return next((word for word, choice in self.words.items() if choice == value), "")


class DepartmentWidget(TextWidget):
    """A department by its name or code."""

    def __init__(self) -> None:
        super().__init__()
        self.departments: list[Department] = []

    def clean(
        self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: Any
    ) -> Department:
        text = text_of(value)
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

    def render(self, value: Department | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else value.name


class Column(Field):
    """A column of the file; a blank cell leaves the KPI as it is.

    `meaning` says on the import's page what it takes.
    """

    def __init__(self, name: str, widget: Widget, meaning: str, **kwargs: Any) -> None:
        super().__init__(column_name=name, widget=widget, **kwargs)
        self.meaning = meaning
