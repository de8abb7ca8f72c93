"""Closing and reopening fiscal years, and refusing to write into a closed one."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
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
from projects.models import FiscalYearClosing, Initiative, Project, Strategy
from projects.rules import ended

# What rooms above do with a year that was closed (True) or reopened, in the same transaction.
when_closed: list[Callable[[FiscalYearClosing, bool], None]] = []


def close_fiscal_year(
    strategy: Strategy, fiscal_year: int, *, user: User, reason: str = ""
) -> FiscalYearClosing:
    """Close a year of the plan: from then on its figures stay as they are.

    Raises PermissionDenied, unless the plan is running too, or RecordingRefused if the year is
    outside the plan or closed already, or the reason (the field `note`) is too long.
    """
    _refuse_others(user, strategy, "年度を締める権限がありません。", "年度の締め")
    problem = too_long("覚え書き", reason)
    if problem:
        raise RecordingRefused([Refusal("", Kind.INVALID, "note", problem)])
    with transaction.atomic():
        lock_plan(strategy)
        refuse_year(strategy, fiscal_year)
        closing = FiscalYearClosing(
            strategy=strategy,
            fiscal_year=fiscal_year,
            closed_at=timezone.now(),
            closed_by=user,  # type: ignore[misc]  # who may close is logged in
        )
        sign_change(closing, user, reason)
        closing.save()
        note(Audited.CLOSING, _in_audit(strategy, fiscal_year, "を締めた", reason), user=user)
        for follow in when_closed:
            follow(closing, True)
        return closing


def reopen_fiscal_year(
    strategy: Strategy, fiscal_year: int, *, user: User, reason: str
) -> list[int]:
    """Reopen a closed year for a stated reason; return the later years that stay closed.

    Their cumulative figures rest on this year's. Raises PermissionDenied, unless the plan is
    running too, or RecordingRefused without a reason, if it is too long, or if the year is not
    closed.
    """
    _refuse_others(user, strategy, "年度の締めを解く権限がありません。", "締めの解除")
    problem = (
        too_long("締めを解く理由", reason.strip())
        if reason.strip()
        else "締めを解く理由を書いてください。"
    )
    if problem:
        raise RecordingRefused([Refusal("", Kind.INVALID, "reason", problem)])
    with transaction.atomic():
        refuse_ended(lock_plan(strategy))
        closing = strategy.closings.filter(fiscal_year=fiscal_year).first()
        if closing is None:
            message = f"{wareki(fiscal_year)}は締められていません。"
            raise RecordingRefused([Refusal("", Kind.INVALID, "", message)])
        sign_change(closing, user, reason.strip())
        closing.delete()
        what = _in_audit(strategy, fiscal_year, "の締めを解いた", reason)
        note(Audited.CLOSING, what, user=user)
        for follow in when_closed:
            follow(closing, False)
        return later_closed_years(strategy, fiscal_year)


def _refuse_others(user: User, strategy: Strategy, who: str, act: str) -> None:
    if not may_close(user, strategy):
        raise denied(strategy, who, not_yet=act)


def _in_audit(strategy: Strategy, fiscal_year: int, done: str, reason: str) -> str:
    why = f"（理由：{reason.strip()}）" if reason.strip() else ""
    return f"{strategy.name}の{wareki(fiscal_year)}{done}{why}"


def later_closed_years(strategy: Strategy, fiscal_year: int) -> list[int]:
    """The closed years after one, whose cumulative figures rest on it, in order."""
    return list(
        strategy.closings.filter(fiscal_year__gt=fiscal_year)
        .order_by("fiscal_year")
        .values_list("fiscal_year", flat=True)
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
            "直すときは、企画担当か管理職に締めを解いてもらってください。"
        )
        raise RecordingRefused(Refusal(code, Kind.CLOSED, "", message) for code in named)


def lock_plan(strategy: Strategy) -> Strategy:
    """Lock the plan and the rows that recording locks, until the transaction ends.

    Nothing slips in while a year is closed, or while an edition of it is issued. Returns the
    plan as it stands now.
    """
    now = Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
    for model, lookup in (
        (Kpi, "project__strategy"),
        (Initiative, "strategy"),
        (Project, "strategy"),
    ):
        rows = model.objects.select_for_update(of=("self",)).filter(**{lookup: strategy})
        list(rows.order_by("pk").values_list("pk", flat=True))
    return now
