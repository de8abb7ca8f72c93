"""The rows of a city's table that are indicators, with what each belongs to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.reading.names import comparable
from common.reading.years import years_within
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.merging import MergedRange
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet
from entry.own_table import uses
from entry.own_table.headings import Heading, line_of
from entry.own_table.questions import Asker, Reading
from entry.own_table.row_kinds import KINDS_OF_ROWS, kind_of_row
from entry.own_table.settings import ColumnUse
from entry.own_table.signs import signed
from entry.own_table.tables import place_of_cell, place_of_row
from entry.plan_workbook.told import Kind
from entry.plan_workbook.told import Reading as Told

MOST_ROWS = 3000
_TOTALS = frozenset({"合計", "計", "小計", "総計", "平均", "総合計", "全体"})
_FOOTNOTE = re.compile(r"\s*[(（]?(※|＊|\*|注|資料|出典|備考)")
_LONGEST_SHOWN = 30
_PROJECT_WORDS = re.compile("施策|プロジェクト|方向|取組|事業")


@dataclass(frozen=True, slots=True)
class Found:
    """A cell of the table, with its place in the file."""

    cell: Cell
    place: str

    @property
    def text(self) -> str:
        """What it says; empty where there is a problem with it."""
        return "" if self.cell.problem else self.cell.text


NOWHERE = Found(BLANK, "")


@dataclass(slots=True)
class Indicator:
    """An indicator: its rows' first, its name, and its cells by use, and by use and year.

    `pillar` and `project` are texts of the table; empty where there is none.
    """

    row: int
    place: str
    name: Found
    pillar: Found = NOWHERE
    project: Found = NOWHERE
    texts: dict[str, Found] = field(default_factory=dict)
    yearly: dict[tuple[str, int | None], Found] = field(default_factory=dict)
    remarks: list[Found] = field(default_factory=list)
    # That which the heading of its baseline names.
    baseline_year: int | None = None

    def text(self, use: str) -> Found:
        """A cell by its use; nowhere where the table has none."""
        return self.texts.get(use, NOWHERE)


@dataclass(slots=True)
class DataRows:
    """Reads the rows below the headings. `left_out` and `carried` are sentences."""

    sheet: Sheet
    ranges: Sequence[MergedRange]
    headings: Sequence[Heading]
    columns: dict[str, ColumnUse]
    last_heading: int
    asker: Asker
    indicators: list[Indicator] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _carried: dict[str, list[int]] = field(default_factory=dict)
    _pillar: Found = NOWHERE
    _project: Found = NOWHERE
    _by_use: dict[str, Heading] = field(default_factory=dict)
    # By row, the range that runs over the names of indicators and more.
    _across: dict[int, MergedRange] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for heading in self.headings:
            self._by_use.setdefault(self.columns.get(heading.key, ColumnUse()).use, heading)
        name = self._heading(uses.NAME) or self._heading(uses.CODE)
        last_row = max(self.sheet.rows, default=0)
        for one in self.ranges:
            is_wide = one.first_column < one.last_column
            if name and is_wide and one.first_column <= name.column <= one.last_column:
                rows = range(one.first_row, min(one.last_row, last_row) + 1)
                self._across |= dict.fromkeys(rows, one)

    def read(self) -> list[Indicator]:
        """The indicators in the order of the table. Raises FileRefused for more than MOST_ROWS."""
        if sum(number > self.last_heading for number in self.sheet.rows) > MOST_ROWS:
            raise FileRefused(
                f"見出しより下に{MOST_ROWS:,}行を超える行があります。"
                "指標の行だけにして、保存し直してください。"
            )
        for number, cells in self.sheet.rows.items():
            if number > self.last_heading:
                self._take(number, cells)
        return self.indicators

    @property
    def notes(self) -> list[str]:
        """What was taken from the row above, and what was left out."""
        notes = [
            Told(f"{label}の空欄は、上の行と同じと読みました（{_listed(rows)}行目）。", Kind.MERGED)
            for label, rows in self._carried.items()
        ]
        return [*notes, *(Told(one, Kind.UNUSED) for one in self.left_out)]

    def _heading(self, use: str) -> Heading | None:
        return self._by_use.get(use)

    def _found(self, number: int, heading: Heading) -> Found:
        cell = self.sheet.rows[number].get(heading.column, BLANK)
        return Found(cell, place_of_cell(self.sheet, number, heading))

    def _take(self, number: int, cells: dict[int, Cell]) -> None:
        heading = self._heading(uses.NAME) or self._heading(uses.CODE)
        if heading is None or self._is_heading_again(cells):
            return
        band = self._band(number, cells)
        if band is not None and self._take_band(number, band, heading):
            return
        self._take_groups(number)
        name = self._found(number, heading)
        kind, year = self._kind(number), self._row_year(number)
        goes_on = bool(kind or year) and bool(self.indicators) and self._is_same(name)
        if name.cell.is_blank and not goes_on:
            self._leave_out(number, "指標名がないので", cells)
            return
        if comparable(name.text) in _TOTALS:
            self._leave_out(number, "合計などの行なので", cells)
            return
        if goes_on:
            indicator = self.indicators[-1]
        else:
            indicator = Indicator(number, place_of_row(self.sheet, number), name)
            self.indicators.append(indicator)
            self._belongs(number, indicator)
        self._take_cells(number, indicator, kind, year)

    def _is_heading_again(self, cells: dict[int, Cell]) -> bool:
        """Whether the headings are repeated, as at the top of a printed page."""
        texts = [(one, line_of(cells.get(one.column, BLANK))) for one in self.headings]
        said = [(one, text) for one, text in texts if text]
        return len(said) > 1 and all(text in one.lines for one, text in said)

    def _band(self, number: int, cells: dict[int, Cell]) -> Found | None:
        """What a row says over its whole width, or alone: 基本目標1 …; None where it's none."""
        across = self._across.get(number)
        if across is not None:
            cell = cells.get(across.first_column, BLANK)
            others = [at for at in cells if not across.first_column <= at <= across.last_column]
            if not cell.is_blank and not cell.problem and not others:
                return Found(cell, place_of_row(self.sheet, number))
        groups = {
            one.column
            for one in (self._heading(uses.PILLAR), self._heading(uses.PROJECT))
            if one is not None
        }
        alone = [at for at in cells if at not in groups]
        if len(alone) == 1 and not cells[alone[0]].problem and len(self.headings) > 1:
            return Found(cells[alone[0]], place_of_row(self.sheet, number))
        return None

    def _take_band(self, number: int, band: Found, name: Heading) -> bool:
        """Take a band as what somebody says it is; False where it is an indicator after all."""
        if _FOOTNOTE.match(band.text) or comparable(band.text) in _TOTALS:
            self._leave_out(number, "注などの行なので", {0: band.cell})
            return True
        sign = signed(band.text)
        word = sign.word or ("番号" if sign.sign else "")
        pillar = Reading("pillar", "柱（基本目標）の名前")
        project = Reading("project", "プロジェクト（施策）の名前")
        readings = [pillar, project, Reading("drop", "使わない")]
        if _PROJECT_WORDS.search(word):
            readings = [project, pillar, readings[2]]
        if not sign.sign:
            readings = [readings[2], *readings[:2]]
        if not self.sheet.rows[number].get(name.column, BLANK).is_blank:
            readings.append(Reading("kpi", "指標（数字はまだない）"))
        about = f"「{word}」で始まる、" if word else ""
        answer = self.asker.ask(
            f"band={comparable(word)}",
            f"{about}1つの文だけの行があります。",
            readings,
            example=band.text,
            place=band.place,
        )
        if answer == "pillar":
            self._pillar, self._project = band, NOWHERE
        elif answer == "project":
            self._project = band
        elif answer == "drop":
            self._leave_out(number, "文だけの行なので", {0: band.cell})
        return answer != "kpi"

    def _take_groups(self, number: int) -> None:
        """Go on to the pillar and the project that a row names."""
        pillar, project = self._group(number, uses.PILLAR), self._group(number, uses.PROJECT)
        if pillar.text and comparable(pillar.text) != comparable(self._pillar.text):
            self._pillar, self._project = pillar, NOWHERE
        if project.text and comparable(project.text) != comparable(self._project.text):
            self._project = project

    def _group(self, number: int, use: str) -> Found:
        """What a row says of a group; nowhere for a note below the table."""
        heading = self._heading(use)
        found = self._found(number, heading) if heading is not None else NOWHERE
        is_note = _FOOTNOTE.match(found.text) or comparable(found.text) in _TOTALS
        return NOWHERE if is_note else found

    def _belongs(self, number: int, indicator: Indicator) -> None:
        """Say what an indicator belongs to: what its row names, or a row above."""
        indicator.pillar, indicator.project = self._pillar, self._project
        heading = self._heading(uses.PILLAR)
        if heading is not None and self._found(number, heading).cell.is_blank and self._pillar.text:
            self._carried.setdefault(f"{heading.letters}列（{heading.text}）", []).append(number)
        heading = self._heading(uses.PROJECT)
        if heading is None or not self._found(number, heading).cell.is_blank:
            return
        if self._project is NOWHERE:
            return
        answer = self.asker.ask(
            "blank_project",
            f"{heading.letters}列（{heading.text}）が空欄の行があります。",
            [
                Reading("above", "上の行と同じ"),
                Reading("goal", "どれにも属さない、柱の数値目標"),
            ],
            example=indicator.name.text,
            place=place_of_row(self.sheet, number),
        )
        if answer == "goal":
            indicator.project = NOWHERE
        elif answer == "above":
            self._carried.setdefault(f"{heading.letters}列（{heading.text}）", []).append(number)

    def _is_same(self, name: Found) -> bool:
        before = self.indicators[-1]
        same_groups = before.pillar is self._pillar or before.pillar.text == self._pillar.text
        return name.cell.is_blank or (
            comparable(name.text) == comparable(before.name.text) and same_groups
        )

    def _kind(self, number: int) -> str:
        """What a row of several for one indicator says: 目標 or 実績; empty without that column."""
        heading = self._heading(uses.ROW_KIND)
        found = self._found(number, heading) if heading is not None else NOWHERE
        if not found.text:
            return ""
        first = kind_of_row(found.text)
        if first == uses.ACHIEVEMENT:
            first = uses.PROGRESS  # beside rows of goals it is that of the year's goal
        order = [first, *(one for one in KINDS_OF_ROWS if one != first)]
        answer = self.asker.ask(
            f"row_kind={comparable(found.text)[:40]}",
            f"「{found.text[:20]}」の行があります。",
            [Reading(one, KINDS_OF_ROWS[one]) for one in order],
            example=found.text,
            place=found.place,
        )
        return answer or "drop"

    def _row_year(self, number: int) -> int | None:
        """The fiscal year of a whole row, where each year has a row of its own."""
        heading = self._heading(uses.ROW_YEAR)
        years = set(years_within(self._found(number, heading).text)) if heading else set()
        return years.pop() if len(years) == 1 else None

    def _take_cells(
        self, number: int, indicator: Indicator, kind: str, row_year: int | None
    ) -> None:
        for heading in self.headings:
            column = self.columns.get(heading.key, ColumnUse())
            found = self._found(number, heading)
            if not column.use or found.cell.is_blank:
                continue
            use = kind if column.use == uses.BY_KIND else column.use
            if use == uses.REMARKS:
                if found.text not in [one.text for one in indicator.remarks]:
                    indicator.remarks.append(found)
            elif use in uses.BY_KEY and uses.BY_KEY[use].of_years:
                indicator.yearly.setdefault((use, column.year or row_year), found)
            else:
                indicator.texts.setdefault(use, found)
                if use == uses.BASELINE:
                    indicator.baseline_year = column.year

    def _leave_out(self, number: int, why: str, cells: dict[int, Cell]) -> None:
        texts = dict.fromkeys(" ".join(cell.text.split()) for cell in cells.values())
        shown = " ".join(texts)[:_LONGEST_SHOWN]
        self.left_out.append(f"{place_of_row(self.sheet, number)}は、{why}使いません（{shown}）。")


def _listed(rows: Iterable[int]) -> str:
    """`7〜9、12`: row numbers, neighbours together."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][-1] + 1:
            parts[-1].append(row)
        else:
            parts.append([row])
    return "、".join(f"{one[0]}〜{one[-1]}" if len(one) > 1 else str(one[0]) for one in parts)
