"""Rules of KPIs and actuals that need more than one table, each with its sentences.

Called by the models' `clean()` and `delete()` (so forms, loader and import obey them), by the
recording of actuals, and by `kpis.plan_check` for all that stands. Those of targets are in
`kpis.target_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from common.fiscal_year import wareki
from kpis import value_years
from kpis.achievement import value_problem
from kpis.life_rules import closed_life_faults, kpi_life_faults
from projects.models import FiscalYearClosing, Strategy
from projects.rules import Fault, closed_years_lived, outside, refuse

if TYPE_CHECKING:
    from kpis.definition import KpiDefinition
    from kpis.models import Kpi, YearlyActual

_MAX_DIGITS_BEFORE_POINT = 11
_KIND_STAYS = (
    "プロジェクトの指標と数値目標は、たがいに移せません（締めた年度の数と平均が変わります）。"
    "今のものを終えて、新しく加えてください。"
)
_FIXED = {
    "aggregation": "集計方法",
    "direction": "目指す方向",
    "formula": "達成率の算式",
    "unit": "単位",
}


def baseline_faults(kpi: Kpi) -> Iterator[Fault]:
    """A baseline finer than the KPI's decimals."""
    if kpi.baseline is not None and not fits_decimal_places(kpi.baseline, kpi.decimal_places):
        yield Fault("baseline", worded(kpi, decimals_message("基準値", kpi.decimal_places)))


def carried_from_faults(kpi: Kpi) -> Iterator[Fault]:
    """A carried-over KPI whose old one is not of a plan that began earlier.

    So the way back from KPI to KPI always ends.
    """
    old = kpi.carried_from
    if old is None:
        return
    plan, before = kpi.project.strategy, old.project.strategy
    word = plan.words.kpi
    if before.pk == plan.pk:
        yield Fault("carried_from", f"同じ計画の{word}です。前の計画の{word}を選んでください。")
    elif before.first_year >= plan.first_year:
        yield Fault(
            "carried_from",
            f"「{before}」は、この計画より前に始まる計画ではありません。"
            f"前の計画の{word}を選んでください。",
            f"引き継ぎ元の「{before}」の{old.code}は、この計画より前に始まる計画のものでは"
            "ありません。引き継ぎ元か計画期間を直してください。",
        )


def check_kpi(kpi: Kpi) -> None:
    """Raise ValidationError where a KPI's own numbers or its records don't bear its settings."""
    before = type(kpi).objects.filter(pk=kpi.pk).first() if kpi.pk else None
    faults = [*baseline_faults(kpi), *_changes_refused(kpi, before)]
    if kpi.project_id is not None:
        faults += [*carried_from_faults(kpi), *kpi_life_faults(kpi)]
        if before is None or _life_of(before) != _life_of(kpi):
            # Of the plan: those of the life as it is to be would leave out what it leaves.
            closed = kpi.project.strategy.closings.order_by("fiscal_year")
            years = list(closed.values_list("fiscal_year", flat=True))
            faults += closed_life_faults(kpi, before, years)
    refuse(faults)


def check_kpi_deletable(kpi: Kpi) -> None:
    """Raise ValidationError if the KPI lived in a closed year: it is ended, and stays."""
    closed = closed_years_lived(kpi, kpi.project.strategy)
    if closed:
        named = "、".join(map(wareki, closed))
        raise ValidationError(
            worded(
                kpi,
                f"{named}は締め済みのため、指標とその目標値は削除できません。"
                "使わなくなった指標は「指標を終える」で終えてください。",
            )
        )


# Of a plan's period, which the room below knows nothing of


def check_period(strategy: Strategy) -> None:
    """Raise ValidationError if the plan's period leaves out a year with actuals."""
    early = Q(kpis__actuals__fiscal_year__lt=strategy.first_year)
    late = Q(kpis__actuals__fiscal_year__gt=strategy.last_year)
    if strategy.projects.filter(early | late).exists():
        raise ValidationError(
            "計画期間の外になる年度に実績が入力されています。その年度は期間から外せません。"
        )


# Figures


def actual_errors(kpi: Kpi | KpiDefinition, value: Decimal) -> str:
    """Why a value can't be an actual of the KPI, as a sentence; empty when it can."""
    if not value.is_finite():
        return "実績値は数字で入力してください（例：1,234）。"
    if abs(value) >= 10**_MAX_DIGITS_BEFORE_POINT:
        return f"実績値の桁が多すぎます。整数部分は{_MAX_DIGITS_BEFORE_POINT}桁までです。"
    if not fits_decimal_places(value, kpi.decimal_places):
        return decimals_message("実績値", kpi.decimal_places)
    return value_problem(value, formula=kpi.formula)


