"""The form of 目標を見直す: what a KPI is to aim at, from which year, and by which way."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from common.fiscal_year import wareki
from common.reading.form_fields import FigureField, FiscalYearField, TextField, allow_unit
from entry.changing.screen import ChangeForm
from kpis.models import LONGEST_TARGET_WORDS, MET_BY_CHOICES
from kpis.series import KpiSeries
from kpis.target_text import met_by_of
from kpis.targets import MetBy, Target

FIGURE, WORDS, NOT_SET = "figure", "words", "none"
REACHED, STRICT, KEPT = "reached", "strict", "kept"
AS_TYPED, FROM_BASELINE, FROM_DUE, NO_YEARLY = "typed", "baseline", "due", "none"
_KINDS = [(FIGURE, "数値"), (WORDS, "ことば"), (NOT_SET, "まだ定めない")]
_SPREADS = [
    (AS_TYPED, "下の欄のとおりにする"),
    (FROM_BASELINE, "基準値から直線で年度目安を置く"),
    (FROM_DUE, "今年度までの目安から直線で置く"),
    (NO_YEARLY, "年度目安を置かない"),
]


class TargetForm(ChangeForm):
    """A KPI's target from a year on; `series` is the KPI with what it aims at now."""

    effective_from = forms.TypedChoiceField(
        label="適用する最初の年度",
        coerce=int,
        help_text="この年度から新しい目標になります。前の年度はそのままです。",
    )
    kind = forms.ChoiceField(label="最終目標", choices=_KINDS, widget=forms.RadioSelect)
    value = FigureField(label="最終目標値", required=False)
    condition = forms.ChoiceField(label="条件", required=False)
    tolerance = FigureField(
        label="維持の幅",
        required=False,
        help_text="「維持」のときだけ。目標値からこの幅までの値は、保たれたとみなします（100%）。",
    )
    words = TextField(
        label="ことばの目標",
        required=False,
        max_length=LONGEST_TARGET_WORDS,
        help_text="「ことば」のときだけ。例：増加、現状維持",
    )
    met_by = forms.ChoiceField(
        label="ことばの目標の達し方",
        required=False,
        choices=[("", "ことばから読み取る"), *MET_BY_CHOICES],
    )
    target_year = FiscalYearField(label="目標年度", required=False)
    baseline = FigureField(label="基準値", required=False)
    baseline_year = FiscalYearField(
        label="基準値の年度", required=False, help_text="例：2024、令和6年度、R6"
    )
    spread = forms.ChoiceField(label="年度目安の置き方", choices=_SPREADS, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, series: KpiSeries, open_years: list[int]) -> None:
        self.series = series
        self.open_years = open_years
        super().__init__(data, initial=_initial(series, open_years[0]))
        definition = series.definition
        since = self._field("effective_from")
        since.choices = [(year, wareki(year)) for year in open_years]
        self._field("condition").choices = _conditions(series)
        plain = definition.aggregation == "annual" and definition.formula == "ratio"
        if not plain:
            del self.fields["tolerance"]
        last = wareki(series.rules.last_year)
        self.fields["target_year"].help_text = f"空欄は計画の最終年度（{last}）です。"
        self.fields["baseline"].help_text = "今のままなら、直さないでください。"
        if definition.is_cumulative:
            self._field("spread").choices = [one for one in _SPREADS if one[0] != FROM_BASELINE]
        for year in self.yearly_years:
            due = series.course.expected(year)
            now = "なし" if due is None else definition.written(due)
            self.fields[f"yearly_{year}"] = FigureField(
                label=f"{wareki(year)}の年度目安", required=False, help_text=f"今の目安：{now}"
            )
            self.initial[f"yearly_{year}"] = series.yearly_targets.get(year)
        for name in ("value", "tolerance", "baseline", *self.yearly_names):
            allow_unit(self, name, definition.unit)
        self.fields["reason"] = self.fields.pop("reason")

    @property
    def yearly_years(self) -> list[int]:
        """The open years that can have a yearly target."""
        return [year for year in self.open_years if year < self.series.rules.last_year]

    @property
    def yearly_names(self) -> list[str]:
        """The fields of the yearly targets."""
        return [f"yearly_{year}" for year in self.yearly_years]

    @property
    def yearly_fields(self) -> list[forms.BoundField]:
        """The yearly targets to fill in."""
        return [self[name] for name in self.yearly_names]

    def clean(self) -> dict[str, Any]:
        """What the chosen kind of target needs."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == FIGURE and cleaned.get("value") is None and "value" not in self.errors:
            self.add_error("value", "最終目標値を入力してください。")
        if kind == WORDS and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "ことばの目標を入力してください。")
        if cleaned.get("baseline") is None and cleaned.get("baseline_year") is not None:
            self.add_error("baseline", "基準値の年度だけがあります。基準値を入力してください。")
        return cleaned

    @property
    def target(self) -> Target:
        """The target that the form, which has no fault, states."""
        said = self.cleaned_data
        year: int = said["effective_from"]
        baseline, baseline_year = self._baseline(year)
        target = Target(
            effective_from=year,
            value=None,
            target_year=said["target_year"],
            baseline=baseline,
            baseline_year=baseline_year,
        )
        return _with_goal(target, said)

    @property
    def typed_yearly(self) -> dict[int, Decimal]:
        """The yearly targets as typed, with those of closed years, which stay."""
        kept = {
            year: value
            for year, value in self.series.yearly_targets.items()
            if year not in self.yearly_years
        }
        typed = {year: self.cleaned_data[f"yearly_{year}"] for year in self.yearly_years}
        return kept | {year: value for year, value in typed.items() if value is not None}

    def _baseline(self, year: int) -> tuple[Decimal | None, int | None]:
        """The baseline that the target states: none where it is the one in force anyway."""
        typed = self.cleaned_data["baseline"], self.cleaned_data["baseline_year"]
        if year == self.series.first_year:
            return typed
        standing = self.series.course.target(year)
        states = standing is not None and standing.effective_from == year
        before = self.series.course.baseline(year if not states else year - 1)
        return (None, None) if typed == before else typed

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        return field


def _with_goal(target: Target, said: Mapping[str, Any]) -> Target:
    if said["kind"] == WORDS:
        how = said["met_by"] or met_by_of(said["words"]) or MetBy.PEOPLE
        return replace(target, words=said["words"], met_by=str(how))
    if said["kind"] == NOT_SET:
        return target
    is_kept = said["condition"] == KEPT
    width = (said.get("tolerance") or Decimal(0)) if is_kept else None
    return replace(
        target, value=said["value"], is_strict=said["condition"] == STRICT, tolerance=width
    )


def _conditions(series: KpiSeries) -> list[tuple[str, str]]:
    increases = series.definition.direction == "increase"
    conditions = [
        (REACHED, "以上" if increases else "以下"),
        (STRICT, "超（同じ値では未達成）" if increases else "未満（同じ値では未達成）"),
    ]
    if series.definition.aggregation == "annual" and series.definition.formula == "ratio":
        conditions.append((KEPT, "維持（基準値と同じ値を保つ）"))
    return conditions


def _initial(series: KpiSeries, year: int) -> dict[str, Any]:
    """What is in force in the first year that can be changed."""
    target = series.course.target(year)
    baseline, baseline_year = series.course.baseline(year)
    kind = FIGURE
    condition = REACHED
    if target is not None:
        kind = WORDS if target.words else FIGURE if target.value is not None else NOT_SET
        condition = (
            KEPT if target.tolerance is not None else STRICT if target.is_strict else REACHED
        )
    return {
        "effective_from": year,
        "kind": kind,
        "value": target and target.value,
        "condition": condition,
        "tolerance": target and target.tolerance,
        "words": target and target.words,
        "met_by": target and target.met_by,
        "target_year": target and target.target_year,
        "baseline": baseline,
        "baseline_year": baseline_year,
        "spread": AS_TYPED,
    }
