"""A plan that begins with nothing but its name and period, as a workbook without a file."""

from collections.abc import Mapping

from common.spreadsheets.cells import Cell
from common.spreadsheets.table import Table
from entry.plan_workbook import forms
from entry.plan_workbook.workbook import Workbook

_FIRST_ROW = 2


class _Items(Table):
    """The sheet 計画 as somebody typed it: a place in it is the name of the item."""

    def place(self, row: int, heading: str) -> str:
        """The item of a row: `計画名`."""
        return self.cell(row, forms.ITEM).text if row in self.rows else heading


def empty_workbook(items: Mapping[str, str]) -> Workbook:
    """The workbook of a plan without pillars or KPIs; `items` are those of the sheet 計画.

    A problem's place in it is the name of its item.
    """
    letters = {forms.ITEM: "A", forms.CONTENT: "B"}
    rows = {
        number: {forms.ITEM: Cell(item), forms.CONTENT: Cell(text)}
        for number, (item, text) in enumerate(items.items(), start=_FIRST_ROW)
    }
    no_kpi = Table({one.heading: "" for one in forms.BY_NAME[forms.KPIS].columns})
    return Workbook({forms.PLAN: _Items(letters, rows), forms.KPIS: no_kpi})
