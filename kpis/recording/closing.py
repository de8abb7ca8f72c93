"""Closing fiscal years in order, and refusing to write into a closed one.

Closed years are opened again by a correction alone (`kpis.recording.correction`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from common.reading.texts import too_long
from kpis.models import Kpi
from kpis.permissions import User, may_close
from kpis.plan_states import denied
from kpis.recording.refusals import Kind, RecordingRefused, Refusal
from projects.models import Correction, FiscalYearClosing, Initiative, Project, Strategy
from projects.rules import ended


class Turn(Enum):
    """What happened to the closings of some years of one plan."""

    CLOSED = "closed"
    REOPENED = "reopened"
    PUT_BACK = "put back"


# What rooms above do with the closings of one plan that an act made or undid, in the same
# transaction. They may refuse a PUT_BACK (RecordingRefused) that isn't one.
when_closed: list[Callable[[Sequence[FiscalYearClosing], Turn], None]] = []


def tell(closings: Sequence[FiscalYearClosing], turn: Turn) -> None:
    """Tell the rooms above what happened to the closings of one plan, in the order of years."""
    for follow in when_closed:
        follow(closings, turn)


def close_fiscal_year(
    strategy: Strategy, fiscal_year: int, *, user: User, reason: str = ""
) -> FiscalYearClosing:
    """Close a year of the plan: from then on its figures stay as they are.

    Raises PermissionDenied, unless the plan is running too, or RecordingRefused if the year is
    outside the plan or closed already, if an earlier one is open or corrected, or if the reason
    (the field `note`) is too long.
    """
    return _close(strategy, fiscal_year, user, reason, with_earlier=False)[-1]


def close_years_through(
    strategy: Strategy, fiscal_year: int, *, user: User, reason: str = ""
) -> list[FiscalYearClosing]:
    """Close a year and every earlier one that is open, in order, all of them or none.

    Raises like `close_fiscal_year`, but for earlier years that are open.
    """
    return _close(strategy, fiscal_year, user, reason, with_earlier=True)


def _close(
    strategy: Strategy, fiscal_year: int, user: User, reason: str, *, with_earlier: bool
) -> list[FiscalYearClosing]:
    refuse_closer(user, strategy)
    problem = too_long("覚え書き", reason)
    if problem:
        raise refused(problem, "note")
    with transaction.atomic():
        now = lock_plan(strategy)
        refuse_year(strategy, fiscal_year)
        _refuse_corrected(now, fiscal_year)
        earlier = earlier_open_years(now, fiscal_year)
        if earlier and not with_earlier:
            raise refused(_earlier_first(earlier, fiscal_year))
        at = timezone.now()
        years = [*earlier, fiscal_year]
        closings = [make_closing(strategy, year, at, user, reason) for year in years]
        what = "、".join(map(wareki, years))
        note(Audited.CLOSING, in_audit(strategy, f"{what}を締めた", reason), user=user)
        tell(closings, Turn.CLOSED)
        return closings


def make_closing(
    strategy: Strategy,
    fiscal_year: int,
    at: datetime,
    user: User,
    reason: str,
    correction: Correction | None = None,
) -> FiscalYearClosing:
    """Write the closing of one year, for an act that has locked the plan and tells of it."""
    closing = FiscalYearClosing(
        strategy=strategy,
        fiscal_year=fiscal_year,
        closed_at=at,
        closed_by=user,  # type: ignore[misc]  # who may close is logged in
        correction=correction,
    )
    sign_change(closing, user, reason)
    closing.save()
    return closing


def refuse_closer(user: User, strategy: Strategy) -> None:
    """Raise PermissionDenied unless the user closes the plan's years now, and corrects them."""
    if not may_close(user, strategy):
        who = "年度を締め、締めた年度を改めるのは、企画担当と管理職です。"
        raise denied(strategy, who, not_yet="年度の締め")


def refused(message: str, field: str = "") -> RecordingRefused:
    """The refusal of an act on whole years, to raise; `field` is the one at fault."""
    return RecordingRefused([Refusal("", Kind.INVALID, field, message)])


