"""What cells of a workbook refer to has to be there: pillars, projects, initiatives, KPIs."""

import re
from collections.abc import Callable, Iterable

from common.fiscal_year import wareki
from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.columns import DELETE
from entry.plan_workbook.standing import Records
from entry.plan_workbook.workbook import Problem
from entry.plan_workbook.written import Written, WrittenRow

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_GOALS = re.compile(r"G(?P<pillar>[0-9]+)")
_MOST_NAMED = 8


def check_references(written: Written, records: Records) -> None:
    """Add a problem for each cell that refers to nothing, and for each that a new row lacks."""
    _Checking(written, records).check()


class _Checking:
    def __init__(self, written: Written, records: Records) -> None:
        self.written = written
        self.records = records
        self.known = {
            sheet: self._known(sheet)
            for sheet in (forms.PILLARS, forms.PROJECTS, forms.INITIATIVES, forms.KPIS)
        }

    def check(self) -> None:
        self._check_plan()
        for form in forms.FORMS:
            for row in self.written.of(form.name):
                if form.name not in (forms.PLAN, forms.BANDS) and not row.is_deletion:
                    self._check_needed(form, row)
        checks: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
            (forms.PROJECTS, "柱", forms.PILLARS, str),
            (forms.INITIATIVES, "プロジェクト", forms.PROJECTS, str),
            (forms.INITIATIVES, "再掲元", forms.INITIATIVES, str),
            (forms.MOVES, "プロジェクト", forms.PROJECTS, str),
            (forms.RULES, "KPI番号", forms.KPIS, str),
            (forms.MOVES, "KPI番号", forms.KPIS, str),
            (forms.TARGETS, "KPI番号", forms.KPIS, str),
            (forms.YEARLY, "KPI番号", forms.KPIS, str),
            (forms.ACTUALS, "KPI番号", forms.KPIS, str),
            (forms.PUBLISHED, "KPI番号", forms.KPIS, str),
        )
        for sheet, heading, of, named in checks:
            for row in self.written.of(sheet):
                text = row.cells.get(heading, "")
                if text and not self._is_known(of, named(text)):
                    self._tell(row, heading, of, text)
        for row in self.written.of(forms.KPIS):
            code, dash, number = row.cells.get("KPI番号", "").partition("（")[0].rpartition("-")
            if not (dash and _NUMBER.fullmatch(number)):
                message = "記号と番号で P1-2 のように書いてください。"
                self.written.refuse(row, "KPI番号", message, row.cells.get("KPI番号", ""))
            elif not self._is_known(forms.PROJECTS, code):
                self._tell(row, "KPI番号", forms.PROJECTS, code)
        self._check_years()

    def _known(self, sheet: str) -> set[str]:
        gone = {row.key for row in self.written.of(sheet) if row.is_deletion}
        return {*self.records.get(sheet, {}), *self.written.rows.get(sheet, {})} - gone

    def _is_known(self, of: str, name: str) -> bool:
        goals = _GOALS.fullmatch(name)
        if of == forms.PROJECTS and goals is not None:
            pillar = goals["pillar"]
            return pillar == "0" or pillar in self.known[forms.PILLARS]
        return name in self.known[of]

    def _tell(self, row: WrittenRow, heading: str, of: str, text: str) -> None:
        known = _listed(self.known[of])
        there = f"あるもの：{known}" if known else "まだ1つもありません"
        message = (
            f"「{text}」は、シート「{of}」にありません（{there}）。"
            f"書き間違いを直すか、シート「{of}」に加えてください。"
        )
        self.written.refuse(row, heading, message, text)

    def _check_plan(self) -> None:
        if forms.PLAN in self.records or forms.PLAN not in self.written.workbook.sheets:
            return
        table = self.written.workbook.sheets[forms.PLAN]
        for item in forms.ITEMS:
            if item.is_needed and not self.written.row(forms.PLAN, item.heading):
                place = table.where.removesuffix("の")
                message = f"「{item.heading}」の行を加えてください。{item.meaning}。"
                self.written.problems.append(Problem(message, place))
            elif item.is_needed:
                row = self.written.rows[forms.PLAN][item.heading]
                if forms.CONTENT not in row.cells and not row.has_problem:
                    message = f"{item.heading}を書いてください。{item.meaning}。"
                    self.written.refuse(row, forms.CONTENT, message)

    def _check_needed(self, form: forms.SheetForm, row: WrittenRow) -> None:
        """What a row that is new has to say beside what names it."""
        if row.key in self.records.get(form.name, {}) or row.has_problem:
            return
        needed = [one for one in form.columns if one.is_needed and not one.is_key]
        for column in needed:
            if column.heading not in row.cells:
                self.written.refuse(row, column.heading, f"書いてください。{column.meaning}。")
        if form.name == forms.INITIATIVES and not row.cells.keys() & {"取組名", "再掲元"}:
            self.written.refuse(
                row, "取組名", "取組名を書くか、再掲のときは再掲元を書いてください。"
            )
        for heading in row.deleted:
            message = f"新しい行なので、{DELETE}は書けません。空欄にしてください。"
            self.written.refuse(row, heading, message, DELETE)

    def _check_years(self) -> None:
        years = plan_years(self.written, self.records)
        if years is None:
            return
        span = f"計画期間（{wareki(years[0])}から{wareki(years[-1])}まで）"
        for sheet in (forms.ACTUALS, forms.PUBLISHED):
            for row in self.written.of(sheet):
                year = row.cells.get(actuals.YEAR, "")
                if year and int(year) not in years:
                    message = f"{span}の年度にしてください。"
                    self.written.refuse(row, actuals.YEAR, message, year)
        for row in self.written.of(forms.YEARLY):
            for heading in row.cells:
                if heading.isdigit() and int(heading) not in years:
                    message = f"{span}の外の年度です。列を消すか、見出しを直してください。"
                    self.written.refuse(row, heading, message, row.cells[heading])


def plan_years(written: Written, records: Records) -> range | None:
    """The plan's years as they will be; None where the workbook doesn't say."""

    def said(item: str) -> str:
        row = written.row(forms.PLAN, item)
        stated = row.cells.get(forms.CONTENT, "") if row else ""
        return stated or records.get(forms.PLAN, {}).get(item, {}).get(forms.CONTENT, "")

    first, last = said("最初の年度"), said("最終年度")
    if not (first and last):
        return None
    changed = [
        record["最終年度"]
        for record in (
            *records.get(forms.PERIODS, {}).values(),
            *(row.cells for row in written.of(forms.PERIODS)),
        )
        if "最終年度" in record
    ]
    return range(int(first), max(map(int, [last, *changed])) + 1) or None


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = "、…" if len(ordered) > _MOST_NAMED else ""
    return "、".join(ordered[:_MOST_NAMED]) + more
