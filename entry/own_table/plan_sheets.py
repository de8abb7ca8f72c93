"""The sheets of a plan workbook while they are filled from a city's table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from common.reading.years import years_within
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.table import Table
from entry.own_table import uses
from entry.own_table.cell_parts import decimals_of
from entry.own_table.data_rows import NOWHERE, Found, Indicator
from entry.own_table.figure_sheets import FigureSheets
from entry.own_table.meanings import FROM_BASELINE, KEPT, RATIO, Meanings, figure_of
from entry.own_table.odd_figures import EXPECTED, Figure
from entry.own_table.part_sheets import TYPED, pillar_table, plan_table, project_table
from entry.own_table.parts import Parts
from entry.own_table.questions import Asker, Reading
from entry.own_table.tables import Row, add_row, made_table, stated
from entry.plan_workbook import forms
from kpis.models import MAX_DECIMAL_PLACES

# What is said of a plan beside the items of its sheet.
RATE, FORMULA = "評価に使う率", "達成率の算式"
NO_RATING = "評価しない"
RATES = ("進捗率", "達成率", NO_RATING)
_WEAK_SEPARATOR = re.compile("[・･]")
_SEPARATORS = re.compile(r"[、，,／/\n;；]+")
_FALLS = re.compile("減|低下|下回|縮小|抑制|短縮")


class _Targets(NamedTuple):
    """An indicator's final target, with the year that its column names."""

    found: Found = NOWHERE
    year: int | None = None