def in_audit(strategy: Strategy, done: str, reason: str) -> str:
    """An act as the audit tells of it."""
    why = f"（理由：{reason.strip()}）" if reason.strip() else ""
    return f"{strategy.name}の{done}{why}"


def earlier_open_years(strategy: Strategy, fiscal_year: int) -> list[int]:
    """The years of the plan before one that are not closed, in order: they are closed first."""
    closed = set(strategy.closings.values_list("fiscal_year", flat=True))
    return [year for year in strategy.years if year < fiscal_year and year not in closed]


def correction_under_way(strategy: Strategy) -> Correction | None:
    """The correction of the plan's closed years that has begun and not ended; None without one."""
    found = strategy.corrections.filter(ended_at__isnull=True)
    return found.select_related("strategy", "led_by__strategy").first()


def corrected_meanwhile(correction: Correction) -> str:
    """Why nothing is closed or issued while a correction is under way, and the remedy."""
    return (
        f"{correction.years_in_words}を改めている途中です（{correction.why}）。"
        "先に「締めた年度を改める」のページで、締め直すか、取りやめてください。"
    )


def _refuse_corrected(strategy: Strategy, fiscal_year: int) -> None:
    correction = correction_under_way(strategy)
    if correction is not None and correction.first_year <= fiscal_year:
        raise refused(corrected_meanwhile(correction))


def _earlier_first(earlier: Sequence[int], fiscal_year: int) -> str:
    named = "、".join(map(wareki, earlier))
    return (
        f"先に{named}を締めてください。年度は、前の年度から順に締めます。"
        f"{wareki(fiscal_year)}までをまとめて締めることもできます。"
    )


def refuse_ended(strategy: Strategy, codes: Iterable[str] = ()) -> None:
    """Raise RecordingRefused, for each code, if the plan as it is handed over has ended."""
    if strategy.has_ended:
        named = list(codes) or [""]
        raise RecordingRefused(Refusal(one, Kind.CLOSED, "", ended(strategy)) for one in named)


def refuse_year(strategy: Strategy, fiscal_year: int, codes: Iterable[str] = ()) -> None:
    """Raise RecordingRefused, for each code, if the year is outside the plan or closed.

    So does a plan that has ended, as the database has it now: one query.
    """
    named = list(codes) or [""]
    if fiscal_year not in strategy.years:
        message = (
            f"{fiscal_year}年度は計画期間（{wareki(strategy.first_year)}から"
            f"{wareki(strategy.last_year)}まで）の外です。"
        )
        raise RecordingRefused(Refusal(code, Kind.INVALID, "", message) for code in named)
    closing = FiscalYearClosing.objects.filter(strategy=OuterRef("pk"), fiscal_year=fiscal_year)
    now = Strategy.objects.annotate(is_closed=Exists(closing)).get(pk=strategy.pk)
    refuse_ended(now, named)
    if now.is_closed:
        message = (
            f"{wareki(fiscal_year)}は締め済みです。"
            "直すときは、企画担当か管理職に、締めた年度を改めてもらってください。"
        )
        raise RecordingRefused(Refusal(code, Kind.CLOSED, "", message) for code in named)


def lock_plan(strategy: Strategy) -> Strategy:
    """Lock the plan and the rows that recording locks, until the transaction ends.

    Nothing slips in while a year is closed, or while an edition of it is issued: no figure of
    another plan's either, which this one counts. Rows of several plans are locked in one order.
    Returns the plan as it stands now.
    """
    now = Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
    sources = Kpi.objects.filter(project__strategy=strategy, source__isnull=False)
    for model, of_plan in (
        (Kpi, Q(project__strategy=strategy) | Q(pk__in=sources.values("source"))),
        (Initiative, Q(strategy=strategy)),
        (Project, Q(strategy=strategy)),
    ):
        rows = model.objects.select_for_update(of=("self",)).filter(of_plan)
        list(rows.order_by("pk").values_list("pk", flat=True))
    return now
