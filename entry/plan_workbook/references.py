"""What cells of a workbook refer to has to be there: pillars, projects, initiatives, KPIs.

One mistake is told once: not again at each row that refers to what it is about.
"""

from collections import defaultdict
from collections.abc import Iterable

from common.fiscal_year import wareki
from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.columns import DELETE, SheetForm
from entry.plan_workbook.row_checks import check_rows
from entry.plan_workbook.standing import Records
from entry.plan_workbook.unnamed_rows import Missing, is_number, meant_by_unnamed
from entry.plan_workbook.workbook import Problem
from entry.plan_workbook.written import Written, WrittenRow
from projects.project_codes import is_of_goals

_MOST_NAMED = 8
# Sheet, column, and the sheet in which is what it names.
_REFERENCES = (
    (forms.PROJECTS, "柱", forms.PILLARS),
    (forms.INITIATIVES, "プロジェクト", forms.PROJECTS),
    (forms.INITIATIVES, "再掲元", forms.INITIATIVES),
    (forms.KPIS, "KPI番号", forms.PROJECTS),
    (forms.MOVES, "プロジェクト", forms.PROJECTS),
    (forms.RULES, "KPI番号", forms.KPIS),
    (forms.MOVES, "KPI番号", forms.KPIS),
    (forms.TARGETS, "KPI番号", forms.KPIS),
    (forms.YEARLY, "KPI番号", forms.KPIS),
    (forms.ACTUALS, "KPI番号", forms.KPIS),
    (forms.PUBLISHED, "KPI番号", forms.KPIS),
)

# Columns that name their rows: where they name what is not there, the row may be another one.
_NAMING = ((forms.INITIATIVES, "プロジェクト"), (forms.KPIS, "KPI番号"))


def check_references(written: Written, records: Records) -> None:
    """Add a problem for each cell that refers to nothing, and for each that a new row lacks."""
    _Checking(written, records).check()