@dataclass(slots=True)
class PlanSheets:
    """Adds indicators, what they belong to, and the plan.

    `plan` is what was said of it (`OwnTable.plan`), `last_year` its last one, if that is known.
    """

    asker: Asker
    meanings: Meanings
    plan: Mapping[str, str]
    last_year: int | None
    has_unit_column: bool
    notes: list[str] = field(default_factory=list)
    kpis: Table = field(default_factory=lambda: made_table(forms.KPIS))
    targets: Table = field(default_factory=lambda: made_table(forms.TARGETS))
    yearly: Table = field(default_factory=lambda: made_table(forms.YEARLY))
    departments: Table = field(default_factory=lambda: made_table(forms.DEPARTMENTS))
    figures: FigureSheets = field(init=False)
    _known_departments: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.figures = FigureSheets(self.asker, self.plan.get(EXPECTED, ""))

    def sheets(self, parts: Parts) -> dict[str, Table]:
        """All sheets that have rows, in the order of the workbook."""
        made = {
            forms.PLAN: self._plan(parts),
            forms.RULES: self._rules(),
            forms.PILLARS: pillar_table(parts),
            forms.PROJECTS: project_table(parts),
            forms.DEPARTMENTS: self.departments,
            forms.KPIS: self.kpis,
            forms.TARGETS: self.targets,
            forms.YEARLY: self.yearly,
            forms.ACTUALS: self.figures.actuals,
            forms.PUBLISHED: self.figures.published,
        }
        return {name: table for name, table in made.items() if table.rows}

    def add_kpi(self, indicator: Indicator, code: str) -> None:
        """An indicator with its target, its yearly targets and its figures."""
        unit_found, name = self.meanings.unit(indicator, has_column=self.has_unit_column)
        unit, aggregation = self.meanings.plain_unit(unit_found)
        target, dues = self._goals(indicator)
        goal_cell, goal = self.figures.read(target.found, uses.TARGET, unit)
        baseline_found = indicator.text(uses.BASELINE)
        baseline_cell, baseline = self.figures.read(baseline_found, uses.BASELINE, unit)
        relation = goal.relation
        direction = (
            self.meanings.direction(indicator, relation)
            or self.meanings.by_target(indicator, goal.text, baseline.text, unit)
            or ("以下" if goal.met_by and _FALLS.search(goal.text) else "")
        )
        aggregation = self.meanings.aggregation(indicator) or aggregation or goal.aggregation
        due_cells = {
            year: (self.figures.read(found, uses.DUE, unit)[0], found.place)
            for year, found in sorted(dues.items())
        }
        kept = direction == KEPT and _are_equal(goal, baseline, unit)
        at = indicator.place
        key: Row = {"KPI番号": stated(code, at)}
        figures = [goal_cell, baseline_cell, *(cell for cell, _at in due_cells.values())]
        figures += self.figures.add(indicator, key, unit)
        formula = self._formula(
            indicator, figures, unit, bears_growth=not (kept or baseline_cell.is_blank)
        )
        name_cell = indicator.name.cell if indicator.name.cell.problem else Cell(name)
        add_row(self.kpis,
            key
            | {
                "指標名": (name_cell, indicator.name.place),
                "単位": (unit_found.cell if unit_found.cell.problem else Cell(unit),
                         unit_found.place or at),
                "小数桁数": stated(_decimals(figures, unit), at),
                "集計方法": stated(aggregation, indicator.text(uses.AGGREGATION).place or at),
                "目指す方向": stated("以上" if direction == KEPT else direction,
                                indicator.text(uses.DIRECTION).place or target.found.place or at),
                "達成率の算式": stated(formula, at),
                "所管課": self._departments(indicator.text(uses.DEPARTMENT)),
                "算出方法": _cell(indicator.text(uses.METHOD)),
                "出典": _cell(indicator.text(uses.SOURCE)),
                "備考": _joined(indicator.remarks),
            },
            at,
        )  # fmt: skip
        year = _year_in(indicator.text(uses.TARGET_YEAR)) or goal.year or target.year
        add_row(self.targets,
            key
            | {
                "目標値": (goal_cell, target.found.place),
                "条件": stated("" if relation == direction else relation, target.found.place),
                "許容幅": stated("0" if kept else "", at),
                "満たし方": stated(goal.met_by, target.found.place),
                "目標年度": stated("" if year in (None, self.last_year) else str(year),
                               indicator.text(uses.TARGET_YEAR).place or target.found.place),
                "基準値": (baseline_cell, baseline_found.place),
                "基準値の年度": self._baseline_year(indicator, baseline),
            },
            at,
        )  # fmt: skip
        if due_cells:
            own = {str(one): cell for one, cell in due_cells.items()}
            self.yearly.letters |= dict.fromkeys(own, "")
            add_row(self.yearly, key | own, at)

    def _formula(
        self, indicator: Indicator, figures: list[Cell], unit: str, *, bears_growth: bool
    ) -> str:
        """The 達成率の算式; blank for the usual one."""
        chosen = self.plan.get(FORMULA, "")
        texts = [one.text for one in figures]
        formula = self.meanings.formula(indicator, texts, unit, chosen)
        if chosen == FROM_BASELINE and not bears_growth:
            self._note(
                f"基準値がないか、基準値を保つ指標の達成率は、「{RATIO}」で計算することにしました。"
            )
            return RATIO
        return formula

    def _goals(self, indicator: Indicator) -> tuple[_Targets, dict[int, Found]]:
        """The final target, and what is due in years before it."""
        yearly = {(use, year): found for (use, year), found in indicator.yearly.items()}
        dues = {year: found for (use, year), found in yearly.items() if use == uses.DUE and year}
        goals = {year: found for (use, year), found in yearly.items() if use == uses.TARGET}
        last = max((year for year in goals if year), default=None)
        target = _Targets(goals[None]) if None in goals else NO_TARGET
        if last is not None and target is NO_TARGET:
            target = _Targets(goals.pop(last), last)
        dues |= {year: found for year, found in goals.items() if year and year not in dues}
        end = target.year or self.last_year
        if end is not None and end in dues:
            at_the_end = dues.pop(end)
            if target is NO_TARGET:
                target = _Targets(at_the_end, end)
                note = "最終目標値の列がない指標は、最終年度の目標を最終目標値としました。"
                self._note(note)
            elif at_the_end.text != target.found.text:
                dues[end] = at_the_end  # refused where the plan is looked over, at its cell
        return target, dues

    def _baseline_year(self, indicator: Indicator, baseline: Figure) -> tuple[Cell, str]:
        found = indicator.text(uses.BASELINE_YEAR)
        if not found.cell.is_blank:
            year = _year_in(found)
            return (Cell(str(year)) if year else found.cell, found.place)
        place = indicator.text(uses.BASELINE).place
        year = baseline.year or indicator.baseline_year
        return stated(str(year) if year and baseline.text else "", place)

    def _departments(self, found: Found) -> tuple[Cell, str]:
        """The departments of a cell; each new one is on the sheet 所管課 too."""
        if not found.text:
            return found.cell, found.place
        names = [one.strip() for one in _SEPARATORS.split(found.text) if one.strip()]
        parted = []
        for name in names:
            if _WEAK_SEPARATOR.search(name):
                answer = self.asker.ask(
                    "weak_separator",
                    "所管課の名前に「・」があります。",
                    [Reading("several", "「・」で区切った、複数の課"),
                     Reading("one", "「・」を含む、1つの課の名前")],
                    example=name,
                    place=found.place,
                )  # fmt: skip
                parted += _WEAK_SEPARATOR.split(name) if answer == "several" else [name]
            else:
                parted.append(name)
        for name in parted:
            if name not in self._known_departments:
                self._known_departments.add(name)
                add_row(self.departments, {"名称": stated(name, found.place)}, found.place)
        return stated("、".join(parted), found.place)

    def _plan(self, parts: Parts) -> Table:
        """The sheet 計画: what was typed, and what its parts are called by the signs they have."""
        words = {"柱の呼び名": parts.pillar_word, "プロジェクトの呼び名": parts.project_word}
        return plan_table(words | {item: said for item, said in self.plan.items() if said})

    def _rules(self) -> Table:
        """The sheet 評価のきまり; without a row where the plan rates as most do."""
        table = made_table(forms.RULES)
        rate, place = self.plan.get(RATE, ""), TYPED.format(RATE)
        if rate == NO_RATING:
            add_row(table, {"対象": stated("指標", place), "方法": stated("なし", place)}, place)
        elif rate and rate != RATES[0]:
            cells = {"対象": stated("指標", place), "方法": stated("率", place)}
            add_row(table, cells | {"使う率": stated(rate, place)}, place)
        return table

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


NO_TARGET = _Targets()


def _cell(found: Found) -> tuple[Cell, str]:
    return found.cell, found.place


def _joined(found: list[Found]) -> tuple[Cell, str]:
    """Several columns of remarks as one text."""
    if not found:
        return BLANK, ""
    if problem := next((one for one in found if one.cell.problem), None):
        return problem.cell, problem.place
    return Cell("\n".join(one.text for one in found)), found[0].place


def _year_in(found: Found) -> int | None:
    years = set(years_within(found.text))
    return years.pop() if len(years) == 1 else None


def _are_equal(goal: Figure, baseline: Figure, unit: str) -> bool:
    value = figure_of(goal.text, unit)
    return value is not None and value == figure_of(baseline.text, unit)


def _decimals(figures: list[Cell], unit: str) -> str:
    """The decimals that an indicator's figures need; blank where it has none."""
    needed = [decimals_of(one.text, unit) for one in figures if not one.is_blank]
    return str(min(max(needed), MAX_DECIMAL_PLACES)) if needed else ""
