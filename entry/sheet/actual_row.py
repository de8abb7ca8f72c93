"""A KPI on the page for yearly actuals: its fields, its rating with them, its doubts."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from common.fiscal_year import wareki
from entry.sheet import ratings
from entry.sheet.forms import STATE_CHOICES, WITHDRAW
from entry.sheet.rows import VERSION, SheetRow
from kpis.achievement import Measurement, display_value
from kpis.assessment import Judgement
from kpis.doubts import day_doubts, doubts_of_year
from kpis.models import MEASURED_STATES, ActualState
from kpis.recording import (
    closed_where_counted,
)
from kpis.series import KpiSeries, judgement_of, measurement_of
from kpis.value_years import last_measured, with_mark
from projects.bands import Band


class Carried(NamedTuple):
    """A value that may stand for a later year: as its fields take it, and in words."""

    value: str
    year: str
    named: str
    measurement: Measurement


class ActualRow(SheetRow):
    """One KPI: its fields, its assessment with what they hold, and the doubts about that.

    Where the year's figure is another plan's, `source` says whose and only the explanations are
    fields. `takers` are the KPIs of other plans that count the figure too (`tell_takers`). Where
    people rate, `scale` has the marks, and the row their fields: for a proposal, and for the
    decision where its reader `decides`.
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

    def __init__(self, series: KpiSeries, fiscal_year: int, *, decides: bool = False) -> None:
        self.series = series
        self.fiscal_year = fiscal_year
        self.source = series.source if series.takes(fiscal_year) else None
        self.takers: list[Any] = []
        definition = series.placed_in(fiscal_year)
        self.scale = series.scale_in(fiscal_year)
        self.decides = decides and self.scale.is_by_people
        if self.scale.is_by_people:
            offered = ratings.PROPOSAL | (ratings.DECISION if decides else {})
            self.labels = self.labels | offered
        saved, before = series.own_record(fiscal_year), series.actuals.get(fiscal_year - 1)
        words = series.rules.words
        super().__init__(definition.id, definition.code, definition.name, saved, before, words)
        expected_on = saved.expected_on if saved else None
        self.assess(series.measurements.get(fiscal_year), expected_on, said_of(saved))

    def assess(
        self,
        measurement: Measurement | None,
        expected_on: date | None = None,
        judgement: Judgement | None = None,
    ) -> None:
        """Rate and doubt the row as if this were the year's measurement, or the day it is due.

        `judgement` is what people would say of it.
        """
        self.doubts: tuple[str, ...] = ()
        known = self.series.measurements
        if self.source is not None:
            measurement = known.get(self.fiscal_year)
        self.assessment = self.series.assess_with(self.fiscal_year, measurement, judgement)
        if self.source is not None:
            return
        of_figure = doubts_of_year(self.series.definition, self.fiscal_year, measurement, known)
        self.doubts = (*day_doubts(self.fiscal_year, expected_on), *of_figure)

    def texts_of(self, record: Any) -> dict[str, str]:
        final = ActualState.FINAL.value
        judged = {
            name: ratings.text_of(record, name, self.scale)
            for name in self.labels
            if name in ratings.RATINGS
        }
        if record is None:
            return dict.fromkeys(self.labels, "") | judged | {"state": final}
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
            **judged,
        }

    def spoken(self, name: str, text: str) -> str:
        is_mark = name in ratings.RATINGS and ratings.is_place(name)
        return ratings.spoken(self.scale, text) if is_mark else text

    def label(self, name: str) -> str:
        return ratings.RATINGS.get(name) or super().label(name)

    def show_saved(self, saved: Any) -> None:
        super().show_saved(saved)
        if self.source is not None or self.is_waiting:
            self.assess(None, None, said_of(saved))
        else:
            self.assess(measurement_of(saved), saved.expected_on, said_of(saved))

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
    def field_names(self) -> list[str]:
        """The fields that the row has: all that it has a name for, or none of the figure's."""
        figure = ActualRow.labels.keys() - {"analysis", "next_steps"}
        return [name for name in self.labels if self.source is None or name not in figure]

    @property
    def decided(self) -> Band | None:
        """The mark that is saved as decided; None where people don't rate, or have not."""
        is_said = self.saved is not None and self.scale.is_by_people
        return self.scale.at(self.saved.decided_place) if is_said else None

    @property
    def proposal_choices(self) -> ratings.Choices:
        """(value, label, chosen) of the proposal's mark."""
        return ratings.choices_of(self.scale, self.typed["proposed_place"])

    @property
    def decision_choices(self) -> ratings.Choices:
        """(value, label, chosen) of the decision's mark."""
        return ratings.choices_of(self.scale, self.typed["decided_place"])

    @property
    def has_open_proposal(self) -> bool:
        """Whether a proposal is saved and nothing decided yet."""
        if self.saved is None or not self.scale.is_by_people:
            return False
        return self.scale.at(self.saved.proposed_place) is not None and self.decided is None

    @property
    def judged_text(self) -> str:
        """`案：A 順調　計算：B 概ね順調`: what the decision is held against; empty without."""
        kpi = self.assessment
        if not self.scale.is_by_people:
            return ""
        against = (("案", kpi.proposed), ("計算", kpi.computed))
        return "　".join(f"{what}：{band.text}" for what, band in against if band is not None)

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


def said_of(stated: Any) -> Judgement | None:
    """What people say of a year's rating in what is stated; None where nothing is."""
    return None if stated is None else judgement_of(stated)
