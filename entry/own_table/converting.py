"""Makes the tables of a plan workbook out of a city's own wide table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import Cell
from common.spreadsheets.merging import MergedRange, fill_merged, merged_ranges
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.table import Table
from entry.own_table import uses
from entry.own_table.cell_parts import plain_figure
from entry.own_table.data_rows import DataRows, Indicator
from entry.own_table.headings import Heading, headings_of, notes_on
from entry.own_table.meanings import Meanings, figure_of, says_sum
from entry.own_table.odd_figures import EXPECTED
from entry.own_table.parts import Parts, ProjectPart
from entry.own_table.plan_sheets import PlanSheets
from entry.own_table.questions import Asker, Question
from entry.own_table.settings import ColumnUse, OwnTable
from entry.own_table.signs import word_in
from entry.plan_workbook.told import Kind
from entry.plan_workbook.told import Reading as Told
from entry.plan_workbook.workbook import Problem, Workbook

_MOST_RANGES = 5
LAST_YEAR, PLAN_NAME = "最終年度", "計画名"


@dataclass(slots=True)
class Converted:
    """What became of a table.

    `sheets` are those of a plan workbook by name. `notes` say what was read otherwise than
    written, `questions` what can mean several things, with the answers that were given; while
    one has none, or `unfinished` (sentences on what the mapping lacks) is not empty, the sheets
    are not to be taken. `projects` are those found, with their 記号. `problems` are rows of
    figures that are no indicator's of the plan. `count` is how many indicators there are.
    """

    sheets: dict[str, Table] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    projects: list[ProjectPart] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to be said about the table."""
        return not self.unfinished and all(one.answer for one in self.questions)

    @property
    def workbook(self) -> Workbook:
        """The same as a plan workbook's file gives."""
        return Workbook(dict(self.sheets), self.notes, self.problems)


@dataclass(slots=True)
class ReadTable:
    """The rows of a table by the settings, and what was noted while they were read."""

    sheet: Sheet
    headings: list[Heading]
    indicators: list[Indicator]
    asker: Asker
    notes: list[str]


def read_rows(sheet: Sheet, settings: OwnTable) -> ReadTable:
    """The indicators of a sheet as it came out of its file. Raises FileRefused."""
    first, last = settings.first_heading, settings.last_heading
    filled = fill_merged(sheet)
    headings = headings_of(filled, first, last)
    columns = uses_of(headings, settings)
    mapped = [one for one in headings if columns[one.key].use]
    asker = Asker(settings.answers)
    last_row = max(filled.rows, default=0)
    ranges = [
        one for one in merged_ranges(sheet) if last < one.last_row and one.first_row <= last_row
    ]
    rows = DataRows(filled, ranges, headings, columns, last, asker)
    indicators = rows.read()
    merged = [*_notes_on_merged(ranges, mapped, filled), *notes_on(mapped, first, last)]
    notes = [*sheet.notes, *(Told(one, Kind.MERGED) for one in merged), *rows.notes]
    return ReadTable(filled, headings, indicators, asker, notes)


def _notes_on_merged(
    ranges: Sequence[MergedRange], mapped: Sequence[Heading], filled: Sheet
) -> list[str]:
    """What was done with the merged cells of each column; many of one column in one sentence."""
    notes = []
    by_column: dict[int, list[tuple[MergedRange, Cell]]] = {}
    for one in ranges:
        cell = filled.rows.get(one.first_row, {}).get(one.first_column)
        if one.first_row < one.last_row and cell is not None:
            by_column.setdefault(one.first_column, []).append((one, cell))
    for heading in mapped:
        filled_ones = by_column.get(heading.column, [])
        if len(filled_ones) <= _MOST_RANGES:
            notes += [one.note(cell) for one, cell in filled_ones]
        else:
            named = "、".join(one.name for one, _cell in filled_ones[:_MOST_RANGES])
            notes.append(
                f"{heading.letters}列の結合されたセル（{named}など{len(filled_ones)}か所）は、"
                "その内容を、結合したすべての行に当てました。"
            )
    return notes


