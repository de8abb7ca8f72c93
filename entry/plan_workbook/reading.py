"""Reads what a workbook says, cell by cell, as records: checked one by one, all at once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress

from common.reading.figures import NotAFigure, read_number
from common.reading.names import comparable, half_width
from common.reading.texts import clean_text
from common.reading.units import NO_UNIT
from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.shift_jis import is_loss_of
from common.spreadsheets.table import Table
from common.spreadsheets.writing import unguard
from entry.actual_value import read_actual_value
from entry.actuals_file import columns as actuals
from entry.actuals_file.importing import LOST_CHARACTERS
from entry.actuals_file.row import not_a_value
from entry.plan_workbook import forms
from entry.plan_workbook.band_rows import gather_bands
from entry.plan_workbook.columns import DELETE, Column, SheetForm, figure, written_figure, year
from entry.plan_workbook.departments import Departments
from entry.plan_workbook.figure_remedies import is_same_figure, remedy_of
from entry.plan_workbook.forms import FORMS
from entry.plan_workbook.rating_rules import width_of, written_width
from entry.plan_workbook.records import record_of_department
from entry.plan_workbook.standing import Records, Standing, key_of
from entry.plan_workbook.target_cells import split_target
from entry.plan_workbook.target_rows import is_judged_by_people
from entry.plan_workbook.told import Kind, Reading
from entry.plan_workbook.workbook import Problem, Workbook
from entry.plan_workbook.written import Written, WrittenRow

_FIGURES = ((forms.TARGETS, "目標値"), (forms.ACTUALS, actuals.VALUE))
# Cells whose columns take a day may hold one.
_DAYS = ("設置日", "廃止日", actuals.EXPECTED)


def plan_code(workbook: Workbook) -> str:
    """The 計画コード that a workbook states; empty where it states none."""
    table = workbook.sheets.get(forms.PLAN)
    for cells in table.rows.values() if table else ():
        item, content = cells.get(forms.ITEM), cells.get(forms.CONTENT)
        if item and content and comparable(item.text) == comparable("計画コード"):
            return half_width(unguard(clean_text(content.text)))
    return ""


def read_written(workbook: Workbook, standing: Standing, records: Records) -> Written:
    """Everything that a workbook says of a plan, held against what stands of it (`records`)."""
    return _Reading(workbook, standing, records).read()


class _Reading:
    """A workbook while it is read."""

    def __init__(self, workbook: Workbook, standing: Standing, records: Records) -> None:
        self.written = Written(workbook, problems=list(workbook.problems))
        self.standing = standing
        self.records = records
        self.otherwise: Counter[tuple[str, str, str, str]] = Counter()
        self.first_place: dict[tuple[str, str, str, str], str] = {}
        self.with_units: list[str] = []
        self.departments = Departments(standing.departments.values())
        kpis = records.get(forms.KPIS, {})
        self.begins = {key: row.get("開始年度", "") for key, row in kpis.items()}
        self.written.units = {
            key: row.get("単位", "").replace(NO_UNIT, "") for key, row in kpis.items()
        }

    def read(self) -> Written:
        written = self.written
        for form in sorted(FORMS, key=lambda one: _ORDER.index(one.name)):
            table = written.workbook.sheets.get(form.name)
            if table is None:
                if (
                    form.is_required
                    and form.name not in self.records
                    and form.name not in written.workbook.unread
                ):
                    message = f"シート「{form.name}」がないか、データの行がありません。"
                    written.problems.append(Problem(f"{message}ひな形のとおりに加えてください。"))
                continue
            if form.name == forms.BANDS:
                self._bands(table)
            else:
                self._sheet(form, table)
        written.version = self._version()
        written.readings += list(self._readings())
        return written

    def _sheet(self, form: SheetForm, table: Table) -> None:
        rows: dict[str, WrittenRow] = {}
        if form.name == forms.DEPARTMENTS:
            self.departments.tell_apart(_named_twice(table))
        for number, cells in table.rows.items():
            row = self._row(form, table, number, cells)
            if row is None:
                continue
            if not row.is_named:
                self.written.leave_out(row)
                continue
            if row.key in rows and row.key.strip("／"):
                self._refuse_second(form, row, rows[row.key].number)
                self.written.leave_out(row)
                continue
            rows[row.key] = row
            self.written.rows.setdefault(form.name, {})[row.key] = row

    def _refuse_second(self, form: SheetForm, row: WrittenRow, first: int) -> None:
        """Tell that a row has what names another one, whose number in the file is `first`."""
        named = "・".join(one.heading for one in form.keys if one.heading in row.cells)
        message = f"{first}行目と{named}が同じです。{named}を直すか、1行にまとめてください。"
        self.written.refuse(row, form.keys[0].heading, message)

    def _row(
        self, form: SheetForm, table: Table, number: int, cells: Mapping[str, Cell]
    ) -> WrittenRow | None:
        row = WrittenRow(form.name, "", number)
        texts = self._texts(form, table, row, cells)
        if form.name == forms.PLAN:
            self._item(row, texts)
            return row if row.key else None
        unit = self._unit(form, row, texts)
        if form.name == forms.TARGETS:
            self._condition(row, texts, unit)
        named_first = sorted(texts, key=lambda one: not form.column(one).is_key)
        for heading in named_first:
            column, text = form.column(heading), texts[heading]
            if text == DELETE and not column.is_key:
                row.deleted.add(heading)
            elif column.is_key or not self._is_lossy(form, row, heading, text):
                self._cell(row, column, heading, text, unit)
        for column in form.keys:
            if column.is_needed and column.heading not in {*row.cells, *row.wrong}:
                self.written.refuse(row, column.heading, column.asked)
        row.key = self._key(form, row)
        return row

    def _texts(
        self, form: SheetForm, table: Table, row: WrittenRow, cells: Mapping[str, Cell]
    ) -> dict[str, str]:
        """The row's texts by heading; a heading that is a year by the western year."""
        texts = {}
        for spelled, cell in cells.items():
            heading = spelled
            if form.has_years and spelled not in [one.heading for one in form.columns]:
                heading = str(read_fiscal_year(half_width(spelled)))
            if cell.problem and not (cell.is_day and heading in _DAYS):
                self.written.refuse(row, heading, cell.problem)
                continue
            text = unguard(clean_text(cell.text))
            if text:
                texts[heading] = text
        return texts

    def _is_lossy(self, form: SheetForm, row: WrittenRow, heading: str, text: str) -> bool:
        """Whether a cell is what stands, less characters that Shift_JIS lost; then that stays."""
        parts = [row.cells.get(one.heading, "") for one in form.keys]
        key = _listing_key(*parts) if form.name == forms.INITIATIVES else key_of(*parts)
        standing = self.records.get(form.name, {}).get(row.key or key, {}).get(heading, "")
        if not is_loss_of(text, standing):
            return False
        said = f"{self.written.place(row, heading)}：{LOST_CHARACTERS}"
        self.written.readings.append(Reading(said, Kind.OTHER))
        return True

    def _cell(self, row: WrittenRow, column: Column, heading: str, text: str, unit: str) -> None:
        try:
            read = self._read(row, column, text, unit)
        except NotAFigure as word:
            is_value = (row.sheet, heading) == (forms.ACTUALS, actuals.VALUE)
            blank = "値がないときは、空欄にしてください。"
            said = not_a_value(word) if is_value else word.saying(blank)
            if is_value and word.state == "pending":
                said += "日が分からなければ、この行を消してください（未入力になります）。"
            self.written.refuse(row, heading, said)
            return
        except ValueError as problem:
            self._refuse_unread(row, column, text, unit, str(problem))
            return
        if read:
            row.cells[heading] = read
        if comparable(read) == comparable(text) or is_same_figure(read, text):
            return
        if unit and is_same_figure(read, half_width(text).removesuffix(half_width(unit))):
            self.with_units.append(f"{self.written.place(row, heading)}「{text[:40]}」")
        else:
            self._note_reading(row, heading, text, read)

    def _refuse_unread(
        self, row: WrittenRow, column: Column, text: str, unit: str, problem: str
    ) -> None:
        """Tell why a cell can't be read; not of a figure whose unit nobody can know."""
        is_figure = (row.sheet, column.heading) in _FIGURES or column.read is figure
        if not is_figure:
            self.written.refuse(row, column.heading, problem)
        elif row.cells.get("KPI番号", "") not in self.written.units:
            row.wrong.add(column.heading)
            self.written.unchecked.add(row.sheet)
        else:
            remedy = remedy_of(text, unit)
            said = f"「{text[:40]}」を数字として読み取れません。{remedy}" if remedy else problem
            self.written.refuse(row, column.heading, said)

    def _read(self, row: WrittenRow, column: Column, text: str, unit: str) -> str:
        sheet = row.sheet
        if sheet == forms.ACTUALS and column.heading == actuals.VALUE:
            value = read_actual_value(text, unit, takes_words=True)
            is_figure = isinstance(value, str) and remedy_of(value, unit)
            if is_figure and not is_judged_by_people(self.written, self.records, row):
                raise ValueError  # with the remedy
            return value if isinstance(value, str) else written_figure(value)
        if sheet == forms.TARGETS and column.heading == "目標値":
            aim = read_actual_value(text, unit, takes_words=True)
            return aim if isinstance(aim, str) else written_figure(aim)
        if column.heading == "所管課":
            return self.departments.read(text, only_one=sheet == forms.INITIATIVES)
        if column.heading == "許容幅" and sheet == forms.BANDS:
            return written_width(*width_of(text))
        if column.heading == "率" and sheet == forms.PUBLISHED:
            _check_rate(text)
        return column.read(text, unit)

    def _unit(self, form: SheetForm, row: WrittenRow, texts: Mapping[str, str]) -> str:
        """The unit of the row's figures."""
        if form.name == forms.KPIS:
            return ""
        column = next((one for one in form.columns if one.heading == "KPI番号"), None)
        try:
            name = column.read(texts.get("KPI番号", ""), "") if column else ""
        except ValueError:
            return ""
        return self.written.units.get(name, "")

    def _key(self, form: SheetForm, row: WrittenRow) -> str:
        self._from_the_first_year(row)
        parts = [row.cells.get(one.heading, "") for one in form.keys]
        if form.name == forms.RULES:
            row.cells.setdefault("対象", forms.OF_KPIS)
            parts[1] = row.cells["対象"]
        if form.name == forms.DEPARTMENTS:
            return self._department(row)
        if form.name == forms.INITIATIVES:
            return _listing_key(*parts)
        if form.name == forms.KPIS:
            self.begins[parts[0]] = row.cells.get("開始年度") or self.begins.get(parts[0], "")
            self._note_unit(row, parts[0])
        return key_of(*parts)

    def _note_unit(self, row: WrittenRow, name: str) -> None:
        """Keep the unit of a KPI's figures, if the row says it; the first row of a KPI does."""
        if "単位" in row.wrong or self.written.row(forms.KPIS, name) is not None:
            return
        units = self.written.units
        units[name] = row.cells.get("単位", units.get(name, "")).replace(NO_UNIT, "")

    def _from_the_first_year(self, row: WrittenRow) -> None:
        """Read an 適用年度 that is the first one as blank, which means the same."""
        since = row.cells.get("適用年度", "")
        if not since or row.sheet == forms.PERIODS:
            return
        begins = self.begins.get(row.cells.get("KPI番号", "")) or self._first_year()
        if since == begins:
            del row.cells["適用年度"]
            self._note_reading(row, "適用年度", since, "")

    def _first_year(self) -> str:
        row = self.written.row(forms.PLAN, "最初の年度")
        stated = row.cells.get(forms.CONTENT, "") if row else ""
        standing = self.records.get(forms.PLAN, {}).get("最初の年度", {})
        return stated or standing.get(forms.CONTENT, "")

    def _department(self, row: WrittenRow) -> str:
        try:
            key = self.departments.take(row.cells)
            self._note_standing_department(row, key)
        except ValueError as problem:
            self.written.refuse(row, "名称", str(problem))
            return ""
        return key

    def _note_standing_department(self, row: WrittenRow, key: str) -> None:
        """Tell where a row says otherwise of a department that is there, which is never changed."""
        standing = self.standing.written_departments.get(key)
        if standing is None:
            return
        record = record_of_department(standing)
        if any(record.get(heading, "") != text for heading, text in row.cells.items()):
            said = f"{self.written.place(row)}：「{standing.name}」（{standing.code}）は"
            said += "すでにあるため、そのままです。"
            self.written.readings.append(Reading(said, Kind.OTHER))

    def _item(self, row: WrittenRow, texts: Mapping[str, str]) -> None:
        """A row of the sheet 計画: an item with its content."""
        said = texts.get(forms.ITEM, "")
        item = next(
            (one for one in forms.ITEMS if comparable(one.heading) == comparable(said)), None
        )
        if item is None:
            if said:
                named = "、".join(one.heading for one in forms.ITEMS)
                place = self.written.place(row, forms.ITEM)
                note = f"{place}：「{said}」は使いません（使える項目：{named}）。"
                self.written.readings.append(Reading(note, Kind.UNUSED))
            elif not row.has_problem:
                self.written.refuse(row, forms.ITEM, "項目の名前を書いてください。")
            return
        row.key = item.heading
        row.cells[forms.ITEM] = item.heading
        text = texts.get(forms.CONTENT, "")
        if text == DELETE:
            row.deleted.add(forms.CONTENT)
        elif text and not self._is_lossy(forms.BY_NAME[forms.PLAN], row, forms.CONTENT, text):
            self._cell(row, _as_content(item), forms.CONTENT, text, "")

    def _condition(self, row: WrittenRow, texts: dict[str, str], unit: str) -> None:
        """Part `80％以上` into the figure and its condition."""
        parted = split_target(texts.get("目標値", ""))
        if parted is None:
            return
        value, condition = parted
        stated = texts.get("条件")
        if stated and comparable(stated) != comparable(condition):
            message = f"「{condition}」と条件の「{stated}」が違います。どちらかにしてください。"
            self.written.refuse(row, "目標値", message)
            return
        with suppress(ValueError):  # which its cell tells
            value = figure(value, unit)
        self._note_reading(row, "目標値", texts["目標値"], f"{value}（条件：{condition}）")
        texts["目標値"], texts["条件"] = value, condition

    def _bands(self, table: Table) -> None:
        """Gather the rows of 評価区分 into the rules of rating that they are of."""
        form = forms.BY_NAME[forms.BANDS]
        rows = [self._row(form, table, number, cells) for number, cells in table.rows.items()]
        gather_bands([row for row in rows if row is not None], self.written)

    def _version(self) -> str:
        row = self.written.rows.get(forms.PLAN, {}).pop(forms.VERSION, None)
        return row.cells.get(forms.CONTENT, "") if row else ""

    def _note_reading(self, row: WrittenRow, heading: str, text: str, read: str) -> None:
        is_year = forms.BY_NAME[row.sheet].column(heading).read is year and read != ""
        kept = ("", "", text, read) if is_year else (row.sheet, heading, text, read)
        self.otherwise[kept] += 1
        self.first_place.setdefault(kept, self.written.place(row, heading))

    def _readings(self) -> Iterator[Reading]:
        for kept, count in self.otherwise.items():
            _sheet, _heading, text, read = kept
            more = f"ほか{count - 1}セル" if count > 1 else ""
            shown = f"「{read}」と読みました" if read else "空欄と読みました"
            sentence = f"{self.first_place[kept]}{more}：「{text[:40]}」を{shown}。"
            yield Reading(sentence, Kind.TARGETS if "（条件：" in read else Kind.SPELLING)
        if self.with_units:
            first, *others = self.with_units
            more = f"ほか{len(others)}セル" if others else ""
            sentence = f"{first}{more}：単位を除いて、数字だけを読みました。"
            yield Reading(sentence, Kind.SPELLING)


def _check_rate(text: str) -> None:
    """Raise ValueError for what is neither a rate nor a sign that there is none."""
    with suppress(NotAFigure):
        read_number(text, "%")


def _named_twice(table: Table) -> Iterator[str]:
    """The names that a sheet of departments gives to several codes."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for cells in table.rows.values():
        code, name = cells.get("コード", BLANK).text, cells.get("名称", BLANK).text
        codes[comparable(name)].add(comparable(code))
    return (name for name, found in codes.items() if len(found - {""}) > 1)


def _as_content(item: Column) -> Column:
    return Column(forms.CONTENT, item.read, item.meaning)


def _listing_key(project: str, number: str) -> str:
    """`P1(3)`; `P1(3)（令和6年度〜）` where the number was another's before."""
    plain, mark, since = number.partition("（")
    return f"{project}({plain}){mark}{since}"


# Departments and units are known before what names them.
_ORDER = [
    forms.PLAN, forms.PERIODS, forms.DEPARTMENTS, forms.PILLARS, forms.PROJECTS, forms.INITIATIVES,
    forms.KPIS, forms.RULES, forms.BANDS, forms.MOVES, forms.TARGETS, forms.YEARLY, forms.ACTUALS,
    forms.PUBLISHED,
]  # fmt: skip
