"""The entry of yearly actuals: a row a KPI, with what its figure means and what is doubtful."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.http import QueryDict

from entry.sheet import ratings
from entry.sheet.actual_row import ActualRow, said_of
from entry.sheet.forms import ActualForm, RowForm, TakenForm
from entry.sheet.rows import VERSION
from entry.sheet.saving import Sheet, Unreadable, Untouched
from kpis.models import ActualState
from kpis.recording import (
    ACTUALS,
    ActualEntry,
    counting_kpis,
    problems_of,
)
from kpis.series import KpiSeries, measurement_of
from kpis.sharing import Source

_VALUE_IS_GONE = "実績値が空です。入力をやめるときは、状態で「未入力に戻す」を選んでください。"


class _ActualsSheet(Sheet[ActualRow]):
    records = ACTUALS
    fields = tuple(ActualRow.labels)
    page = "entry"
    title = "実績入力"
    script = "js/actuals.js"
    own = "あなたの課の指標"
    thing = "値"
    saved = "実績を{}件保存しました。"
    conflict = "entry/_actual_conflict.html"
    own_parts = "entry/_actual_effect.html"

    def read(self, row: ActualRow, posted: QueryDict) -> ActualEntry | None:
        if row.source is not None:
            return self._read_texts(row, row.source, posted)
        form = ActualForm(
            posted,
            prefix=row.code,
            unit=row.series.definition.unit,
            takes_words=row.takes_words,
        )
        judged = dict.fromkeys((*ratings.PROPOSAL, *ratings.DECISION), row.scale)
        ratings.add_fields(form, posted, judged)
        _tell_errors(row, form)
        form.let_go(row.saved)
        row.typed[VERSION] = str(form.cleaned_data[VERSION])
        entry = form.entry()
        if entry is None:
            return None
        entry = replace(entry, **ratings.read(form, row.saved, judged))
        whole = ACTUALS.settled(row.saved, entry) or entry
        has_texts = form.has_explanation or entry.confirmation or whole.is_judged
        if not (form.has_figure or has_texts or entry.value_year):
            if row.typed[VERSION] == "0":
                raise Untouched
            if row.is_waiting:
                return None
        problems = problems_of(row.series.definition, row.fiscal_year, whole)
        is_current = row.typed[VERSION] == str(row.saved_version)
        if not form.has_figure and not row.is_waiting and is_current:
            problems = [("value", _VALUE_IS_GONE)]
        for name, sentence in problems:
            row.add_error(name, row.words.put(sentence))
        return entry

    def _read_texts(self, row: ActualRow, source: Source, posted: QueryDict) -> ActualEntry | None:
        """The explanations of a row whose figure is its source's; a figure may only repeat that."""
        form = TakenForm(posted, prefix=row.code, unit=row.series.definition.unit)
        judged = dict.fromkeys((*ratings.PROPOSAL, *ratings.DECISION), row.scale)
        ratings.add_fields(form, posted, judged)
        _tell_errors(row, form)
        row.typed[VERSION] = str(form.cleaned_data[VERSION])
        if form.differs_from(row.counted):
            row.add_error("value", source.entered_there(row.fiscal_year))
        entry = replace(form.entry(), **ratings.read(form, row.saved, judged))
        whole = ACTUALS.settled(row.saved, entry) or entry
        if whole.analysis or whole.next_steps or whole.is_judged:
            return entry
        if row.typed[VERSION] == "0" and not row.errors:
            raise Untouched
        return None

    def preview(self, row: ActualRow, entry: ActualEntry | None) -> None:
        said = said_of(ACTUALS.settled(row.saved, entry))
        if entry is None or entry.state == ActualState.MISSING:
            row.assess(None, None, said)
        else:
            row.assess(measurement_of(entry), entry.expected_on, said)


def _tell_errors(row: ActualRow, form: RowForm) -> None:
    """Put what can't be read beside its field; raises Unreadable if there is anything."""
    for name, messages in form.errors.items():
        for message in messages:
            row.add_error(name, str(message))
    if row.errors:
        raise Unreadable


ACTUALS_SHEET = _ActualsSheet()


def actual_rows(
    series: Iterable[KpiSeries], fiscal_year: int, *, decides: bool = False
) -> list[ActualRow]:
    """The rows of a page nobody has typed into yet, for one who `decides` ratings or not."""
    return [ActualRow(one, fiscal_year, decides=decides) for one in series]


def tell_takers(rows: Sequence[ActualRow], seen: Collection[int]) -> None:
    """Give the rows of a page their takers in the plans that somebody sees (`seen`: their ids).

    One query; none where nobody takes these KPIs' figures.
    """
    giving = {row.owner_id: row for row in rows if row.series.has_takers}
    if not giving:
        return
    for taker in counting_kpis([*giving], rows[0].fiscal_year):
        if taker.project.strategy_id in seen:
            giving[taker.source_id].takers.append(taker)


def supposed(
    series: KpiSeries, fiscal_year: int, posted: QueryDict, *, decides: bool = False
) -> ActualRow:
    """A row as it would be rated if it were saved as typed; its errors say what is wrong."""
    row = ActualRow(series, fiscal_year, decides=decides)
    ACTUALS_SHEET.fill_in(row, posted)
    try:
        entry = ACTUALS_SHEET.read(row, posted)
    except (Unreadable, Untouched):
        return row
    if not row.errors:
        ACTUALS_SHEET.preview(row, entry)
    return row