def actual_faults(actual: YearlyActual) -> Iterator[Fault]:
    """What is wrong with an actual that stands: its year, and its value for its KPI."""
    strategy = actual.kpi.project.strategy
    if actual.fiscal_year not in strategy.years:
        yield outside_fault("fiscal_year", strategy, "計画期間を直してください。")
    problem = "" if actual.value is None else actual_errors(actual.kpi, actual.value)
    if problem:
        yield Fault("value", worded(actual.kpi, problem))
    if actual.value_year is not None:
        problem = value_years.problem_of(
            actual.value_year, actual.fiscal_year, aggregation=actual.kpi.aggregation
        )
        if problem:
            yield Fault("value_year", worded(actual.kpi, problem))


def fits_decimal_places(value: Decimal, decimal_places: int) -> bool:
    """Whether a value has no more decimals than `decimal_places`; trailing zeros don't count."""
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimal_places


def decimals_message(label: str, decimal_places: int) -> str:
    """The sentence that refuses too many decimals."""
    if decimal_places == 0:
        return f"{label}は整数で入力してください。この指標は小数を使いません。"
    return f"{label}は小数第{decimal_places}位までで入力してください。"


def worded(kpi: Kpi, sentence: str) -> str:
    """A sentence of ours in the words of the KPI's plan."""
    return kpi.project.strategy.words.put(sentence)


def closed_years_of(kpi: Kpi) -> set[int]:
    """The closed fiscal years of the KPI's strategy in which the KPI lives."""
    closed = FiscalYearClosing.objects.filter(strategy__projects=kpi.project_id).order_by()
    return set(filter(kpi.lives_in, closed.values_list("fiscal_year", flat=True)))


def _changes_refused(kpi: Kpi, before: Kpi | None) -> Iterator[Fault]:
    """What a saved KPI's actuals and closed years don't let change."""
    if before is None:
        return
    changed = [name for name in _FIXED if getattr(before, name) != getattr(kpi, name)]
    if changed:
        closed = closed_years_of(before)
        measured = kpi.actuals.exists() or _has_shared_figures(before)
        for name in changed:
            if closed or (measured and name != "unit"):
                yield Fault(name, worded(kpi, _fixed_message(_FIXED[name], closed, measured)))
    yield from _home_refused(kpi, before)
    if (
        kpi.carried_from_id != before.carried_from_id
        and not before.project.strategy.is_in_preparation
    ):
        yield Fault("carried_from", "計画が準備中のあいだだけ変えられます。")
    if kpi.decimal_places < before.decimal_places:
        closed = closed_years_of(before)
        if closed:
            named = "、".join(wareki(year) for year in sorted(closed))
            yield Fault("decimal_places", f"{named}は締め済みのため、小数桁数は減らせません。")
        recorded = kpi.actuals.filter(value__isnull=False).values_list("value", flat=True)
        if any(value and not fits_decimal_places(value, kpi.decimal_places) for value in recorded):
            sentence = "これより細かい実績が入力されています。小数桁数は減らせません。"
            yield Fault("decimal_places", sentence)


def _home_refused(kpi: Kpi, before: Kpi) -> Iterator[Fault]:
    """Another plan's project; or a project for a 数値目標, and the reverse."""
    if before.project.strategy_id != kpi.project.strategy_id:
        yield Fault(
            "project",
            "実績が入力されているため、別の計画へは移せません。"
            if kpi.actuals.exists()
            else f"別の計画の{before.project.strategy.words.project}へは移せません。"
            "同じ計画から選んでください。",
        )
    elif before.project.holds_goals != kpi.project.holds_goals:
        yield Fault("project", worded(kpi, _KIND_STAYS))


def _fixed_message(label: str, closed: Iterable[int], measured: object) -> str:
    """The sentence that refuses to change how a KPI is measured."""
    named = "、".join(wareki(year) for year in sorted(closed))
    why = "実績が入力されている" if measured and label != "単位" else f"{named}が締め済みの"
    return f"{why}ため、{label}は変えられません。新しい指標として登録してください。"


def _life_of(kpi: Kpi) -> tuple[int | None, ...]:
    return kpi.first_year, kpi.last_year, kpi.project_id, kpi.number


def _has_shared_figures(kpi: Kpi) -> bool:
    """Whether the KPI has figures from a source (`kpis.sharing`)."""
    if kpi.source is None:
        return False
    return kpi.source.actuals.filter(fiscal_year__in=kpi.project.strategy.years).exists()


def outside_fault(field: str, strategy: Strategy, remedy: str) -> Fault:
    """A year that the plan doesn't have; `remedy` is what helps where it stands already."""
    return Fault(
        field,
        f"計画期間（{wareki(strategy.first_year)}から{wareki(strategy.last_year)}まで）の"
        f"年度を西暦で入力してください（例：{strategy.first_year}）。",
        f"{outside(strategy)}{remedy}",
    )


def closed_message(years: Iterable[int], label: str) -> str:
    """The sentence that refuses to change something that closed years were measured by."""
    named = "、".join(wareki(year) for year in sorted(years))
    return (
        f"{named}は締め済みのため、{label}は変えられません。"
        "締めた年度を改めるときに直してください。"
    )