class _Checking:
    def __init__(self, written: Written, records: Records) -> None:
        self.written = written
        self.records = records
        self._check_numbers()
        self.known = {
            sheet: self._known(sheet)
            for sheet in (forms.PILLARS, forms.PROJECTS, forms.INITIATIVES, forms.KPIS)
        }
        # Sheets that can't be read, or that what refers to them lacks.
        self.without = set(written.workbook.unread)
        # A workbook that doesn't say its plan may be one of a plan that is there.
        self.is_of_unknown_plan = not (records or written.row(forms.PLAN, "計画コード"))

    def check(self) -> None:
        self._check_plan()
        for form in forms.FORMS:
            for row in self.written.of(form.name):
                if form.name not in (forms.PLAN, forms.BANDS) and not row.is_deletion:
                    self._check_needed(form, row)
        unknown: defaultdict[str, dict[tuple[str, str, str], list[WrittenRow]]] = defaultdict(dict)
        for sheet, heading, of in _REFERENCES:
            for row in self.written.of(sheet):
                name = _name_in(row, heading, of)
                if name and heading not in row.wrong and not self._is_known(of, name):
                    unknown[of].setdefault((sheet, heading, name), []).append(row)
        for of in dict.fromkeys(of for _sheet, _heading, of in _REFERENCES):
            if of in unknown:
                self._tell(of, unknown[of])
        self._check_years()
        check_rows(self.written, self.records)

    def _known(self, sheet: str) -> set[str]:
        new = {row.key for row in self.written.of(sheet) if not row.is_deletion}
        return {*self.records.get(sheet, {}), *new}

    def _is_known(self, of: str, name: str) -> bool:
        if of == forms.PROJECTS and is_of_goals(name):
            return name == "G0" or self._is_known(forms.PILLARS, name[1:])
        return name in self.known[of]

    def _tell(self, of: str, found: Missing) -> None:
        """Tell what isn't there, once for each name and sheet, however many rows refer to it."""
        written = self.written
        is_there = of in written.workbook.sheets
        is_needed = forms.BY_NAME[of].is_required and of not in self.records
        if of in written.workbook.unread or (is_needed and not is_there):
            _mark_wrong(found)  # for which the sheet is told
            return
        meant = meant_by_unnamed(written, of, found)
        if of == forms.PROJECTS and forms.PILLARS in self.without:
            meant |= {name for _sheet, _heading, name in found if is_of_goals(name)}
        _mark_wrong({at: rows for at, rows in found.items() if at[2] in meant})
        found = {at: rows for at, rows in found.items() if at[2] not in meant}
        if found and not self.known[of] and not is_there:
            self.without.add(of)
            self._tell_of_sheet(of, found)
            return
        for (sheet, heading, name), rows in found.items():
            self._tell_of(rows[0], heading, self._message(of, name), len(rows) - 1)
            for row in rows[1:]:
                row.wrong.add(heading)
            if (sheet, heading) in _NAMING:
                written.unnamed.setdefault(sheet, []).extend(rows)

    def _tell_of_sheet(self, of: str, found: Missing) -> None:
        """Tell at the first cell that needs it that a sheet is not there."""
        if self.is_of_unknown_plan:
            return
        _mark_wrong(found)
        (_sheet, heading, _name), rows = next(iter(found.items()))
        more = sum(map(len, found.values())) - 1
        message = f"シート「{of}」がないか、データの行がありません。ひな形のとおりに加えてください"
        self._tell_of(rows[0], heading, message, more)

    def _message(self, of: str, name: str) -> str:
        if of == forms.PROJECTS and is_of_goals(name):
            pillar = f"番号{name[1:]}の柱"
            return f"「{name}」は、{pillar}の数値目標です。シート「柱」に、{pillar}がありません"
        known = _listed(self.known[of])
        there = f"あるもの：{known}" if known else "まだ1つもありません"
        return (
            f"「{name}」は、シート「{of}」にありません（{there}）。"
            f"書き間違いを直すか、シート「{of}」に加えてください"
        )

    def _tell_of(self, row: WrittenRow, heading: str, message: str, more: int) -> None:
        others = f"（シート「{row.sheet}」のほか{more}行も同じ）" if more else ""
        self.written.refuse(row, heading, f"{message}{others}。")

    def _check_numbers(self) -> None:
        """Refuse what names no place in a plan; a row that does stands for nothing else."""
        for row in self.written.of(forms.KPIS):
            _code, dash, number = row.key.partition("（")[0].rpartition("-")
            if not (dash and is_number(number)):
                message = "記号と番号で P1-2 のように書いてください。"
                self._leave_out(row, "KPI番号", message)
        for row in self.written.of(forms.INITIATIVES):
            if not is_number(row.cells.get("番号", "").partition("（")[0]):
                self._leave_out(row, "番号", "1からの整数で書いてください。")

    def _leave_out(self, row: WrittenRow, heading: str, message: str) -> None:
        self.written.refuse(row, heading, message)
        self.written.leave_out(row)

    def _check_plan(self) -> None:
        for item in forms.ITEMS:
            row = self.written.row(forms.PLAN, item.heading)
            if item.is_needed and row and forms.CONTENT in row.deleted:
                message = f"{item.heading}は、なくせません。新しい内容を書いてください。"
                self.written.refuse(row, forms.CONTENT, message)
                row.deleted.clear()
        if forms.PLAN in self.records or forms.PLAN not in self.written.workbook.sheets:
            return
        table = self.written.workbook.sheets[forms.PLAN]
        for item in forms.ITEMS:
            row = self.written.row(forms.PLAN, item.heading)
            if item.is_needed and row is None:
                place = table.where.removesuffix("の")
                message = f"「{item.heading}」の行を加えてください（{item.meaning}）。"
                last = (forms.ORDER.index(forms.PLAN), max(table.rows, default=0) + 1)
                self.written.problems.append(Problem(message, place, order=last))
            elif item.is_needed and row and not row.has_problem and forms.CONTENT not in row.cells:
                self.written.refuse(row, forms.CONTENT, item.asked)

    def _check_needed(self, form: SheetForm, row: WrittenRow) -> None:
        """What a row that is new has to say beside what names it."""
        if row.key in self.records.get(form.name, {}) or self.is_of_unknown_plan:
            return
        needed = [one for one in form.columns if one.is_needed and not one.is_key]
        for column in needed:
            if column.heading not in {*row.cells, *row.wrong, *row.deleted}:
                self.written.refuse(row, column.heading, column.asked)
        said = {*row.cells, *row.wrong, *row.deleted}
        if form.name == forms.INITIATIVES and not said & {"取組名", "再掲元"}:
            self.written.refuse(
                row, "取組名", "取組名を書くか、再掲のときは再掲元を書いてください。"
            )
        for heading in sorted(row.deleted):
            message = f"新しい行なので、{DELETE}は書けません。空欄にしてください。"
            self.written.refuse(row, heading, message)

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
                    self.written.refuse(row, actuals.YEAR, message)
        outside: defaultdict[str, list[WrittenRow]] = defaultdict(list)
        for row in self.written.of(forms.YEARLY):
            for heading in row.cells:
                if heading.isdigit() and int(heading) not in years:
                    outside[heading].append(row)
        for heading, rows in outside.items():
            message = f"{span}の外の年度です。列を消すか、見出しを直してください"
            self._tell_of(rows[0], heading, message, len(rows) - 1)
            for row in rows[1:]:
                row.wrong.add(heading)


def plan_years(written: Written, records: Records) -> range | None:
    """The plan's years as they will be; None where the workbook doesn't say."""

    def said(item: str) -> str:
        row = written.row(forms.PLAN, item)
        if row and row.has_problem:
            return ""
        stated = row.cells.get(forms.CONTENT, "") if row else ""
        return stated or records.get(forms.PLAN, {}).get(item, {}).get(forms.CONTENT, "")

    first, last = said("最初の年度"), said("最終年度")
    unclear = {*written.unnamed, *written.workbook.unread}
    if not (first and last) or forms.PERIODS in unclear:
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


def _mark_wrong(found: Missing) -> None:
    """Let cells be wrong that are told of elsewhere."""
    for (_sheet, heading, _name), rows in found.items():
        for row in rows:
            row.wrong.add(heading)


def _name_in(row: WrittenRow, heading: str, of: str) -> str:
    """What a cell names; of a KPI番号 in the sheet 指標 the project."""
    name = row.cells.get(heading, "")
    if row.sheet == forms.KPIS and of == forms.PROJECTS:
        return name.partition("（")[0].rpartition("-")[0]
    return name


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = "、…" if len(ordered) > _MOST_NAMED else ""
    return "、".join(ordered[:_MOST_NAMED]) + more
