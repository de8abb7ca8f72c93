"""計画期間を変える: a plan is extended or shortened, from its first open year on.

What stood closed keeps the last year that it knew (`FormerPeriod`); the first year is fixed once
a year is closed. Source of the rules: docs/domain.md, The period.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from kpis.models import FinalTarget, Kpi, KpiRatingRules, YearlyActual, YearlyTarget
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    all_refused,
    check_fields,
    closed_years_of,
    refused,
    stated_reason,
)
from kpis.plan_changes.beginnings import begin_with
from kpis.plan_rules import plan_rules
from projects.models import (
    EntryDeadline,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    ProjectReview,
    RatingRules,
    Strategy,
)

# So many things of a kind are named one by one.
_MOST_NAMED = 5


@dataclass(frozen=True)
class Outside:
    """What lies outside another period of a plan, as it stands in the database.

    `plan` has the period as it shall be, unsaved.
    """

    plan: Strategy

    @cached_property
    def in_the_way(self) -> list[str]:
        """What keeps its years in the plan, a sentence a kind with what is to be done first."""
        return [
            f"計画期間の外になる年度に、{what}があります：{_named(found)}。{remedy}"
            for what, found, remedy in self._kept()
            if found
        ]

    @cached_property
    def goes(self) -> list[Any]:
        """What goes with its years: deadlines, yearly targets, revisions that never come to hold.

        A yearly target of the new last year goes too, where the final one is due in it.
        """
        return [*self._deadlines(), *self._yearly_targets(), *self._revisions()]

    @property
    def goes_in_words(self) -> list[str]:
        """Each of them by name: `P1-1「…」の令和10年度の年度目安`."""
        return [_in_words(one) for one in self.goes]

    def _out(self, name: str) -> Q:
        first, last = {f"{name}__lt": self.plan.first_year}, {f"{name}__gt": self.plan.last_year}
        return Q(**first) | Q(**last)

    def _kept(self) -> Iterator[tuple[str, list[str], str]]:
        put = self.plan.words.put
        actuals = YearlyActual.objects.filter(
            self._out("fiscal_year"), kpi__project__strategy=self.plan
        ).select_related("kpi__project")
        yield (
            "実績か要因分析",
            [f"{_kpi(one.kpi)}の{wareki(one.fiscal_year)}" for one in actuals.order_by(*_BY_KPI)],
            "入力画面で取り消してから、期間を変えてください。",
        )
        progress = InitiativeProgress.objects.filter(
            self._out("fiscal_year"), initiative__strategy=self.plan
        ).select_related("initiative")
        yield (
            put("取組の実績"),
            [f"{one.initiative}の{wareki(one.fiscal_year)}" for one in progress.order_by("pk")],
            "入力画面で取り消してから、期間を変えてください。",
        )
        reviews = ProjectReview.objects.filter(
            self._out("fiscal_year"), project__strategy=self.plan
        ).select_related("project")
        yield (
            put("プロジェクトの総括"),
            [f"{one.project}の{wareki(one.fiscal_year)}" for one in reviews.order_by("pk")],
            "総括の画面で取り消してから、期間を変えてください。",
        )
        yield (
            "目標年度",
            list(self._due_later()),
            "「目標を見直す」で目標年度を改めてから、期間を変えてください。",
        )
        never = Q(first_year__gt=self.plan.last_year) | Q(last_year__lt=self.plan.first_year)
        kpis = Kpi.objects.filter(never, project__strategy=self.plan).select_related("project")
        lived = [_kpi(one) for one in kpis.order_by("project__position", "number")]
        for model, plan in ((Initiative, "strategy"), (InitiativeListing, "project__strategy")):
            lived += [str(one) for one in model.objects.filter(never, **{plan: self.plan})]
        yield (
            put("しか計画にない指標や取組"),
            lived,
            "始まりと終わりの年度を改めてから、期間を変えてください。",
        )

    def _deadlines(self) -> Iterable[EntryDeadline]:
        found = EntryDeadline.objects.filter(self._out("fiscal_year"), strategy=self.plan)
        return found.order_by("fiscal_year")

    def _yearly_targets(self) -> Iterator[YearlyTarget]:
        last = self.plan.last_year
        found = YearlyTarget.objects.filter(
            self._out("fiscal_year") | Q(fiscal_year=last), kpi__project__strategy=self.plan
        ).select_related("kpi__project")
        is_closed = last in self._closed
        for one in found.order_by(*_BY_KPI):
            if one.fiscal_year != last or not is_closed:
                yield one

    @cached_property
    def _closed(self) -> list[int]:
        return closed_years_of(self.plan)

    def _due_later(self) -> Iterator[str]:
        """KPIs whose target in force for an open year is due after the last."""
        open_from = max(self._closed, default=self.plan.first_year - 1) + 1
        later = FinalTarget.objects.filter(
            kpi=OuterRef("kpi"),
            effective_from__gt=OuterRef("effective_from"),
            effective_from__lte=open_from,
        )
        rows = FinalTarget.objects.filter(
            ~Exists(later),
            kpi__project__strategy=self.plan,
            effective_from__lte=self.plan.last_year,
            target_year__gt=self.plan.last_year,
        ).select_related("kpi__project")
        for one in rows.order_by("kpi__project__position", "kpi__number"):
            yield f"{_kpi(one.kpi)}（目標年度 {wareki(one.target_year or 0)}）"

    def _revisions(self) -> Iterator[Any]:
        late = {"effective_from__gt": self.plan.last_year}
        targets = FinalTarget.objects.filter(kpi__project__strategy=self.plan, **late)
        yield from targets.select_related("kpi__project").order_by("kpi", "effective_from")
        own = KpiRatingRules.objects.filter(kpi__project__strategy=self.plan, **late)
        yield from own.select_related("kpi__project").order_by("kpi", "effective_from")
        yield from RatingRules.objects.filter(strategy=self.plan, **late).order_by("effective_from")


_BY_KPI = ("kpi__project__position", "kpi__number", "fiscal_year")


def with_period(strategy: Strategy, first_year: int, last_year: int) -> Strategy:
    """The plan as it stands with another period, unsaved."""
    plan = Strategy.objects.get(pk=strategy.pk)
    plan.first_year, plan.last_year = first_year, last_year
    return plan


def change_period(
    strategy: Strategy, *, first_year: int, last_year: int, user: User, reason: str
) -> Strategy:
    """Extend or shorten a plan; closed years stay in the period that they knew.

    What goes with the years that are left out (`Outside.goes`) goes in the same step. Raises
    RecordingRefused, at the fields `first_year`, `last_year` or `reason` where one is at fault,
    where a closed year would change or something keeps its years in the plan. Returns the plan.
    """
    with acting(strategy, user) as before:
        reason = stated_reason(reason, "変える理由")
        plan = with_period(before, first_year, last_year)
        closed = closed_years_of(plan)
        _refuse(before, plan, closed)
        outside = Outside(plan)
        if outside.in_the_way:
            raise all_refused(outside.in_the_way, "last_year")
        for one in outside.goes:
            sign_change(one, user, reason)
            one.delete()
        if closed:
            _keep_last_year(before, max(closed), user, reason)
        begin_with(plan, before.first_year, user, reason)
        try:
            plan.clean()
        except ValidationError as error:
            raise all_refused(error.messages, "last_year") from None
        sign_change(plan, user, reason)
        plan.save()
        _drop_needless(plan, user, reason)
        note(
            Audited.PLAN,
            f"{plan.name}の計画期間を変えた（理由：{reason}）",
            before=_span(before),
            after=_span(plan),
            user=user,
        )
    return plan


def _refuse(before: Strategy, plan: Strategy, closed: list[int]) -> None:
    if plan.last_year < plan.first_year:
        raise refused("最終年度は最初の年度以後にしてください。", "last_year")
    check_fields(plan, ("first_year", "last_year"))
    if plan.years == before.years:
        raise refused(f"計画期間は、今も{_span(plan)}です。", "last_year")
    if closed and plan.first_year != before.first_year:
        raise refused(
            f"締め済みの年度（{'、'.join(map(wareki, closed))}）があるため、"
            f"最初の年度（{wareki(before.first_year)}）は変えられません。",
            "first_year",
        )
    left = [year for year in closed if year > plan.last_year]
    if left:
        raise refused(
            f"{'、'.join(map(wareki, left))}は締め済みです。計画期間から外せません。"
            f"最終年度は、{wareki(max(left))}以後にしてください。",
            "last_year",
        )


def _keep_last_year(before: Strategy, closed: int, user: User, reason: str) -> None:
    """Keep the last year as it was for the closed years, unless an earlier change did."""
    if before.former_periods.filter(held_until__gte=closed).exists():
        return
    former = FormerPeriod(
        strategy=before, held_until=closed, last_year=before.last_year, reason=reason
    )
    sign_change(former, user, reason)
    former.save()


def _drop_needless(plan: Strategy, user: User, reason: str) -> None:
    """Drop former last years that are those that follow them: a change that was taken back."""
    following = plan.last_year
    for former in plan.former_periods.order_by("-held_until"):
        if former.last_year == following:
            sign_change(former, user, reason)
            former.delete()
        following = former.last_year


def last_years_as_known(strategy: Strategy) -> list[tuple[int, int]]:
    """From which year the plan has had which last year, in order; one where it never changed."""
    rules = plan_rules(strategy)
    known = [(rules.first_year, rules.last_year_in(rules.first_year))]
    for former in sorted(rules.former_last_years, key=lambda one: one.held_until):
        since = former.held_until + 1
        known.append((since, rules.last_year_in(since)))
    return known


def _span(plan: Strategy) -> str:
    return f"{wareki(plan.first_year)}から{wareki(plan.last_year)}まで"


def _kpi(kpi: Kpi) -> str:
    return f"{kpi.code}「{kpi.name}」"


def _named(found: list[str]) -> str:
    shown = "、".join(found[:_MOST_NAMED])
    more = len(found) - _MOST_NAMED
    return f"{shown}ほか{more}件" if more > 0 else shown


def _in_words(row: Any) -> str:
    if isinstance(row, EntryDeadline):
        return f"{wareki(row.fiscal_year)}の実績入力の締切"
    if isinstance(row, YearlyTarget):
        return f"{_kpi(row.kpi)}の{wareki(row.fiscal_year)}の年度目安"
    if isinstance(row, FinalTarget):
        return f"{_kpi(row.kpi)}の{wareki(row.effective_from)}からの目標の改定"
    of = f"{_kpi(row.kpi)}の" if isinstance(row, KpiRatingRules) else ""
    return f"{of}{wareki(row.effective_from)}からの評価のきまりの改定"
