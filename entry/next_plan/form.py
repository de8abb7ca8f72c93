"""The page's form: what a planner ticks and types, read whole, with a sentence at each fault."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from common.fiscal_year import wareki
from common.reading.figures import read_number
from common.reading.form_fields import FiscalYearField, TextField
from common.reading.texts import LONGEST_TEXT
from common.reading.years import read_fiscal_year
from entry.next_plan.beginning import code_is_taken
from entry.next_plan.contents import Choice
from entry.next_plan.offer import Baseline, Offer, OfferedKpi
from kpis.models import Formula, Kpi
from kpis.rules import decimals_message, fits_decimal_places, worded
from projects.initiative_codes import code_at_home
from projects.models import Strategy

_REQUIRED = "{}を入力してください。"
_BASELINE = Kpi._meta.get_field("baseline")


class FactsForm(forms.Form):
    """What the next plan is called, when it runs, and why it is begun."""

    name = TextField(
        label="計画名",
        max_length=200,
        error_messages={"required": _REQUIRED.format("計画名")},
    )
    code = forms.CharField(
        label="計画コード",
        max_length=50,
        help_text="アドレスに使います。半角の英数字とハイフンです。あとから変えません。",
        error_messages={"required": _REQUIRED.format("計画コード")},
        validators=[
            RegexValidator(
                r"\A[a-zA-Z0-9_-]+\Z",
                "計画コードは、半角の英数字とハイフンで書いてください（例：strategy-2029）。",
            )
        ],
    )
    first_year = FiscalYearField(
        label="最初の年度",
        help_text="例：2029、令和11年度、R11",
        error_messages={"required": _REQUIRED.format("最初の年度")},
    )
    last_year = FiscalYearField(
        label="最終年度",
        help_text="例：2033、令和15年度、R15",
        error_messages={"required": _REQUIRED.format("最終年度")},
    )
    reason = TextField(
        label="理由",
        max_length=LONGEST_TEXT,
        help_text="履歴と監査に残ります。",
        error_messages={"required": "次の計画を始める理由を書いてください。"},
    )

    def __init__(self, plan: Strategy, data: Mapping[str, str] | None) -> None:
        self.plan = plan
        first = plan.last_year + 1
        offered = {
            "first_year": wareki(first),
            "last_year": wareki(first + len(plan.years) - 1),
            "reason": f"「{plan}」の次の計画の策定",
        }
        super().__init__(data, initial=offered)

    def clean_code(self) -> str:
        """Refuse a code that a plan has."""
        code: str = self.cleaned_data["code"]
        taken = Strategy.objects.filter(code=code).first()
        if taken is not None:
            raise ValidationError(code_is_taken(taken))
        return code

    def clean_first_year(self) -> int:
        """Refuse a plan that begins no later than the one it follows."""
        year: int = self.cleaned_data["first_year"]
        if year <= self.plan.first_year:
            raise ValidationError(
                f"次の計画は、「{self.plan}」（{wareki(self.plan.first_year)}から）より後の年度に"
                "始めてください。"
            )
        return year

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("first_year"), self.cleaned_data.get("last_year")
        if first is not None and last is not None and last < first:
            self.add_error("last_year", "最終年度は最初の年度以後にしてください。")


@dataclass(slots=True)
class Tick:
    """Something of the old plan and whether it is taken over; `key` is its field's name."""

    key: str
    item: Any
    code: str
    is_taken: bool


@dataclass(slots=True)
class KpiTick:
    """A KPI, whether it is carried over, and the baseline that it brings along."""

    offered: OfferedKpi
    is_taken: bool
    value: str
    year: str
    value_error: str = ""
    year_error: str = ""
    baseline: Baseline = field(default_factory=Baseline)

    @property
    def code(self) -> str:
        """`P1-2`, with which the names of its fields begin."""
        return self.offered.code


