"""Tells faults at their cells, one mistake once.

What a mistake elsewhere brings with it is left out: what hangs on a KPI whose way of counting is
wrong, yearly targets beside a final one that is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.saving import Fault
from entry.plan_workbook.saving.standing_in import WITHOUT_CONSEQUENCE
from entry.plan_workbook.workbook import Problem
from entry.plan_workbook.written import Written, WrittenRow

_OF_ONE_KPI = (forms.TARGETS, forms.YEARLY, forms.ACTUALS, forms.MOVES)
# What of a row stands for itself, whatever else is wrong in it; of other sheets everything.
_INDEPENDENT: dict[str, Collection[str]] = {
    forms.KPIS: WITHOUT_CONSEQUENCE,
    forms.TARGETS: ("適用年度", "目標年度", "理由"),
    forms.RULES: (),
    forms.PERIODS: (),
    forms.MOVES: (),
    forms.ACTUALS: (),
}


def problems_of(faults: Iterable[Fault], written: Written, *, is_new: bool) -> list[Problem]:
    """The faults that are mistakes of their own, each with its place. `is_new`: of a new plan."""
    return _Telling(list(faults), written, is_new=is_new).problems()


def unchecked_of(written: Written, *, is_partly: bool) -> str:
    """What mistakes keep from being checked, in sentences; empty where everything was.

    `is_partly`: something was tried out in part, or its faults are not told.
    """
    found = ""
    if written.unchecked:
        sheets = "".join(f"「{name}」" for name in forms.ORDER if name in written.unchecked)
        found = f"シート「{forms.KPIS}」を直すまで、シート{sheets}の数値は確かめていません。"
    if found or is_partly or written.unnamed or written.workbook.unread:
        found += "直すと、ほかの誤りが見つかることがあります。"
    return found


class _Telling:
    def __init__(self, faults: list[Fault], written: Written, *, is_new: bool) -> None:
        self.faults = faults
        self.written = written
        self.is_new = is_new
        # Of each row, the headings that are wrong: as read, and as its rules find it.
        self.wrong: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for sheet, rows in written.rows.items():
            for key, row in rows.items():
                if row.wrong:
                    self.wrong[sheet, key] |= row.wrong
        for fault in faults:
            self.wrong[fault.sheet, fault.key].add(fault.heading)

    def problems(self) -> list[Problem]:
        told = [one for one in self.faults if not self._follows(one)]
        return [self._problem(one) for one in told]

    def _problem(self, fault: Fault) -> Problem:
        row = self.written.row(fault.sheet, fault.key)
        heading = fault.heading
        if heading == forms.BANDS:
            row, heading = self.written.row(forms.BANDS, fault.key) or row, "記号"
        if row is None:
            return Problem(fault.message, f"シート「{fault.sheet}」（{fault.key}）")
        if fault.sheet == forms.KPIS and "基準値が要り" in fault.message:
            # It is missing in the sheet of the targets, where it is to be written.
            target = self.written.row(forms.TARGETS, f"{fault.key}／")
            if target is not None and target.sheet == forms.TARGETS:
                row, heading = target, "基準値"
        return self.written.problem(row, heading, fault.message)

    def _follows(self, fault: Fault) -> bool:
        """Whether another mistake, which is told by itself, is why."""
        row = self.written.row(fault.sheet, fault.key)
        if row is None:
            # What a new plan lacks was told.
            return fault.sheet == forms.PLAN and self.is_new and fault.heading == forms.CONTENT
        if row.wrong and not self._is_independent(fault, row):
            return True
        if "計画期間" in fault.message and self._is_period_unknown():
            return True
        kpi = fault.key.split("／")[0]
        if fault.sheet in _OF_ONE_KPI and not WITHOUT_CONSEQUENCE.issuperset(
            self.wrong.get((forms.KPIS, kpi), ())
        ):
            return True
        return self._follows_from_another_sheet(fault, row, kpi)

    def _follows_from_another_sheet(self, fault: Fault, row: WrittenRow, kpi: str) -> bool:
        if fault.sheet == forms.KPIS:
            stated = self.written.row(forms.TARGETS, f"{kpi}／")
            return stated is not None and "基準値" in stated.wrong and not row.wrong
        if fault.sheet == forms.ACTUALS and fault.heading in actuals.RATINGS:
            return any(sheet in (forms.RULES, forms.BANDS) for sheet, _key in self.wrong)
        needs_target = fault.sheet == forms.YEARLY or fault.heading == actuals.VALUE
        return needs_target and any(
            sheet == forms.TARGETS and key.split("／")[0] == kpi for sheet, key in self.wrong
        )

    def _is_period_unknown(self) -> bool:
        years = [self.written.row(forms.PLAN, item) for item in ("最初の年度", "最終年度")]
        return (
            forms.PERIODS in {*self.written.unnamed, *self.written.workbook.unread}
            or any(self.wrong[at] - {"理由"} for at in self.wrong if at[0] == forms.PERIODS)
            or any(row is not None and row.has_problem for row in years)
        )

    def _is_independent(self, fault: Fault, row: WrittenRow) -> bool:
        if fault.heading in row.wrong or fault.heading not in row.cells or not row.is_named:
            return False
        return fault.heading in _INDEPENDENT.get(fault.sheet, row.cells)
