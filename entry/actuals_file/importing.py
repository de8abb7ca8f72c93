"""Imports a table of actuals: each row is read by itself, and all are written at once.

A dry run writes too and is rolled back, so that a preview refuses what the import would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.reading.names import comparable, half_width
from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import Cell
from common.spreadsheets.shift_jis import is_loss_of
from common.spreadsheets.table import Table
from entry.actuals_file import columns
from entry.actuals_file.differences import Difference
from entry.actuals_file.ratings import Rated
from entry.actuals_file.row import RowRequest, TakenFigure, figure_of, read_row
from kpis.doubts import day_doubts, doubts_of_year
from kpis.models import YearlyActual
from kpis.permissions import User, may_decide, recordable_kpis
from kpis.recording import ActualEntry, Change, Kind, RecordingRefused, record_actuals
from kpis.recording.closing import refuse_year
from kpis.series import KpiSeries, load_series, measurement_of
from projects.models import Strategy
from projects.words import PlanWords

LOST_CHARACTERS = (
    "Shift_JIS で表せない文字が失われているため、今の内容のままとしました。"
    "書き改めるときは、画面で直してください。"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing is written: where, what it says there, and the remedy.

    `heading` is the column's; heading and place are blank for the whole file.
    """

    message: str
    heading: str = ""
    place: str = ""
    code: str = ""
    written: str = ""


@dataclass(slots=True)
class Changed:
    """A KPI's year that the file changes, with what looks like a slip in it."""

    series: KpiSeries
    entry: ActualEntry | None
    version: int
    differences: list[Difference]
    doubts: tuple[str, ...]

    @property
    def is_deletion(self) -> bool:
        """Whether the year becomes 未入力."""
        return self.entry is None


@dataclass(slots=True)
class ImportedActuals:
    """What an import did or would do; with problems, nothing.

    `notes` are sentences about cells that stay as they are.
    """

    problems: list[Problem] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_conflict(self) -> bool:
        """Whether nothing is wrong but that somebody else was faster."""
        headings = {one.heading for one in self.problems}
        return headings == {columns.VERSION}

    @property
    def cells(self) -> int:
        """How many cells change."""
        return sum(len(one.differences) for one in self.changed)

    @property
    def deletions(self) -> int:
        """How many KPIs' years become 未入力."""
        return sum(one.is_deletion for one in self.changed)


def import_table(
    table: Table,
    strategy: Strategy,
    fiscal_year: int,
    *,
    user: User,
    file_name: str,
    dry_run: bool,
) -> ImportedActuals:
    """Import a table that was read from a file: all its rows, or none and the problems."""
    with transaction.atomic():
        importer = _Importer(table, strategy, fiscal_year, user)
        imported = importer.run(f"ファイルの取り込み：{file_name}")
        if dry_run or imported.problems:
            transaction.set_rollback(True)
        elif imported.changed:
            what = f"{strategy.name}の{wareki(fiscal_year)}の実績「{file_name}」"
            note(Audited.IMPORT, what, after=f"{len(imported.changed)}件", user=user)
    return imported


def request_of(
    series: KpiSeries,
    fiscal_year: int,
    saved: YearlyActual | None,
    cells: Mapping[str, Cell],
    words: PlanWords,
    *,
    decides: bool,
) -> RowRequest:
    """What a row's cells ask for of a KPI's year; `decides`: by somebody who decides ratings."""
    taken = None
    if series.source is not None and series.takes(fiscal_year):
        figure = figure_of(series.actuals.get(fiscal_year))
        taken = TakenFigure(figure, series.source.entered_there(fiscal_year))
    return read_row(
        series.definition,
        fiscal_year,
        saved,
        cells,
        words,
        taken,
        takes_words=series.takes_words(fiscal_year),
        rated=Rated(series.scale_in(fiscal_year), decides),
    )