def uses_of(headings: Sequence[Heading], settings: OwnTable) -> dict[str, ColumnUse]:
    """What each column is: as it was said, or as its neighbours of other years were.

    So a new year's column in next year's file needs no word from anybody.
    """
    patterns: dict[str, str] = {}
    for key, column in settings.columns.items():
        patterns.setdefault(Heading(0, (), key).pattern, column.use)
    found = {}
    for one in headings:
        use = patterns.get(one.pattern, uses.UNUSED) if one.year else uses.UNUSED
        found[one.key] = settings.columns.get(one.key) or ColumnUse(use, one.year)
    return found


def convert(sheet: Sheet, settings: OwnTable) -> Converted:
    """A plan workbook's tables of a whole plan. Raises FileRefused for a broken file."""
    table = read_rows(sheet, settings)
    converted = Converted(count=len(table.indicators))
    columns = uses_of(table.headings, settings)
    converted.unfinished = lacking(table, columns)
    parts = Parts(settings.codes, settings.plan.get(PLAN_NAME, ""))
    parts.read(table.indicators)
    parts.pillar_word = parts.pillar_word or _word_of(uses.PILLAR, table, columns)
    parts.project_word = parts.project_word or _word_of(uses.PROJECT, table, columns)
    running = [one for one in table.indicators if says_sum(one)]
    meanings = Meanings(table.asker, looks_like_running=_never_falls(running))
    has_units = any(column.use == uses.UNIT for column in columns.values())
    made = PlanSheets(
        table.asker, meanings, settings.plan, _last_year(settings), has_unit_column=has_units
    )
    for one in table.indicators:
        made.add_kpi(one, parts.kpi_code(one))
    if made.figures.has_pending and not made.figures.expected_on:
        converted.unfinished.append(f"{EXPECTED}を入力してください。")
    converted.sheets = made.sheets(parts)
    converted.projects = list(parts.projects.values())
    converted.questions = list(table.asker.asked.values())
    converted.notes = [*table.notes, *parts.notes, *made.notes, *made.figures.notes]
    converted.notes += table.asker.notes
    return converted


def _word_of(use: str, table: ReadTable, columns: dict[str, ColumnUse]) -> str:
    """What the headings call the parts of a plan in their column; empty where they don't tell."""
    own = [one for one in table.headings if columns[one.key].use == use and one.lines]
    return next((word for one in own if (word := word_in(one.lines[-1]))), "")


def lacking(table: ReadTable, columns: dict[str, ColumnUse], *, by_code: bool = False) -> list[str]:
    """What the mapping of columns lacks, as sentences; `by_code` needs no names."""
    headings, indicators = table.headings, table.indicators
    lacks = []
    chosen = [columns[one.key].use for one in headings]
    if uses.NAME not in chosen and not (by_code and uses.CODE in chosen):
        lacks.append("指標名の列を選んでください。")
    elif not indicators:
        lacks.append("見出しより下に、指標の行がありません。見出しの行を確かめてください。")
    lacks += [
        f"「{uses.BY_KEY[use].label}」の列は1つだけ選んでください。"
        for use in sorted(uses.ONCE)
        if chosen.count(use) > 1
    ]
    taken: dict[tuple[str, int | None], str] = {}
    for one in headings:
        column = columns[one.key]
        if not column.use or not uses.BY_KEY[column.use].of_years:
            continue
        label = f"{one.letters}列（{one.text}）"
        if column.year is None and column.use != uses.TARGET and uses.ROW_YEAR not in chosen:
            lacks.append(f"{label}の年度を選んでください。")
        elif (same := taken.setdefault((column.use, column.year), label)) != label:
            lacks.append(f"{same}と{label}は、同じ年度の同じものになっています。")
    return lacks


def _never_falls(indicators: Sequence[Indicator]) -> bool:
    """Whether the actuals of all of them only rise, as running totals do; False for one year."""
    are_several = False
    for one in indicators:
        actuals = sorted(
            (year or 0, figure)
            for (use, year), found in one.yearly.items()
            if use == uses.ACTUAL
            and (figure := figure_of(plain_figure(found.text), "")) is not None
        )
        figures = [figure for _year, figure in actuals]
        if figures != sorted(figures):
            return False
        are_several = are_several or len(set(figures)) > 1
    return are_several


def _last_year(settings: OwnTable) -> int | None:
    try:
        return read_fiscal_year(settings.plan.get(LAST_YEAR, ""))
    except ValueError:
        return None
