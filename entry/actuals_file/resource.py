"""The importer and exporter of actuals, through django-import-export.

The library walks the rows and keeps the transaction; each row is read by
`stating`, and all of them are written at once by `record_actuals`. A dry run
writes too and is rolled back, so that a preview refuses what the import would.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import PermissionDenied, ValidationError
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result

from common.fiscal_year import parse_fiscal_year, wareki
from entry.actuals_file import columns
from entry.actuals_file.columns import Line, line_of
from entry.actuals_file.stating import Difference, RowRefused, Statement, read_row
from entry.actuals_file.table import Cell, Table
from kpis.doubts import doubts
from kpis.models import YearlyActual
from kpis.permissions import User, recordable_kpis
from kpis.recording import Change, Kind, RecordingRefused, record_actuals
from kpis.recording.closing import refuse_year
from kpis.series import KpiSeries, load_series
from projects.models import Strategy

_ROW = "（行）"
_FIELD_HEADINGS = {
    "value": columns.VALUE,
    "unmeasured_reason": columns.REASON,
    "expected_on": columns.EXPECTED,
    "analysis": columns.ANALYSIS,
    "next_steps": columns.NEXT_STEPS,
    "confirmation": columns.CONFIRMATION,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing is written: where, what it says there, and the remedy.

    `heading` is the column's; heading and place are blank for the whole file.
    """

    heading: str
    place: str
    code: str
    written: str
    message: str


@dataclass(slots=True)
class Changed:
    """A KPI's year that the file changes, with what looks like a slip in it."""

    row: int
    series: KpiSeries
    statement: Statement
    doubts: tuple[str, ...] = ()

    @property
    def differences(self) -> list[Difference]:
        """The fields before and after."""
        return self.statement.differences

    @property
    def is_deletion(self) -> bool:
        """Whether the year becomes 未入力."""
        return self.statement.entry is None


@dataclass(slots=True)
class _RowAt:
    """The row in hand: what django-import-export calls an instance."""

    number: int
    series: KpiSeries
    saved: YearlyActual | None
    statement: Statement | None = None


class ImportedActuals(Result):
    """What an import did or would do."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []
        self.changed: list[Changed] = []
        self.unchanged = 0

    @property
    def is_refused(self) -> bool:
        """Whether nothing is written because something is wrong."""
        return bool(self.problems)

    @property
    def is_conflict(self) -> bool:
        """Whether nothing is wrong but that somebody else was faster."""
        return all(one.heading == columns.VERSION for one in self.problems)

    @property
    def cells(self) -> int:
        """How many cells change."""
        return sum(len(one.differences) for one in self.changed)

    @property
    def deletions(self) -> int:
        """How many KPIs' years become 未入力."""
        return sum(one.is_deletion for one in self.changed)

    def append_invalid_row(self, number: int, row: Mapping, validation_error: Any) -> None:
        super().append_invalid_row(row[_ROW], row, validation_error)


