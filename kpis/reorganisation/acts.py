"""Preparing, changing, dropping and doing a 機構改革: one transaction each, all plans locked.

It is done as an act of whoever prepared it last, under the name that they had then: whatever
they are called, and whoever has their account, when the day comes.
"""

import logging
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import User as Account
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.history import acting_for, sign_change
from common.people import moment, name_of, person_name
from kpis.models import Kpi
from kpis.permissions import User, may_reorganise
from kpis.recording import Kind, RecordingRefused, Refusal
from kpis.reorganisation.checks import Wish, problems_of
from kpis.reorganisation.outcome import Group, Outcome, look_over
from projects.models import Department, Initiative, Reorganisation
from projects.plans import lock_plans

logger = logging.getLogger(__name__)


def prepare_reorganisation(
    wish: Wish, *, user: Account, replaces: Reorganisation | None = None, seen: str = ""
) -> Reorganisation:
    """Prepare a 機構改革, or change one that is prepared; done at once where its day has come.

    `seen` is the `prepared_at` (ISO) of the one that is changed, as it was when it was opened.
    Raises PermissionDenied, and RecordingRefused with a sentence at each field at fault.
    """
    _refuse_others(user)
    with transaction.atomic():
        lock_plans()
        row = _locked(replaces) if replaces is not None else Reorganisation()
        if replaces is not None and row.prepared_at.isoformat() != seen:
            who = person_name(row.prepared_by_name)
            raise _refused(
                f"この画面を開いたあとで、{who}が{moment(row.prepared_at)}に直しています。"
                "今の内容を確かめて、もう一度直してください。"
            )
        faults = problems_of(wish, beside=replaces)
        if faults:
            raise RecordingRefused(
                Refusal(label, Kind.INVALID, name, sentence) for name, label, sentence in faults
            )
        row.day, row.reason = wish.day, wish.reason
        row.prepared_by, row.prepared_by_name = user, name_of(user)
        row.prepared_at = timezone.now()
        sign_change(row, user, "機構改革の準備")
        row.save()
        for old in row.items.all() if replaces is not None else ():
            sign_change(old, user, "機構改革を直した")
            old.delete()
        for item in wish.items(row):
            sign_change(item, user, "機構改革の準備")
            item.save()
        done = "直した" if replaces is not None else "準備した"
        note(Audited.ROLE, f"{row}を{done}", after=_in_words(row), user=user)
        if row.day <= timezone.localdate():
            _carry_out(row)
    return row


def drop_reorganisation(reorganisation: Reorganisation, *, user: Account) -> None:
    """Drop one that is prepared. Raises PermissionDenied, and RecordingRefused once it is done."""
    _refuse_others(user)
    with transaction.atomic():
        lock_plans()
        row = _locked(reorganisation)
        note(Audited.ROLE, f"{row}をやめた", before=_in_words(row), user=user)
        for one in (*row.items.all(), row):
            sign_change(one, user, "機構改革をやめた")
            one.delete()


def carry_out_due(today: date) -> list[Reorganisation]:
    """Do every 機構改革 whose day has come and that is not done yet, the earliest first.

    Each is a transaction of its own: what goes wrong with one (raised at the end) stops no other.
    """
    due = Reorganisation.objects.filter(done_at=None, day__lte=today).order_by("day", "pk")
    done, failed = [], None
    for pk in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                lock_plans()
                # Another server may have been faster.
                row = due.select_for_update().filter(pk=pk).first()
                if row is not None:
                    _carry_out(row)
                    done.append(row)
        except Exception as error:  # the others are still due
            logger.exception("機構改革%dを行えませんでした。", pk)
            failed = error
    if failed is not None:
        raise failed
    return done


def _carry_out(row: Reorganisation) -> None:
    """Do it, whole; inside a transaction."""
    user, reason = row.prepared_by, f"{row}{f'：{row.reason}' if row.reason else ''}"
    with acting_for(user, row.prepared_by_name):
        outcome = look_over(row.day, list(row.items.order_by("department__code")))
        _pass_kpis(outcome, user, reason)
        _pass_initiatives(outcome, user, reason)
        _move_members(outcome, user, reason)
        _change_departments(outcome, user, reason)
        row.done_at = timezone.now()
        row.passed = [one.as_data() for one in outcome.passed]
        row.left = [one.as_data() for one in outcome.left]
        sign_change(row, user, reason)
        row.save()
        note(
            Audited.ROLE,
            f"{row}を行った",
            after=_told([*outcome.passed, *outcome.left]),
            user=user,
        )


def _pass_kpis(outcome: Outcome, user: Any, reason: str) -> None:
    changed = {*outcome.kpis, *outcome.related}
    kpis = list(Kpi.objects.filter(pk__in=changed).select_for_update().order_by("pk"))
    through = Kpi.related_departments.through
    through.objects.filter(kpi__in=list(outcome.related)).delete()
    through.objects.bulk_create(
        through(kpi_id=kpi, department_id=department)
        for kpi, related in outcome.related.items()
        for department in sorted(related)
    )
    for kpi in kpis:
        kpi.department_id = outcome.kpis.get(kpi.pk, kpi.department_id)
    if kpis:
        _update(kpis, Kpi, user, reason)


def _pass_initiatives(outcome: Outcome, user: Any, reason: str) -> None:
    chosen = Initiative.objects.filter(pk__in=list(outcome.initiatives))
    initiatives = list(chosen.select_for_update().order_by("pk"))
    for one in initiatives:
        one.department_id = outcome.initiatives[one.pk]
    if initiatives:
        _update(initiatives, Initiative, user, reason)


def _update(rows: list[Any], model: Any, user: Any, reason: str) -> None:
    """One row of history each, with the 関係課 that stand by now."""
    history = {"default_user": user, "default_change_reason": reason}
    bulk_update_with_history(rows, model, ["department"], **history)


def _move_members(outcome: Outcome, user: Any, reason: str) -> None:
    for old, person, joined in outcome.members:
        for department in (old, *joined):
            sign_change(department, user, reason)
        old.members.remove(person)
        for department in joined:
            department.members.add(person)


def _change_departments(outcome: Outcome, user: Any, reason: str) -> None:
    for department in Department.objects.filter(pk__in={*outcome.names, *outcome.ends}):
        department.name = outcome.names.get(department.pk, department.name)
        department.valid_until = outcome.ends.get(department.pk, department.valid_until)
        sign_change(department, user, reason)
        department.save()


def _locked(reorganisation: Reorganisation) -> Reorganisation:
    row = Reorganisation.objects.select_for_update().filter(pk=reorganisation.pk).first()
    if row is None:
        raise _refused("この機構改革は、ほかの人がやめました。")
    if row.is_done:
        raise _refused("この機構改革は、もう行われています。直すことも、やめることもできません。")
    return row


def _in_words(row: Reorganisation) -> str:
    return "、".join(str(one) for one in row.items.select_related("department"))


def _told(groups: Iterable[Group]) -> str:
    """`産業振興課から産業政策課へ（5件）、…`."""
    return "、".join(
        f"{one.heading}（{len(one.things)}件）" if one.things else one.heading for one in groups
    )


def _refuse_others(user: User) -> None:
    if not may_reorganise(user):
        raise PermissionDenied("機構改革を準備するのは企画担当です。")


def _refused(message: str) -> RecordingRefused:
    return RecordingRefused([Refusal("", Kind.INVALID, "", message)])
