"""締めた年度を改める: closed years stand reopened from a beginning to one of two ends.

From the beginning the year and all later closed ones are entered like open years, and on choice
the same years of plans that count this plan's figures. The end closes them all again, as 第2回の
締め, or puts everything back. Each act is one transaction under a lock of the plans concerned,
signed in the history with its reason and noted in the audit as one thing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from common.people import name_of
from common.reading.texts import clean_text, too_long
from kpis.permissions import User
from kpis.recording.closing import (
    Turn,
    corrected_meanwhile,
    correction_under_way,
    in_audit,
    lock_plan,
    make_closing,
    refuse_closer,
    refuse_ended,
    refused,
    tell,
)
from kpis.recording.putting_back import history_marks, put_back
from kpis.recording.refusals import RecordingRefused
from projects.models import Correction, CorrectionEnd, CorrectionKind, FiscalYearClosing, Strategy
from projects.plans import lock_plans

_GIVEN_UP = "改めるのをやめて、もとに戻した"


@dataclass(frozen=True, slots=True)
class CountingPlan:
    """Another plan that counts figures of this one, in years that it has closed, in order.

    `problem` says why those years can't be corrected now; it is empty where they can.
    """

    strategy: Strategy
    years: tuple[int, ...]
    problem: str


def begin_correction(
    strategy: Strategy,
    first_year: int,
    *,
    kind: CorrectionKind,
    reason: str,
    user: User,
    other_plans: Collection[str] = (),
) -> Correction:
    """Reopen a closed year and all later closed ones of the plan, to be corrected.

    `reason` says what is corrected, and may be left out for 速報値の確定 alone. `other_plans` are
    codes of `counting_plans` whose same years are corrected with them.

    Raises PermissionDenied, unless the plan is running too, or RecordingRefused: the year is not
    closed, a correction is under way already, the field `reason` or `other_plans` is at fault.
    """
    refuse_closer(user, strategy)
    reason = clean_text(reason)
    if problem := _problem_of(kind, reason):
        raise refused(problem, "reason")
    with transaction.atomic():
        lock_plans()
        plan = lock_plan(strategy)
        refuse_ended(plan)
        years = closed_from(plan, first_year)
        if first_year not in years:
            raise refused(f"{wareki(first_year)}は締められていません。")
        chosen = _chosen(plan, first_year, other_plans)
        said = _Beginning(kind, reason, user, timezone.now(), history_marks())
        correction = said.of(plan, years)
        for other in chosen:
            refuse_ended(lock_plan(other.strategy))
            said.of(other.strategy, other.years, correction)
        what = f"締めた年度（{_of_all(correction)}）を改め始めた"
        note(Audited.CLOSING, in_audit(plan, what, correction.why), user=user)
    return correction


def end_correction(strategy: Strategy, *, user: User) -> Correction:
    """Close the years that stand reopened again, in every plan concerned, and return what ended.

    Raises PermissionDenied, or RecordingRefused where nothing is corrected, or the correction of
    another plan leads this one.
    """
    with transaction.atomic():
        correction = _under_way(strategy, user)
        at = timezone.now()
        for one in _all_of(correction):
            closings = [
                make_closing(one.strategy, year, at, user, one.why, one) for year in one.years
            ]
            _end(one, CorrectionEnd.CLOSED, user, at)
            tell(closings, Turn.CLOSED)
        what = f"改めた年度（{_of_all(correction)}）を締め直した"
        note(Audited.CLOSING, in_audit(correction.strategy, what, correction.why), user=user)
    return correction


def give_up_correction(strategy: Strategy, *, user: User) -> Correction:
    """Put everything back as it stood at the beginning, and return what ended.

    What was entered for the reopened years goes back. What was changed in the plan itself goes
    back only where what was reported of these years hangs on it. Raises like `end_correction`,
    and RecordingRefused where something else changed meanwhile on which it hangs.
    """
    with transaction.atomic():
        correction = _under_way(strategy, user)
        at = timezone.now()
        for one in _all_of(correction):
            _put_back(one, user)
            _end(one, CorrectionEnd.GIVEN_UP, user, at)
        what = f"締めた年度（{_of_all(correction)}）を改めるのをやめて、もとに戻した"
        note(Audited.CLOSING, in_audit(correction.strategy, what, correction.why), user=user)
    return correction


def closed_from(strategy: Strategy, first_year: int) -> list[int]:
    """The closed years of a plan from one on, in order: those that are corrected together."""
    found = strategy.closings.filter(fiscal_year__gte=first_year).order_by("fiscal_year")
    return list(found.values_list("fiscal_year", flat=True))


def counting_plans(strategy: Strategy, first_year: int) -> list[CountingPlan]:
    """The plans that count figures of this one in years from one on that they have closed."""
    counting = Q(projects__kpis__source__project__strategy=strategy)
    found = []
    for plan in Strategy.objects.filter(counting).distinct().order_by("code"):
        if years := closed_from(plan, first_year):
            other = correction_under_way(plan)
            problem = corrected_meanwhile(other) if other else ""
            if not plan.is_running:
                problem = f"{plan.get_state_display()}の計画のため、改められません。"
            found.append(CountingPlan(plan, tuple(years), problem))
    return found


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What the corrections of several plans that begin together have in common."""

    kind: CorrectionKind
    reason: str
    user: User
    at: datetime
    marks: dict[str, int]

    def of(
        self, strategy: Strategy, years: Sequence[int], lead: Correction | None = None
    ) -> Correction:
        """Begin the correction of one plan, which is locked."""
        if other := correction_under_way(strategy):
            raise refused(corrected_meanwhile(other))
        correction = Correction(
            strategy=strategy,
            led_by=lead,
            first_year=years[0],
            years=list(years),
            kind=self.kind,
            reason=self.reason,
            begun_at=self.at,
            begun_by=self.user,  # type: ignore[misc]  # who may close is logged in
            marks=self.marks,
        )
        sign_change(correction, self.user, correction.why)
        correction.save()
        closings = list(strategy.closings.filter(fiscal_year__in=years).order_by("fiscal_year"))
        for closing in closings:
            # The history keeps with it what reopened the year.
            closing.correction = correction
            sign_change(closing, self.user, correction.why)
            closing.delete()
        tell(closings, Turn.REOPENED)
        return correction