class NextPlanForm:
    """The whole page: as it is offered, or with `data` as it was typed.

    `choice` is what was read; None while there are faults, which `faults` lists: the field's
    id, what it is called, and the sentence.
    """

    def __init__(self, offer: Offer, data: Mapping[str, str] | None = None) -> None:
        self.offer = offer
        self.facts = FactsForm(offer.plan, data)
        self.pillars = [_tick(f"pillar-{one.number}", one, "", data) for one in offer.pillars]
        self.projects = [
            _tick(f"project-{one.code}", one, one.sign, data) for one in offer.projects
        ]
        self.initiatives = [
            _tick(f"initiative-{one.pk}", one, code_at_home(one), data) for one in offer.initiatives
        ]
        self.kpis = [_kpi_tick(one, data) for one in offer.kpis]
        self.faults = list(self._faults()) if data is not None else []

    @property
    def choice(self) -> Choice | None:
        """What was typed; None where something is wrong, or nothing was typed yet."""
        if not self.facts.is_bound or self.faults:
            return None
        typed = self.facts.cleaned_data
        return Choice(
            code=typed["code"],
            name=typed["name"],
            first_year=typed["first_year"],
            last_year=typed["last_year"],
            reason=typed["reason"],
            pillars=frozenset(one.item.number for one in self.pillars if one.is_taken),
            projects=frozenset(one.code for one in self.projects if one.is_taken),
            initiatives=frozenset(one.item.pk for one in self.initiatives if one.is_taken),
            kpis={one.code: one.baseline for one in self.kpis if one.is_taken},
        )

    @property
    def structure(self) -> list[tuple[Tick, list[tuple[Tick, list[Tick]]]]]:
        """Each pillar with its projects, each with the initiatives at home there."""
        at_home = {
            home: list(own)
            for home, own in groupby(self.initiatives, lambda one: one.item.home_project_id)
        }
        return [
            (
                pillar,
                [
                    (project, at_home.get(project.item.pk, []))
                    for project in self.projects
                    if project.item.pillar_id == pillar.item.pk
                ],
            )
            for pillar in self.pillars
        ]

    @property
    def departments(self) -> list[tuple[str, list[KpiTick]]]:
        """The KPIs of each department by its code; at the end those of none."""

        def order(one: KpiTick) -> tuple[bool, str]:
            owner = one.offered.kpi.department
            return owner is None, owner.code if owner else ""

        grouped = groupby(sorted(self.kpis, key=order), order)
        found = [list(own) for _order, own in grouped]
        return [(_owner_in_words(own[0]), own) for own in found]

    def _faults(self) -> Iterable[tuple[str, str, str]]:
        for name, sentences in self.facts.errors.items():
            for sentence in sentences:
                yield f"id_{name}", str(self.facts.fields[name].label), str(sentence)
        for one in self.kpis:
            name = str(one.offered.kpi)
            if one.value_error:
                yield f"{one.code}-baseline", f"{name}の基準値", one.value_error
            if one.year_error:
                yield f"{one.code}-baseline-year", f"{name}の基準値の年度", one.year_error


def _tick(key: str, item: Any, code: str, data: Mapping[str, str] | None) -> Tick:
    return Tick(key, item, code, is_taken=data is None or key in data)


def _kpi_tick(offered: OfferedKpi, data: Mapping[str, str] | None) -> KpiTick:
    if data is None:
        value, year = offered.baseline.value, offered.baseline.year
        return KpiTick(
            offered,
            is_taken=True,
            value="" if value is None else f"{value.normalize():f}",
            year="" if year is None else wareki(year),
        )
    code = offered.code
    one = KpiTick(
        offered,
        is_taken=f"{code}-take" in data,
        value=data.get(f"{code}-baseline", ""),
        year=data.get(f"{code}-baseline-year", ""),
    )
    if one.is_taken:
        _read_baseline(one)
    return one


def _read_baseline(one: KpiTick) -> None:
    """Read a KPI's baseline; without a figure its year goes too."""
    kpi = one.offered.kpi
    value = year = None
    try:
        value = read_number(one.value, kpi.unit)
        if value is not None:
            _BASELINE.run_validators(value)
    except ValidationError as error:
        one.value_error = "".join(error.messages)
    except ValueError as error:
        one.value_error = str(error)
    if value is not None and not fits_decimal_places(value, kpi.decimal_places):
        one.value_error = worded(kpi, decimals_message("基準値", kpi.decimal_places))
    if value is None and not one.value_error and kpi.formula == Formula.FROM_BASELINE:
        one.value_error = (
            "算式「基準値からの伸び」には基準値が要ります。"
            "基準値を入力するか、引き継ぐ印を外してください。"
        )
    if value is not None and one.year.strip():
        try:
            year = read_fiscal_year(one.year)
        except ValueError as error:
            one.year_error = str(error)
    one.baseline = Baseline(value, year)


def _owner_in_words(one: KpiTick) -> str:
    owner = one.offered.kpi.department
    if owner is None:
        return "所管課が未設定"
    return f"{owner}（廃止）" if owner.is_abolished else str(owner)
