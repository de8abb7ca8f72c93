"""The sheets 実績 and 公表 while they are filled from a city's table."""

from dataclasses import dataclass, field

from common.reading.figures import read_number
from common.spreadsheets.cells import Cell
from common.spreadsheets.table import Table
from entry.actuals_file import columns as actuals
from entry.own_table import uses
from entry.own_table.data_rows import Found, Indicator
from entry.own_table.odd_figures import Figure, Place, read_odd
from entry.own_table.questions import Asker
from entry.own_table.tables import Row, add_row, made_table, stated
from entry.plan_workbook import forms
from entry.plan_workbook.columns import written_figure

_TEXTS = {uses.ANALYSIS: actuals.ANALYSIS, uses.NEXT_STEPS: actuals.NEXT_STEPS}
_RATES = {uses.ACHIEVEMENT: "達成率", uses.PROGRESS: "進捗率", uses.RATING: ""}


@dataclass(slots=True)
class FigureSheets:
    """Adds an indicator's figures of all years, and what was published of them.

    `expected_on` is the day, as it was typed, of those that are 集計中 (`has_pending`).
    """

    asker: Asker
    expected_on: str
    has_pending: bool = False
    actuals: Table = field(default_factory=lambda: made_table(forms.ACTUALS))
    published: Table = field(default_factory=lambda: made_table(forms.PUBLISHED))
    _calculated: dict[str, int] = field(default_factory=dict)

    def read(self, found: Found, use: str, unit: str) -> tuple[Cell, Figure]:
        """A cell of figures less what is odd in it, and what that meant."""
        if found.cell.problem:
            return found.cell, Figure("")
        figure = read_odd(found.text, unit, Place(use, found.place), self.asker)
        figure.text = _plain(figure.text, unit)
        return Cell(figure.text), figure

    def add(self, indicator: Indicator, key: Row, unit: str) -> list[Cell]:
        """The rows of an indicator; `key` names it. Gives its actuals."""
        figures = []
        years = sorted({year for _use, year in indicator.yearly if year is not None})
        for year in years:
            cells: Row = {}
            found = indicator.yearly.get((uses.ACTUAL, year))
            if found is not None:
                cells = self._actual(found, year, unit)
                figures.append(cells[actuals.VALUE][0])
            for use, heading in _TEXTS.items():
                if text := indicator.yearly.get((use, year)):
                    cells[heading] = (text.cell, text.place)
            if any(not cell.is_blank for cell, _place in cells.values()):
                place = found.place if found is not None else indicator.place
                add_row(self.actuals, key | {actuals.YEAR: stated(str(year), place)} | cells, place)
            self._add_published(indicator, key, year)
        return figures

    def _actual(self, found: Found, year: int, unit: str) -> Row:
        cell, figure = self.read(found, uses.ACTUAL, unit)
        self.has_pending = self.has_pending or figure.is_pending
        value_year = str(figure.year) if figure.year not in (None, year) else ""
        return {
            actuals.VALUE: (cell, found.place),
            actuals.VALUE_YEAR: stated(value_year, found.place),
            actuals.PROVISIONAL: stated("1" if figure.is_provisional else "", found.place),
            actuals.EXPECTED: stated(self.expected_on if figure.is_pending else "", found.place),
            actuals.REASON: stated(figure.reason, found.place),
        }

    def _add_published(self, indicator: Indicator, key: Row, year: int) -> None:
        for use, kind in _RATES.items():
            found = indicator.yearly.get((use, year))
            if found is None:
                continue
            if found.cell.problem:
                label = uses.BY_KEY[use].label
                self._calculated[label] = self._calculated.get(label, 0) + 1
                continue
            heading = "評価" if use == uses.RATING else "率"
            add_row(
                self.published,
                key
                | {
                    actuals.YEAR: stated(str(year), found.place),
                    "率の種類": stated(kind, found.place),
                    heading: (found.cell, found.place),
                },
                found.place,
            )

    @property
    def notes(self) -> list[str]:
        """What of the published rates is not held against ours."""
        return [
            f"{label}のうち{count}個のセルは、数式などなので、照らし合わせに使いません。"
            for label, count in self._calculated.items()
        ]


def _plain(text: str, unit: str) -> str:
    """A figure without its unit and separators; any other text as it stands."""
    try:
        return written_figure(read_number(text, unit))
    except ValueError:
        return text