class ActualsResource(resources.Resource):
    """A year's actuals of the KPIs that a user may record, one a row."""

    code = Field(attribute="code", column_name=columns.CODE)
    name = Field(attribute="name", column_name=columns.NAME)
    unit = Field(attribute="unit", column_name=columns.UNIT)
    year = Field(attribute="year", column_name=columns.YEAR)
    value = Field(attribute="value", column_name=columns.VALUE)
    provisional = Field(attribute="provisional", column_name=columns.PROVISIONAL)
    reason = Field(attribute="reason", column_name=columns.REASON)
    expected = Field(attribute="expected", column_name=columns.EXPECTED)
    analysis = Field(attribute="analysis", column_name=columns.ANALYSIS)
    next_steps = Field(attribute="next_steps", column_name=columns.NEXT_STEPS)
    confirmation = Field(attribute="confirmation", column_name=columns.CONFIRMATION)
    version = Field(attribute="version", column_name=columns.VERSION)

    class Meta:
        model = YearlyActual
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        report_skipped = True
        use_transactions = True
        # Rows are only read one by one, so none needs a savepoint of its own.
        use_bulk = True

    def __init__(
        self, strategy: Strategy, fiscal_year: int, *, user: User, reason: str = ""
    ) -> None:
        super().__init__()
        self.strategy = strategy
        self.fiscal_year = fiscal_year
        self.user = user
        self.reason = reason
        self.table = Table({})
        self.series: dict[str, KpiSeries] = {}
        self.saved: dict[int, YearlyActual] = {}
        self.own: set[int] = set()
        self.rows: dict[str, int] = {}
        self.changed: list[Changed] = []

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return ImportedActuals

    # Exporting

    def lines(self) -> list[Line]:
        """The user's KPIs in printed order, each with its year as it stands."""
        kpis = recordable_kpis(self.user, self.strategy)
        found = load_series(self.strategy, kpis, with_texts=True)
        return [line_of(one, self.fiscal_year) for one in found]

    def export(self, queryset: Iterable[Line] | None = None, **kwargs: Any) -> tablib.Dataset:
        """The file's rows: `lines()` unless given."""
        return super().export(self.lines() if queryset is None else queryset, **kwargs)

    # Importing

    def import_table(self, table: Table, *, dry_run: bool) -> ImportedActuals:
        """Import a table that was read from a file: all its rows or none."""
        self.table = table
        dataset = tablib.Dataset(headers=[_ROW, *table.letters])
        for number, cells in table.rows.items():
            dataset.append([number, *(cells.get(one, Cell()) for one in table.letters)])
        return self.import_data(dataset, dry_run=dry_run, rollback_on_validation_errors=True)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Load what the rows are held against; nothing at all goes into a closed year."""
        try:
            refuse_year(self.strategy, self.fiscal_year)
        except RecordingRefused as refused:
            dataset.wipe()
            raise ValidationError([one.message for one in refused.refusals]) from refused
        self.series = {one.definition.code: one for one in load_series(self.strategy)}
        self.own = set(recordable_kpis(self.user, self.strategy).values_list("pk", flat=True))
        self.saved = {
            actual.kpi_id: actual
            for actual in YearlyActual.objects.filter(
                kpi__project__strategy=self.strategy, fiscal_year=self.fiscal_year
            ).select_related("updated_by")
        }

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Find out which KPI and year a row is about. Raises ValidationError by heading."""
        problems = _Problems()
        code = _plain(row[columns.CODE].text).upper()
        series = self.series.get(code)
        problems.add(columns.CODE, row[columns.CODE].problem or self._code_problem(code))
        problems.add(columns.YEAR, row[columns.YEAR].problem or self._year_problem(row))
        if series is not None:
            own = series.definition
            problems.add(columns.NAME, _mismatch(row, columns.NAME, own.name, code))
            problems.add(columns.UNIT, _mismatch(row, columns.UNIT, own.unit, code))
        problems.raise_any()
        self.rows[code] = row[_ROW]

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> _RowAt | None:
        at = self._row_at(row)
        return at if at.saved is not None else None

    def init_instance(self, row: Mapping[str, Any] | None = None) -> _RowAt:
        return self._row_at(row or {})

    def import_instance(self, instance: _RowAt, row: Mapping[str, Any], **kwargs: Any) -> None:
        """Read what the row states. Raises ValidationError by heading."""
        cells = {
            heading: row[heading]
            for heading in (*columns.CONTENT, columns.VERSION)
            if heading in row
        }
        try:
            instance.statement = read_row(instance.series.definition, instance.saved, cells)
        except RowRefused as refused:
            problems = _Problems()
            for heading, sentence in refused.problems:
                problems.add(heading, sentence)
            problems.raise_any()

    def skip_row(
        self, instance: _RowAt, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        return instance.statement is not None and not instance.statement.is_change

    def validate_instance(
        self, instance: _RowAt, import_validation_errors: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance: _RowAt, *args: Any, **kwargs: Any) -> None:
        """Keep the change for `after_import`, which writes all of them together."""
        statement = instance.statement
        if statement is not None:
            found = _doubts(instance.series, self.fiscal_year, statement)
            self.changed.append(Changed(instance.number, instance.series, statement, found))

    def save_m2m(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: an actual has no such relations."""

    def after_import(self, dataset: tablib.Dataset, result: ImportedActuals, **kwargs: Any) -> None:
        """Write the changes, unless a row was refused, and gather every problem."""
        result.changed = self.changed
        result.unchanged = result.totals["skip"]
        if not (result.has_errors() or result.has_validation_errors()):
            self._record(result)
        result.problems += list(self._row_problems(result))

    def handle_import_error(
        self, result: ImportedActuals, error: Exception, *args: Any, **kwargs: Any
    ) -> None:
        """Turn what concerns the whole file into a problem; let a bug be one."""
        if not isinstance(error, ValidationError):
            raise error
        super().handle_import_error(result, error, *args, **kwargs)
        result.problems += [Problem("", "", "", "", sentence) for sentence in error.messages]

    def _check_import_id_fields(self, headers: list[str]) -> None:
        """Nothing: reading the file has checked its header, in Japanese."""

    def _record(self, result: ImportedActuals) -> None:
        changes = [
            Change(one.series.definition.id, one.statement.entry, one.statement.version)
            for one in self.changed
        ]
        try:
            record_actuals(
                self.strategy, self.fiscal_year, changes, user=self.user, reason=self.reason
            )
        except RecordingRefused as refused:
            for one in refused.refusals:
                number = self.rows[one.code]
                is_stale = one.kind is Kind.STALE
                heading = columns.VERSION if is_stale else _FIELD_HEADINGS[one.field]
                error = ValidationError({heading: [one.message]})
                result.append_invalid_row(number, {_ROW: number}, error)
        except PermissionDenied as denied:
            result.append_base_error(self.get_error_result_class()(denied))
            result.problems.append(Problem("", "", "", "", str(denied)))

    def _row_problems(self, result: ImportedActuals) -> Iterator[Problem]:
        for row in result.error_rows:
            for one in row.errors:
                # A row that breaks the program is a bug, not a matter for who sent the file.
                raise one.error
        for row in result.invalid_rows:
            cells = self.table.rows[row.number]
            code = cells.get(columns.CODE, Cell()).text
            for heading, sentences in row.error_dict.items():
                written = cells.get(heading, Cell()).text
                for sentence in sentences:
                    place = self.table.place(row.number, heading)
                    yield Problem(heading, place, code, written, sentence)

    def _row_at(self, row: Mapping[str, Any]) -> _RowAt:
        series = self.series[_plain(row[columns.CODE].text).upper()]
        return _RowAt(row[_ROW], series, self.saved.get(series.definition.id))

    def _code_problem(self, code: str) -> str:
        if not code:
            return "KPI番号がありません。P1-2 のように書いてください。"
        if code not in self.series:
            return (
                f"「{code[:20]}」という指標は、現行の計画にありません。"
                "P1-2 のように書いてください。"
            )
        if self.series[code].definition.id not in self.own:
            return f"{code}は、あなたの課の指標ではないため取り込めません。この行を消してください。"
        if code in self.rows:
            return f"{code}の行が{self.rows[code]}行目にもあります。1行にまとめてください。"
        return ""

    def _year_problem(self, row: Mapping[str, Any]) -> str:
        text = row[columns.YEAR].text
        if not text:
            return f"年度がありません。{self.fiscal_year} と書いてください。"
        try:
            year = parse_fiscal_year(text)
        except ValueError as error:
            return str(error)
        if year != self.fiscal_year:
            return (
                f"{wareki(year)}の行です。この画面で取り込めるのは{wareki(self.fiscal_year)}だけです。"
                "行を消すか、その年度の画面で取り込んでください。"
            )
        return ""


@dataclass(slots=True)
class _Problems:
    """Sentences by heading, raised together."""

    sentences: dict[str, list[str]] = field(default_factory=dict)

    def add(self, heading: str, sentence: str) -> None:
        if sentence:
            self.sentences.setdefault(heading, []).append(sentence)

    def raise_any(self) -> None:
        if self.sentences:
            raise ValidationError(self.sentences)


def _mismatch(row: Mapping[str, Any], heading: str, own: str, code: str) -> str:
    """Why a name or unit does not fit its KPI; empty where it fits or is not written."""
    cell = row.get(heading, Cell())
    if cell.problem:
        return cell.problem
    if not cell.text or _squeezed(cell.text) == _squeezed(own):
        return ""
    return (
        f"{code}の{heading}は「{own}」です。番号を確かめ、{heading}をそろえるか空欄にしてください。"
    )


def _doubts(series: KpiSeries, fiscal_year: int, statement: Statement) -> tuple[str, ...]:
    value = statement.entry.value if statement.entry else None
    if all(one.label != columns.VALUE for one in statement.differences):
        return ()
    known = series.measurements
    last = known.get(fiscal_year - 1)
    return doubts(
        series.definition,
        value,
        last_year=last.value if last else None,
        earlier=[one.value for year, one in known.items() if one.value and year < fiscal_year],
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
