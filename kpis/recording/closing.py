"""Closing and reopening fiscal years, and refusing to write into a closed one."""

from collections.abc import Callable, Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from common.reading.texts import too_long
from kpis.models import Kpi
from kpis.permissions import User, may_close
from kpis.recording.refusals import Kind, RecordingRefused, Refusal
from projects.models import FiscalYearClosing, Initiative, Project, Strategy

# What rooms above do with a year that was closed (True) or reopened, in the same transaction.
when_closed: list[Callable[[FiscalYearClosing, bool], None]] = []


def close_fiscal_year(
    strategy: Strategy, fiscal_year: int, *, user: User, reason: str = ""
) -> FiscalYearClosing:
    """Close a year of the plan: from then on its figures stay as they are.

    Raises PermissionDenied, or RecordingRefused if the year is outside the
    plan or closed already, or the reason (the field `note`) is too long.
    """
    if not may_close(user, strategy):
        raise PermissionDenied("年度を締める権限がありません。")
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

    Their cumulative figures rest on this year's. Raises PermissionDenied, or
    RecordingRefused without a reason, if it is too long, or if the year is not closed.
    """
    if not may_close(user, strategy):
        raise PermissionDenied("年度の締めを解く権限がありません。")
    problem = (
        too_long("締めを解く理由", reason.strip())
        if reason.strip()
        else "締めを解く理由を書いてください。"
    )
    if problem:
        raise RecordingRefused([Refusal("", Kind.INVALID, "reason", problem)])
    with transaction.atomic():
        lock_plan(strategy)
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


def refuse_year(strategy: Strategy, fiscal_year: int, codes: Iterable[str] = ()) -> None:
    """Raise RecordingRefused, for each code, if the year is outside the plan or closed."""
    named = list(codes) or [""]
    if fiscal_year not in strategy.years:
        message = (
            f"{fiscal_year}年度は計画期間（{wareki(strategy.first_year)}から"
            f"{wareki(strategy.last_year)}まで）の外です。"
        )
        raise RecordingRefused(Refusal(code, Kind.INVALID, "", message) for code in named)
    if strategy.closings.filter(fiscal_year=fiscal_year).exists():
        message = (
            f"{wareki(fiscal_year)}は締め済みです。"
            "直すときは、企画担当か管理職に締めを解いてもらってください。"
        )
        raise RecordingRefused(Refusal(code, Kind.CLOSED, "", message) for code in named)


def lock_plan(strategy: Strategy) -> None:
    """Lock the plan and the rows that recording locks, until the transaction ends.

    Nothing slips in while a year is closed, or while an edition of it is issued: no figure of
    another plan's either, which this one counts. Rows of several plans are locked in one order.
    """
    Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
    sources = Kpi.objects.filter(project__strategy=strategy, source__isnull=False)
    for model, of_plan in (
        (Kpi, Q(project__strategy=strategy) | Q(pk__in=sources.values("source"))),
        (Initiative, Q(strategy=strategy)),
        (Project, Q(strategy=strategy)),
    ):
        rows = model.objects.select_for_update(of=("self",)).filter(of_plan)
        list(rows.order_by("pk").values_list("pk", flat=True))