def _problem_of(kind: CorrectionKind, reason: str) -> str:
    if not reason and kind != CorrectionKind.SETTLED:
        return "何を、なぜ改めるのかを書いてください。"
    return too_long("改めること", reason) or ""


def _chosen(
    strategy: Strategy, first_year: int, other_plans: Collection[str]
) -> list[CountingPlan]:
    """The plans of some codes, none of which has a problem."""
    if not other_plans:
        return []
    known = {one.strategy.code: one for one in counting_plans(strategy, first_year)}
    for code in other_plans:
        if code not in known:
            raise refused(f"計画「{code}」は、この計画の値を使っていません。", "other_plans")
        if known[code].problem:
            plan = known[code].strategy.name
            raise refused(f"「{plan}」：{known[code].problem}", "other_plans")
    return [one for code, one in known.items() if code in other_plans]


def _under_way(strategy: Strategy, user: User) -> Correction:
    """The correction that somebody may end now, with its plans locked."""
    refuse_closer(user, strategy)
    lock_plans()
    plan = lock_plan(strategy)
    refuse_ended(plan)
    correction = correction_under_way(plan)
    if correction is None:
        raise refused("改めている年度はありません。")
    if correction.led_by:
        lead = correction.led_by.strategy.name
        raise refused(f"この年度は「{lead}」で改めています。終えるのも「{lead}」でです。")
    for follower in correction.followers.select_related("strategy").order_by("pk"):
        if not follower.strategy.is_running:
            raise PermissionDenied(f"「{follower.strategy.name}」は実施中の計画ではありません。")
        lock_plan(follower.strategy)
    return correction


def _all_of(correction: Correction) -> list[Correction]:
    """A correction with those that it leads."""
    followers = correction.followers.select_related("strategy").order_by("pk")
    return [correction, *followers]


def _of_all(correction: Correction) -> str:
    """`令和6年度、令和7年度`, and the plans that are corrected with it."""
    others = [
        f"{one.strategy.name}の{one.years_in_words}" for one in _all_of(correction) if one.led_by_id
    ]
    return "、".join([correction.years_in_words, *others])


def _end(correction: Correction, ending: CorrectionEnd, user: User, at: datetime) -> None:
    correction.ended_at = at
    correction.ended_by = user  # type: ignore[assignment]  # who may close is logged in
    correction.ended_by_name = name_of(user)
    correction.ending = ending
    sign_change(correction, user, correction.why)
    correction.save()


def _put_back(correction: Correction, user: User) -> None:
    """The years' own rows first; the plan's too, if these years are not what they were then."""
    try:
        _attempt(correction, user, with_plan=False)
    except RecordingRefused:
        _attempt(correction, user, with_plan=True)


def _attempt(correction: Correction, user: User, *, with_plan: bool) -> None:
    with transaction.atomic():
        put_back(correction, user, _GIVEN_UP, with_plan=with_plan)
        past = FiscalYearClosing.history.filter(correction=correction.pk, history_type="-")
        closings = []
        for row in past.order_by("fiscal_year"):
            closing = row.instance
            sign_change(closing, user, _GIVEN_UP)
            closing.save(force_insert=True)
            closings.append(closing)
        tell(closings, Turn.PUT_BACK)
