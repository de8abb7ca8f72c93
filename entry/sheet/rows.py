"""One KPI's row of the entry page: what its fields hold, what is wrong, what it would mean."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from entry.sheet.forms import STATE_CHOICES, WITHDRAW
from kpis.achievement import Measurement, display_value
from kpis.assessment import KpiAssessment
from kpis.doubts import doubts
from kpis.models import ActualState, YearlyActual
from kpis.series import ActualRecord, KpiSeries

LABELS = {
    "value": "実績値",
    "state": "状態",
    "unmeasured_reason": "未測定の理由",
    "expected_on": "集計中の予定日",
    "analysis": "要因分析",
    "next_steps": "今後の方向性",
    "confirmation": "確認のひとこと",
    "version": "版",
}
_TEXTS = ("unmeasured_reason", "expected_on", "analysis", "next_steps", "confirmation")


@dataclass(slots=True)
class EntryError:
    """One sentence beside one field of one row."""

    field: str
    message: str

    @property
    def label(self) -> str:
        """The field's name on the page."""
        return LABELS.get(self.field, "")


@dataclass(slots=True)
class EntryRow:
    """One KPI on the entry page: what its fields hold, what is wrong, what it would mean."""

    series: KpiSeries
    fiscal_year: int
    typed: dict[str, str]
    errors: list[EntryError] = field(default_factory=list)
    theirs: YearlyActual | None = None
    is_stale: bool = False
    assessment: KpiAssessment | None = None
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.assessment is None:
            self.assess(self.series.measurements.get(self.fiscal_year))

    def assess(self, measurement: Measurement | None) -> None:
        """Rate and doubt the row as if this were the year's measurement."""
        self.assessment = self.series.assess_with(self.fiscal_year, measurement)
        before = self.series.measurements.get(self.fiscal_year - 1)
        self.doubts = doubts(
            self.series.definition,
            measurement.value if measurement else None,
            last_year=before.value if before else None,
            earlier=self._earlier,
        )

    @property
    def code(self) -> str:
        """The KPI's code, which prefixes the names and ids of the row's fields."""
        return self.series.definition.code

    @property
    def name(self) -> str:
        """The KPI's name."""
        return self.series.definition.name

    @property
    def saved(self) -> ActualRecord | None:
        """The actual as it was when the page was made."""
        return self.series.actuals.get(self.fiscal_year)

    @property
    def last_year(self) -> str:
        """Last year's own figure as text, or the word for why there is none."""
        record = self.series.actuals.get(self.fiscal_year - 1)
        if self.fiscal_year == self.series.rules.first_year:
            return "－"
        if record is None:
            return ActualState.MISSING.label
        if record.value is None:
            return ActualState(record.state).label
        return display_value(record.value, self.series.definition.decimal_places)

    @property
    def sum_before(self) -> Decimal:
        """The sum of the years before this one."""
        return sum(self._earlier, Decimal(0))

    @property
    def _earlier(self) -> list[Decimal]:
        """The figures of the years before this one."""
        known = self.series.measurements.items()
        return [one.value for year, one in known if one.value and year < self.fiscal_year]

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has stated anything about the year yet."""
        return self.fiscal_year not in self.series.measurements

    @property
    def before(self) -> ActualRecord | None:
        """Last year's record, for its explanation."""
        return self.series.actuals.get(self.fiscal_year - 1)

    @property
    def state_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the state field; withdrawing only what is recorded."""
        choices = [*STATE_CHOICES]
        if self.typed["version"] != "0":
            choices.append((WITHDRAW, "未入力に戻す"))
        return [(key, label, key == self.typed["state"]) for key, label in choices]

    @property
    def fields_with_errors(self) -> frozenset[str]:
        """The fields to mark as invalid."""
        return frozenset(error.field for error in self.errors)

    @property
    def has_explanation(self) -> bool:
        """Whether an explanation is written."""
        return bool(self.typed["analysis"] or self.typed["next_steps"])

    @property
    def shows_explanation(self) -> bool:
        """Whether the explanation has to be looked at."""
        return bool({"analysis", "next_steps"} & self.fields_with_errors) or self.is_stale

    @property
    def is_answered(self) -> bool:
        """Whether the doubts about the figure are answered by a word."""
        return bool(self.typed["confirmation"].strip())

    @property
    def standing_texts(self) -> dict[str, str]:
        """What the fields would hold with what is saved now: the newer save's, where refused."""
        if self.is_stale:
            return _texts_of(self.theirs, self.series.definition.decimal_places)
        return saved_texts(self.series, self.fiscal_year)

    @property
    def standing_json(self) -> str:
        """The same for the page's script."""
        return json.dumps(self.standing_texts, ensure_ascii=False)

    @property
    def is_unsaved(self) -> bool:
        """Whether the fields hold anything but what is saved."""
        standing = self.standing_texts
        return any(self.typed[name] != standing[name] for name in LABELS if name != "version")

    @property
    def differing_texts(self) -> list[tuple[str, str, str]]:
        """(label, theirs, mine) of the texts in which a newer save and the typed row differ."""
        standing = self.standing_texts
        pairs = [
            (LABELS[name], standing[name], self.typed[name].replace("\r\n", "\n").strip())
            for name in _TEXTS
        ]
        return [one for one in pairs if one[1] != one[2]]

    @property
    def typed_state(self) -> str:
        """The label of the state that is chosen in the row."""
        return next((label for _key, label, chosen in self.state_choices if chosen), "")


def entry_rows(series: Iterable[KpiSeries], fiscal_year: int) -> list[EntryRow]:
    """The rows of a page nobody has typed into yet."""
    return [EntryRow(one, fiscal_year, saved_texts(one, fiscal_year)) for one in series]


def saved_texts(series: KpiSeries, fiscal_year: int) -> dict[str, str]:
    """What the fields hold when the page is opened."""
    return _texts_of(series.actuals.get(fiscal_year), series.definition.decimal_places)


def _texts_of(saved: ActualRecord | YearlyActual | None, places: int) -> dict[str, str]:
    if saved is None:
        return dict.fromkeys(LABELS, "") | {"state": ActualState.FINAL.value, "version": "0"}
    is_stated = saved.state != ActualState.MISSING
    return {
        "value": "" if saved.value is None else f"{saved.value:.{places}f}",
        "state": saved.state if is_stated else ActualState.FINAL.value,
        "unmeasured_reason": saved.unmeasured_reason,
        "expected_on": saved.expected_on.isoformat() if saved.expected_on else "",
        "analysis": saved.analysis,
        "next_steps": saved.next_steps,
        "confirmation": saved.confirmation,
        "version": str(saved.version),
    }
