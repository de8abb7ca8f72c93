"""The entry of yearly actuals: a row a KPI, with what its figure means and what is doubtful."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import QueryDict

from common.fiscal_year import wareki
from entry.sheet.forms import STATE_CHOICES, WITHDRAW, ActualForm, RowForm, TakenForm
from entry.sheet.rows import VERSION, SheetRow
from entry.sheet.saving import Sheet, Unreadable, Untouched
from kpis.achievement import Measurement, display_value
from kpis.doubts import day_doubts, doubts_of_year
from kpis.models import MEASURED_STATES, ActualState
from kpis.recording import (
    ACTUALS,
    ActualEntry,
    closed_where_counted,
    counting_kpis,
    problems_of,
)
from kpis.series import KpiSeries, measurement_of
from kpis.sharing import Source
from kpis.value_years import last_measured, with_mark

_VALUE_IS_GONE = "実績値が空です。入力をやめるときは、状態で「未入力に戻す」を選んでください。"


class Carried(NamedTuple):
    """A value that may stand for a later year: as its fields take it, and in words."""

    value: str
    year: str
    named: str
    measurement: Measurement


class ActualRow(SheetRow):
    """One KPI: its fields, its assessment with what they hold, and the doubts about that.

    Where the year's figure is another plan's, `source` says whose and only the explanations are
    fields. `takers` are the KPIs of other plans that count the figure too (`tell_takers`).
    """

    labels = {
        "value": "実績値",
        "value_year": "値の年度",
        "state": "状態",
        "unmeasured_reason": "未測定の理由",
        "expected_on": "集計中の予定日",
        "analysis": "要因分析",
        "next_steps": "今後の方向性",
        "confirmation": "確認のひとこと",
    }

    def __init__(self, series: KpiSeries, fiscal_year: int) -> None:
        self.series = series
        self.fiscal_year = fiscal_year
        self.source = series.source if series.takes(fiscal_year) else None
        self.takers: list[Any] = []
        definition = series.placed_in(fiscal_year)
        saved, before = series.own_record(fiscal_year), series.actuals.get(fiscal_year - 1)
        words = series.rules.words
        super().__init__(definition.id, definition.code, definition.name, saved, before, words)
        self.assess(series.measurements.get(fiscal_year), saved.expected_on if saved else None)

    def assess(self, measurement: Measurement | None, expected_on: date | None = None) -> None:
        """Rate and doubt the row as if this were the year's measurement, or the day it is due."""
        self.doubts: tuple[str, ...] = ()
        if self.source is not None:
            self.assessment = self.series.assess(self.fiscal_year)
            return
        self.assessment = self.series.assess_with(self.fiscal_year, measurement)
        known = self.series.measurements
        of_figure = doubts_of_year(self.series.definition, self.fiscal_year, measurement, known)
        self.doubts = (*day_doubts(self.fiscal_year, expected_on), *of_figure)

    def texts_of(self, record: Any) -> dict[str, str]:
        final = ActualState.FINAL.value
        if record is None:
            return dict.fromkeys(self.labels, "") | {"state": final}
        day, places = record.expected_on, self.series.definition.decimal_places
        return {
            "value": (record.value_words if record.value is None else f"{record.value:.{places}f}"),
            "value_year": "" if record.value_year is None else wareki(record.value_year),
            "state": final if record.state == ActualState.MISSING else record.state,
            "unmeasured_reason": record.unmeasured_reason,
            "expected_on": day.isoformat() if day else "",
            "analysis": record.analysis,
            "next_steps": record.next_steps,
            "confirmation": record.confirmation,
        }

    def show_saved(self, saved: Any) -> None:
        super().show_saved(saved)
        if self.source is not None:
            return
        if self.is_waiting:
            self.assess(None)
        else:
            self.assess(measurement_of(saved), saved.expected_on)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has stated a figure, or why there is none; texts may be there.

        Never where it is another plan's work.
        """
        return self.source is None and self._is_missing

    @property
    def template(self) -> str:
        """What the page shows the row with."""
        return "entry/_actual_row.html" if self.source is None else "entry/_taken_row.html"

    @property
    def counted(self) -> Any:
        """What is recorded of the year's figure, here or at its source; None: nothing."""
        return self.saved if self.source is None else self.series.actuals.get(self.fiscal_year)

    @property
    def lent_texts(self) -> Any:
        """The source's record where its explanations stand in for this KPI's own; else None."""
        return (
            self.counted if self.source and self.counted and self.counted.has_lent_texts else None
        )

    @property
    def locks(self) -> list[str]:
        """Why what is entered here can't change: the plans that closed the year with it."""
        this, year = self.words.put("この指標"), self.fiscal_year
        return [
            closed_where_counted(this, one, year, "値" if one.has_texts else "値と説明")
            for one in self.takers
            if one.is_closed
        ]

    @property
    def carried(self) -> "Carried | None":
        """The last measured value, to stand for this year too.

        Where nothing was measured yet that is the baseline, if its year is known. None where the
        KPI adds up, nothing was measured before, or the year has a value.
        """
        series = self.series
        has_value = self.saved is not None and self.saved.state in MEASURED_STATES
        if self.source is not None or series.definition.is_cumulative or has_value:
            return None
        last = last_measured(series.measurements, self.fiscal_year, first_year=series.first_year)
        definition = series.definition
        baseline, baseline_year = series.course.baseline(self.fiscal_year)
        if last is None and baseline is not None and baseline_year is not None:
            last = baseline_year, baseline
        if last is None or last[0] >= self.fiscal_year:
            return None
        year, value = last
        text = f"{value:.{definition.decimal_places}f}"
        named = f"{wareki(year)}の{definition.written(value)}"
        return Carried(text, wareki(year), named, Measurement(value, year=year))

    def carry(self) -> None:
        """Put the last measured value into the fields, unsaved."""
        if self.carried is None:
            return
        self.typed |= {"value": self.carried.value, "value_year": self.carried.year}
        self.typed |= {"state": ActualState.FINAL.value}
        self.typed |= {"unmeasured_reason": "", "expected_on": ""}
        self.is_prepared = True
        self.assess(self.carried.measurement)

    @property
    def shows_value_year(self) -> bool:
        """Whether the value's year has to be looked at."""
        return bool(self.typed["value_year"]) or "value_year" in self.invalid

    @property
    def last_year(self) -> str:
        """Last year's own figure as text, or the word for why there is none."""
        if not self.series.lives_in(self.fiscal_year - 1):
            return "－"
        if self.before is None:
            return str(ActualState.MISSING.label)
        return self._said(self.before)

    @property
    def standing_figure(self) -> str:
        """`9件（確定）`: what is saved of the year, or the word for why there is no figure."""
        if self.counted is None:
            return str(ActualState.MISSING.label)
        said = self._said(self.counted, self.series.definition.unit)
        if self.counted.state not in MEASURED_STATES:
            return said
        return f"{said}（{ActualState(self.counted.state).label}）"

    @property
    def takes_words(self) -> bool:
        """Whether the value may be words: the target is met by what people decide."""
        return self.series.takes_words(self.fiscal_year)

    @property
    def so_far(self) -> str:
        """`累計 12 ／ 50`: the sum of the years before this one, and the target or its words."""
        definition, places = self.series.definition, self.series.definition.decimal_places
        aim = self.assessment.target
        target = (aim.words if aim else "") or display_value(self.assessment.final_target, places)
        if not definition.is_cumulative:
            return target
        return f"累計 {display_value(sum(self._earlier, Decimal(0)), places)} ／ {target}"

    @property
    def state_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the state field; withdrawing only what is recorded."""
        choices = [*STATE_CHOICES]
        if self.typed[VERSION] != "0":
            choices.append((WITHDRAW, "未入力に戻す"))
        return [(key, str(label), key == self.typed["state"]) for key, label in choices]

    @property
    def typed_state(self) -> str:
        """The label of the chosen state, where it is not the saved one; else empty."""
        label = next((label for _key, label, chosen in self.state_choices if chosen), "")
        saved = ActualState(self.saved.state).label if self.saved is not None else ""
        return "" if label == saved else label

    @property
    def effect_text(self) -> str:
        """`累計 21 → 進捗率 105.0%、達成率 42.0%`: what the figure means; empty without one."""
        kpi, definition = self.assessment, self.series.definition
        if kpi.value is None:
            return ""
        total = "累計 " if definition.is_cumulative else ""
        rates = [
            f"{label} {kpi.rate_text(rate)}"
            for label, rate in (("進捗率", kpi.progress), ("達成率", kpi.achievement))
            if rate is not None
        ]
        meant = f" → {'、'.join(rates)}" if rates else ""
        return f"{total}{display_value(kpi.value, definition.decimal_places)}{meant}"

    @property
    def has_explanation(self) -> bool:
        """Whether an explanation is written."""
        return bool(self.typed["analysis"] or self.typed["next_steps"])

    @property
    def shows_explanation(self) -> bool:
        """Whether the explanation has to be looked at."""
        return bool({"analysis", "next_steps"} & self.invalid) or self.is_stale

    @property
    def is_answered(self) -> bool:
        """Whether the doubts about the figure are answered by a word."""
        return bool(self.typed["confirmation"].strip())

    @property
    def doubt_word(self) -> str:
        """What a doubt is called: a question, or one that has its answer."""
        return "確認済み" if self.is_answered else "確認"

    @property
    def shows_confirmation(self) -> bool:
        """Whether the word of confirmation has to be looked at, doubts or none."""
        return self.is_answered or "confirmation" in self.invalid

    @property
    def saved_state(self) -> str:
        """The state's label, 未入力 where nobody has stated one."""
        state = ActualState.MISSING if self._is_missing else ActualState(self.counted.state)
        return str(state.label)

    @property
    def differing_texts(self) -> list[tuple[str, str, str]]:
        """The differences but for figure and state, which one sentence names together."""
        figure = {self.labels["value"], self.labels["state"]}
        return [one for one in self.differences if one[0] not in figure]

    @property
    def _is_missing(self) -> bool:
        return self.counted is None or self.counted.state == ActualState.MISSING

    @property
    def _earlier(self) -> list[Decimal]:
        """The figures of the years before this one."""
        known = self.series.measurements.items()
        return [one.value for year, one in known if one.value and year < self.fiscal_year]

    def _said(self, record: Any, unit: str = "") -> str:
        if record.state not in MEASURED_STATES:
            return str(ActualState(record.state).label)
        said = record.value_words
        if record.value is not None:
            said = f"{display_value(record.value, self.series.definition.decimal_places)}{unit}"
        return with_mark(said, record.value_year)


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
        _tell_errors(row, form)
        form.let_go(row.saved)
        row.typed[VERSION] = str(form.cleaned_data[VERSION])
        entry = form.entry()
        if entry is None:
            return None
        has_texts = form.has_explanation or entry.confirmation
        if not (form.has_figure or has_texts or entry.value_year):
            if row.typed[VERSION] == "0":
                raise Untouched
            if row.is_waiting:
                return None
        problems = problems_of(row.series.definition, row.fiscal_year, entry)
        is_current = row.typed[VERSION] == str(row.saved_version)
        if not form.has_figure and not row.is_waiting and is_current:
            problems = [("value", _VALUE_IS_GONE)]
        for name, sentence in problems:
            row.add_error(name, row.words.put(sentence))
        return entry

    def _read_texts(self, row: ActualRow, source: Source, posted: QueryDict) -> ActualEntry | None:
        """The explanations of a row whose figure is its source's; a figure may only repeat that."""
        form = TakenForm(posted, prefix=row.code, unit=row.series.definition.unit)
        _tell_errors(row, form)
        row.typed[VERSION] = str(form.cleaned_data[VERSION])
        if form.differs_from(row.counted):
            row.add_error("value", source.entered_there(row.fiscal_year))
        entry = form.entry()
        if entry is None and row.typed[VERSION] == "0" and not row.errors:
            raise Untouched
        return entry

    def preview(self, row: ActualRow, entry: ActualEntry | None) -> None:
        if entry is None or entry.state == ActualState.MISSING:
            row.assess(None)
        else:
            row.assess(measurement_of(entry), entry.expected_on)


def _tell_errors(row: ActualRow, form: RowForm) -> None:
    """Put what can't be read beside its field; raises Unreadable if there is anything."""
    for name, messages in form.errors.items():
        for message in messages:
            row.add_error(name, str(message))
    if row.errors:
        raise Unreadable


ACTUALS_SHEET = _ActualsSheet()


def actual_rows(series: Iterable[KpiSeries], fiscal_year: int) -> list[ActualRow]:
    """The rows of a page nobody has typed into yet."""
    return [ActualRow(one, fiscal_year) for one in series]


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


def supposed(series: KpiSeries, fiscal_year: int, posted: QueryDict) -> ActualRow:
    """A row as it would be rated if it were saved as typed; its errors say what is wrong."""
    row = ActualRow(series, fiscal_year)
    ACTUALS_SHEET.fill_in(row, posted)
    try:
        entry = ACTUALS_SHEET.read(row, posted)
    except (Unreadable, Untouched):
        return row
    if not row.errors:
        ACTUALS_SHEET.preview(row, entry)
    return row
