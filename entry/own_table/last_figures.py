"""Figures of years past from a city's own table, for a plan that there is."""

from collections.abc import Iterable
from typing import NamedTuple

from common.reading.names import comparable, read_code
from common.spreadsheets.sheet import Sheet
from entry.own_table import uses
from entry.own_table.converting import Converted, lacking, read_rows, uses_of
from entry.own_table.data_rows import Found, Indicator
from entry.own_table.figure_sheets import FigureSheets
from entry.own_table.odd_figures import EXPECTED
from entry.own_table.part_sheets import plan_table
from entry.own_table.settings import OwnTable
from entry.own_table.tables import Row, stated
from entry.plan_workbook import forms
from entry.plan_workbook.workbook import Problem
from projects.words import OWN_WORDS, PlanWords

PLAN_CODE = "計画コード"


class KnownKpi(NamedTuple):
    """An indicator of the plan; `code` is its KPI番号 as the plan workbook has it."""

    code: str
    name: str
    unit: str


def convert_figures(
    sheet: Sheet, settings: OwnTable, kpis: Iterable[KnownKpi], words: PlanWords = OWN_WORDS
) -> Converted:
    """A plan workbook's sheets 実績 and 公表. `settings.plan` has the plan's code.

    A row is an indicator's by its KPI番号, else by its name; `problems` name the cells of rows
    that are none's, or could be several's, in the plan's `words`. Raises FileRefused for a
    broken file.
    """
    table = read_rows(sheet, settings)
    columns = uses_of(table.headings, settings)
    converted = Converted(count=len(table.indicators))
    converted.unfinished = lacking(table, columns, by_code=True)
    known = _Known(kpis, words)
    made = FigureSheets(table.asker, settings.plan.get(EXPECTED, ""))
    taken: dict[str, str] = {}
    for one in table.indicators:
        found = known.match(one)
        if isinstance(found, Problem):
            converted.problems.append(found)
        elif (before := taken.setdefault(found.code, one.place)) != one.place:
            message = f"{found.code}の行が2つあります（もう1つは{before}）。1つにしてください。"
            converted.problems.append(Problem(message, one.name.place, one.name.text))
        else:
            key: Row = {"KPI番号": stated(found.code, one.place)}
            made.add(one, key, found.unit)
    if made.has_pending and not made.expected_on:
        converted.unfinished.append(f"{EXPECTED}を入力してください。")
    if not any(column.use in (uses.ACTUAL, uses.BY_KIND) for column in columns.values()):
        converted.unfinished.append("実績値の列を選び、その年度を選んでください。")
    sheets = {
        forms.PLAN: plan_table({PLAN_CODE: settings.plan.get(PLAN_CODE, "")}),
        forms.ACTUALS: made.actuals,
        forms.PUBLISHED: made.published,
    }
    converted.sheets = {name: one for name, one in sheets.items() if one.rows}
    converted.questions = list(table.asker.asked.values())
    converted.notes = [*table.notes, *made.notes, *table.asker.notes]
    return converted


class _Known:
    """The plan's indicators by their codes and names."""

    def __init__(self, kpis: Iterable[KnownKpi], words: PlanWords) -> None:
        self._words = words
        self._by_code: dict[str, KnownKpi] = {}
        self._by_name: dict[str, list[KnownKpi]] = {}
        for one in kpis:
            self._by_code[read_code(one.code)] = one
            self._by_name.setdefault(comparable(one.name), []).append(one)

    def match(self, indicator: Indicator) -> KnownKpi | Problem:
        """The indicator that a row is about, or why there is none."""
        code, name = indicator.text(uses.CODE), indicator.name
        if code.text:
            found = self._by_code.get(read_code(code.text))
            if found is None:
                return self._problem(code, _UNKNOWN_CODE)
            if name.place != code.place and comparable(name.text) != comparable(found.name):
                return self._problem(name, _OTHER_NAME, found.code, found.name)
            return found
        named = self._by_name.get(comparable(name.text), [])
        if len(named) == 1:
            return named[0]
        if named:
            codes = "、".join(one.code for one in named)
            return self._problem(name, _SEVERAL, len(named), codes)
        return self._problem(name, _UNKNOWN_NAME)

    def _problem(self, found: Found, sentence: str, *said: object) -> Problem:
        return Problem(self._words.put(sentence).format(*said), found.place, found.text)


_UNKNOWN_CODE = "このKPI番号の指標は、計画にありません。番号を確かめてください。"
_OTHER_NAME = "{}の指標名は「{}」です。行か番号を確かめてください。"
_SEVERAL = "同じ名前の指標が{}つあります（{}）。KPI番号の列を加えてください。"
_UNKNOWN_NAME = (
    "この名前の指標は、計画にありません。計画の指標名に合わせるか、KPI番号の列を加えるか、"
    "行を消してください。"
)