class _Importer:
    """A table while it is imported, beside what its rows are held against."""

    def __init__(self, table: Table, strategy: Strategy, fiscal_year: int, user: User) -> None:
        self.table = table
        self.strategy = strategy
        self.fiscal_year = fiscal_year
        self.user = user
        self.decides = may_decide(user, strategy)
        self.imported = ImportedActuals()
        # Where each KPI's row is.
        self.rows: dict[str, int] = {}

    def run(self, reason: str) -> ImportedActuals:
        """Read all rows, and write what they change if nothing is wrong in any."""
        try:
            refuse_year(self.strategy, self.fiscal_year)
        except RecordingRefused as refused:
            self.imported.problems = [Problem(one.message) for one in refused.refusals]
            return self.imported
        self._load()
        for number in self.table.rows:
            self._read(number)
        if not self.imported.problems:
            self._record(reason)
        return self.imported

    def _load(self) -> None:
        series = load_series(self.strategy, with_texts=True)
        living = [one for one in series if one.lives_in(self.fiscal_year)]
        self.series = {one.code_in(self.fiscal_year): one for one in living}
        self.other_codes = {one.definition.code for one in series}
        self.own = set(recordable_kpis(self.user, self.strategy).values_list("pk", flat=True))
        self.saved = {
            actual.kpi_id: actual
            for actual in YearlyActual.objects.filter(
                kpi__project__strategy=self.strategy, fiscal_year=self.fiscal_year
            ).select_related("updated_by")
        }

    def _read(self, number: int) -> None:
        """Take what a row asks for; where it can't be taken, say why."""
        code = half_width(self.table.cell(number, columns.CODE).text).upper()
        problems = self._problems_of_names(number, code)
        if problems:
            self._refuse(number, problems)
            return
        self.rows[code] = number
        series = self.series[code]
        cells = {
            heading: self.table.cell(number, heading)
            for heading in (*columns.CONTENT, *columns.RATINGS, columns.VERSION)
            if heading in self.table.letters
        }
        saved = self.saved.get(series.definition.id)
        request = request_of(
            series,
            self.fiscal_year,
            saved,
            cells,
            self.strategy.words,
            decides=self.decides,
        )
        if request.problems:
            self._refuse(number, request.problems)
            return
        self.imported.notes += [
            f"{self.table.place(number, heading)}：{LOST_CHARACTERS}" for heading in request.lossy
        ]
        if request.is_change:
            found = _doubts(series, self.fiscal_year, request)
            self.imported.changed.append(
                Changed(series, request.entry, request.version, request.differences, found)
            )
        else:
            self.imported.unchanged += 1

    def _record(self, reason: str) -> None:
        changes = [
            Change(one.series.definition.id, one.entry, one.version)
            for one in self.imported.changed
        ]
        try:
            record_actuals(self.strategy, self.fiscal_year, changes, user=self.user, reason=reason)
        except RecordingRefused as refused:
            rows_of = {self.series[code].definition.id: row for code, row in self.rows.items()}
            for one in refused.refusals:
                is_stale = one.kind is Kind.STALE
                heading = columns.VERSION if is_stale else columns.HEADING_OF[one.field]
                self._refuse(rows_of[one.owner_id or 0], [(heading, one.message)])
        except PermissionDenied as denied:
            self.imported.problems.append(Problem(str(denied)))

    def _refuse(self, number: int, problems: list[tuple[str, str]]) -> None:
        code = self.table.cell(number, columns.CODE).text
        self.imported.problems += [
            Problem(
                message,
                heading,
                self.table.place(number, heading),
                code,
                self.table.cell(number, heading).text,
            )
            for heading, message in problems
        ]

    def _problems_of_names(self, number: int, code: str) -> list[tuple[str, str]]:
        """Why a row is about no KPI or year of this page, by heading."""
        checked = [
            (columns.CODE, self._code_problem(code)),
            (columns.YEAR, self._year_problem(self.table.cell(number, columns.YEAR).text)),
        ]
        if code in self.series:
            own = self.series[code].definition
            for heading, name in ((columns.NAME, own.name), (columns.UNIT, own.unit)):
                text = self.table.cell(number, heading).text
                checked.append((heading, _mismatch(heading, text, name, code)))
        problems = [
            (heading, self.table.cell(number, heading).problem or sentence)
            for heading, sentence in checked
        ]
        return [(heading, sentence) for heading, sentence in problems if sentence]

    def _code_problem(self, code: str) -> str:
        if not code:
            return "KPI番号がありません。P1-2 のように書いてください。"
        if code not in self.series and code in self.other_codes:
            return (
                f"{code}は、{wareki(self.fiscal_year)}の{self.strategy.words.kpi}ではありません"
                "（始まる前か、終わったあとか、別の番号の年度です）。この行を消してください。"
            )
        if code not in self.series:
            return (
                f"「{code[:20]}」という{self.strategy.words.kpi}は、この計画にありません。"
                "P1-2 のように書いてください。"
            )
        if self.series[code].definition.id not in self.own:
            word = self.strategy.words.kpi
            return (
                f"{code}は、あなたの課の{word}ではないため取り込めません。この行を消してください。"
            )
        if code in self.rows:
            return f"{code}の行が{self.rows[code]}行目にもあります。1行にまとめてください。"
        return ""

    def _year_problem(self, text: str) -> str:
        if not text:
            return f"年度がありません。{self.fiscal_year} と書いてください。"
        try:
            year = read_fiscal_year(text)
        except ValueError as error:
            return str(error)
        if year != self.fiscal_year:
            return (
                f"{wareki(year)}の行です。この画面で取り込めるのは{wareki(self.fiscal_year)}だけです。"
                "行を消すか、その年度の画面で取り込んでください。"
            )
        return ""


def _mismatch(heading: str, text: str, own: str, code: str) -> str:
    """Why a name or unit does not fit its KPI; empty where it fits or is not written."""
    if not text or comparable(text) == comparable(own) or is_loss_of(text, own):
        return ""
    if not own:
        return f"{code}には{heading}がありません。番号を確かめ、{heading}を空欄にしてください。"
    return (
        f"{code}の{heading}は「{own}」です。番号を確かめ、{heading}をそろえるか空欄にしてください。"
    )


def _doubts(series: KpiSeries, fiscal_year: int, request: RowRequest) -> tuple[str, ...]:
    entry, changed = request.entry, {one.label for one in request.differences}
    if entry is None:
        return ()
    of_day = day_doubts(fiscal_year, entry.expected_on) if columns.EXPECTED in changed else ()
    if not {columns.VALUE, columns.VALUE_YEAR} & changed:
        return of_day
    stated = measurement_of(entry)
    return of_day + doubts_of_year(series.definition, fiscal_year, stated, series.measurements)
