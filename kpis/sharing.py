"""Shared indicators: a KPI that takes its figures from another plan's, where they are entered once.

The KPI that takes them is the taker, the other one its source (docs/domain.md, Shared indicators).
In the years of the source's plan the taker's figures are the source's; in all others they are its
own. What a KPI may be a source of, and what a taker has from it, is ruled here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from common.fiscal_year import wareki
from common.history import follow_signature
from common.reading.units import NO_UNIT
from kpis import rules, value_years
from projects.models import FiscalYearClosing, PlanState, Strategy
from projects.rules import Fault, refuse

if TYPE_CHECKING:
    from kpis.models import Kpi

# What a taker has as its source has it.
FOLLOWED = {"unit": "単位", "decimal_places": "小数桁数", "direction": "目指す方向"}


@dataclass(frozen=True, slots=True)
class Source:
    """The KPI from which another takes its figures, and the years in which it lives."""

    kpi_id: int
    code: str
    name: str
    plan_code: str
    plan_name: str
    first_year: int
    last_year: int
    department: str = ""

    def covers(self, fiscal_year: int) -> bool:
        """Whether the figures of a year are this KPI's."""
        return self.first_year <= fiscal_year <= self.last_year

    @property
    def place(self) -> str:
        """`見本市総合計画のP1-2`."""
        return f"{self.plan_name}の{self.code}"

    @property
    def named(self) -> str:
        """`見本市総合計画のP1-2「観光客数」`."""
        return f"{self.place}「{self.name}」"

    def page(self, fiscal_year: int) -> str:
        """The address of the page where a year's figure is entered."""
        return reverse("entry_one", args=[self.plan_code, fiscal_year, self.code])

    def entered_there(self, fiscal_year: int) -> str:
        """The sentence that says where a year's figure is entered."""
        return (
            f"{wareki(fiscal_year)}の数値は、{self.named}で入力します"
            f"（{self.page(fiscal_year)}）。ここに書けるのは、要因分析と今後の方向性だけです。"
        )


def span_of(years: Sequence[int]) -> str:
    """`令和6年度から令和9年度まで`; of one year that alone."""
    first, last = wareki(years[0]), wareki(years[-1])
    return first if len(years) == 1 else f"{first}から{last}まで"


def source_of(kpi: Kpi) -> Source | None:
    """A KPI's source with its plan; None where it takes its figures from nowhere."""
    return None if kpi.source is None else as_source(kpi.source)


def as_source(kpi: Kpi) -> Source:
    """A KPI as a source, under its plan's name."""
    plan = kpi.project.strategy
    return Source(
        kpi_id=kpi.pk,
        code=kpi.code,
        name=kpi.name,
        plan_code=plan.code,
        plan_name=plan.name,
        first_year=max(plan.first_year, kpi.first_year or plan.first_year),
        last_year=min(plan.last_year, kpi.last_year or plan.last_year),
        department=kpi.department.name if kpi.department else "",
    )


def place_of(kpi: Kpi) -> str:
    """`見本市総合計画のP1-2`."""
    return f"{kpi.project.strategy.name}の{kpi.code}"


def named_place_of(kpi: Kpi) -> str:
    """`見本市総合計画のP1-2「観光客数」`."""
    return f"{place_of(kpi)}「{kpi.name}」"


def possible_sources(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """Those of some KPIs that can be another plan's source."""
    return kpis.filter(source=None).exclude(project__strategy__state=PlanState.PREPARING)


def with_takers(kpis: QuerySet[Kpi]) -> QuerySet[Any]:
    """The KPIs, each with `has_takers`: whether another takes its figures."""
    return kpis.annotate(has_takers=Exists(_kpis().filter(source=OuterRef("pk"))))


def takers_of(kpi: Kpi) -> QuerySet[Kpi]:
    """The KPIs that take a KPI's figures, with their plans, in the order of these."""
    return kpi.takers.select_related("project__strategy").order_by(
        "project__strategy__code", "project__position", "project__code", "number"
    )


# Rules


def check_kpi(kpi: Kpi) -> None:
    """Raise ValidationError where a KPI and its source, or its takers, don't go together."""
    if kpi.project_id is None:
        return
    before = type(kpi).objects.filter(pk=kpi.pk).first() if kpi.pk else None
    if (before.source_id if before is not None else None) != kpi.source_id:
        _lock([kpi.pk, kpi.source_id])
    refuse([*source_faults(kpi), *_change_faults(kpi, before), *_taker_faults(kpi, before)])


def _lock(ids: Sequence[int | None]) -> None:
    """Let nobody record figures of some KPIs between the check and the save, within one act.

    Nothing is locked where no transaction holds both together.
    """
    if connection.in_atomic_block:
        rows = _kpis().filter(pk__in=[pk for pk in ids if pk]).select_for_update()
        list(rows.order_by("pk").values_list("pk", flat=True))


def source_faults(kpi: Kpi) -> Iterator[Fault]:
    """Why a KPI can't take its figures from its source; none where it has no source."""
    source = kpi.source
    if source is None:
        return
    plan, place = source.project.strategy, place_of(source)
    word = kpi.project.strategy.words.kpi
    if plan.pk == kpi.project.strategy_id:
        yield Fault("source", f"元の{word}は、別の計画の{word}から選んでください。")
        return
    if plan.is_in_preparation:
        yield Fault(
            "source",
            f"{plan.name}は準備中のため、その{word}を元の{word}にできません。"
            f"実施中か終了した計画の{word}を選んでください。",
        )
    if source.source is not None:
        yield Fault(
            "source",
            f"{place}は、{place_of(source.source)}から数値を受け取っています。"
            f"元の{word}には{place_of(source.source)}を選んでください。",
        )
    takers = "、".join(map(place_of, takers_of(kpi))) if kpi.pk else ""
    if takers:
        yield Fault(
            "source",
            f"この{word}は{takers}に数値を渡しているため、元の{word}を持てません。"
            f"元の{word}を空にしてください。",
        )
    yield from _unlike_faults(kpi, source)
    yield from _figure_faults(kpi, source)


def _unlike_faults(kpi: Kpi, source: Kpi) -> Iterator[Fault]:
    """Unit, decimals or direction that are not the source's, and an aggregation that can't be."""
    place, word = place_of(source), kpi.project.strategy.words.kpi
    for name, label in FOLLOWED.items():
        if getattr(kpi, name) != getattr(source, name):
            theirs = (
                source.get_direction_display() if name == "direction" else getattr(source, name)
            ) or NO_UNIT
            yield Fault(name, f"{label}は、元の{word}（{place}）と同じ「{theirs}」にしてください。")
    if source.aggregation not in ("annual", kpi.aggregation):
        yield Fault(
            "aggregation",
            f"元の{word}（{place}）が累計のため、集計方法は「{source.get_aggregation_display()}」に"
            "してください。",
        )


def _figure_faults(kpi: Kpi, source: Kpi) -> Iterator[Fault]:
    """Figures of the KPI's own in the source's years, and the source's that it can't bear."""
    place, word = place_of(source), kpi.project.strategy.words.kpi
    lent = [year for year in source.project.strategy.years if source.lives_in(year)]
    own = _figures(kpi).filter(fiscal_year__in=lent) if kpi.pk else ()
    years = "、".join(wareki(one.fiscal_year) for one in own)
    if years:
        yield Fault(
            "source",
            f"{years}の実績が、この{word}に入力されています。元の{word}（{place}）がある年度なので、"
            "先にその実績を「未入力に戻す」で取り消してください。",
        )
    for one in _figures(source).filter(fiscal_year__in=kpi.project.strategy.years):
        problem = figure_errors(kpi, one.fiscal_year, one)
        if problem:
            yield Fault(
                "source",
                f"{place}の{wareki(one.fiscal_year)}の実績が合いません："
                + rules.worded(kpi, problem),
            )


def figure_errors(taker: Kpi, fiscal_year: int, figure: Any) -> str:
    """Why a taker can't bear its source's figure (a row, an entry, None); empty when it can."""
    if figure is None:
        return ""
    problem = "" if figure.value is None else rules.actual_errors(taker, figure.value)
    if not problem and figure.value_year is not None:
        problem = value_years.problem_of(
            figure.value_year, fiscal_year, aggregation=taker.aggregation
        )
    return problem


def _change_faults(kpi: Kpi, before: Kpi | None) -> Iterator[Fault]:
    """Another source than before, where a year is closed whose figure that would change."""
    old = before.source if before is not None else None
    if old == kpi.source:
        return
    years = {
        year
        for one in (old, kpi.source)
        if one
        for year in one.project.strategy.years
        if one.lives_in(year) and kpi.lives_in(year)
    }
    closed = rules.closed_years_of(kpi) & years
    if closed:
        yield Fault("source", rules.closed_message(closed, f"元の{kpi.project.strategy.words.kpi}"))


def _taker_faults(kpi: Kpi, before: Kpi | None) -> Iterator[Fault]:
    """Takers that can't follow what changes in a KPI."""
    if before is None or all(
        getattr(before, name) == getattr(kpi, name) for name in (*FOLLOWED, "aggregation")
    ):
        return
    for taker in takers_of(kpi):
        _follow(taker, kpi)
        try:
            taker.full_clean()
        except ValidationError as refusal:
            why = "".join(refusal.messages)
            yield Fault(NON_FIELD_ERRORS, f"数値を渡している{place_of(taker)}に合いません：{why}")


def take_along(kpi: Kpi) -> None:
    """Save the takers of a KPI that was saved, with what they have as it has it."""
    for taker in takers_of(kpi):
        if _follow(taker, kpi):
            word = taker.project.strategy.words.kpi
            follow_signature(taker, kpi, f"元の{word}に合わせる")
            taker.save()


def _follow(taker: Kpi, kpi: Kpi) -> bool:
    """Give a taker what it has from its source; whether anything was different."""
    changed = [name for name in FOLLOWED if getattr(taker, name) != getattr(kpi, name)]
    for name in changed:
        setattr(taker, name, getattr(kpi, name))
    return bool(changed)


def check_period(strategy: Strategy) -> None:
    """Raise ValidationError if another period changes which years' figures takers have from here.

    Not where one of those years has a figure of a taker's own, or is closed in its plan.
    """
    before = Strategy.objects.get(pk=strategy.pk)
    changed = set(before.years) ^ set(strategy.years)
    takers = _kpis().filter(source__project__strategy=strategy)
    if not changed or not takers.exists():
        return
    closed = FiscalYearClosing.objects.filter(
        strategy__projects__kpis__in=takers, fiscal_year__in=changed
    ).select_related("strategy")
    for one in closed:
        raise ValidationError(
            f"{one.strategy.name}が、この計画と数値を共有して{wareki(one.fiscal_year)}を"
            "締めています。その年度は、計画期間に出し入れできません。"
        )
    for taker in takers.select_related("project__strategy"):
        years = [one.fiscal_year for one in _figures(taker) if one.fiscal_year in changed]
        if years:
            raise ValidationError(
                f"この計画の{strategy.words.kpi}を元にする{place_of(taker)}に、"
                f"{'、'.join(map(wareki, years))}の実績が入力されています。"
                "その年度は、計画期間に出し入れできません。"
            )


def why_not_lent(kpi: Kpi, changed: set[int]) -> str:
    """Why a KPI can't begin or cease to give its figures of some years; empty where it can.

    Not where a plan that counts them has closed one of the years, or has a figure of its own.
    """
    for taker in takers_of(kpi) if changed else ():
        plan = taker.project.strategy
        counted = {year for year in changed if year in plan.years and taker.lives_in(year)}
        closed = plan.closings.filter(fiscal_year__in=counted).order_by("fiscal_year").first()
        if closed is not None:
            return (
                f"{plan.name}が、この{kpi.project.strategy.words.kpi}の数値を使って"
                f"{wareki(closed.fiscal_year)}を締めています。その年度の前では終えられません。"
            )
        own = [one.fiscal_year for one in _figures(taker) if one.fiscal_year in counted]
        if own:
            return (
                f"数値を渡している{place_of(taker)}に、{'、'.join(map(wareki, own))}の実績が"
                "入力されています。先にその実績を「未入力に戻す」で取り消してください。"
            )
    return ""


def _figures(kpi: Kpi) -> QuerySet[Any]:
    """The years of a KPI that say more than explanations, in order."""
    return kpi.actuals.exclude(state="missing").order_by("fiscal_year")


def _kpis() -> QuerySet[Kpi]:
    from kpis.models import Kpi  # noqa: PLC0415 - which asks these rules

    return Kpi.objects.all()
