"""The planner's overview of a year: who has entered what, the deadline, and reminders."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki, wareki_date
from common.reading.dates import read_date
from common.reading.texts import clean_text
from entry.closing_check import closing_events
from entry.reminders import (
    MailNotSent,
    Reminder,
    mail_is_configured,
    recipients,
    send_reminder,
    write_reminder,
)
from kpis.open_work.after_closing import unsettled_in
from kpis.open_work.by_department import load_overview
from kpis.open_work.by_plan import work_in_plans
from kpis.open_work.deadlines import deadline_of
from kpis.permissions import (
    may_assign,
    may_begin_next,
    may_change_plan,
    may_close,
    may_record_any,
    may_remind,
    may_reorganise,
    may_see_overview,
    may_set_deadline,
)
from kpis.plan_notices import notices
from kpis.plan_pages import running_plans, with_strategy
from kpis.plan_states import denied
from kpis.recording import RecordingRefused
from kpis.recording.deadlines import set_deadline
from kpis.series import closed_years
from projects.models import Department, Strategy


@require_http_methods(["GET", "POST"])
@with_strategy
def overview(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Where the year stands by department; a POST sets or removes its deadline."""
    if not may_see_overview(request.user):
        raise PermissionDenied("入力状況の一覧は、企画担当と管理職のページです。")
    if request.method == "GET":
        return _overview_page(request, strategy, fiscal_year)
    typed = request.POST.get("due_on", "")
    try:
        due_on = None if "remove" in request.POST else read_date(typed)
        is_changed = set_deadline(strategy, fiscal_year, due_on, user=request.user)
    except (ValueError, RecordingRefused) as refused:
        sentence = (
            refused.refusals[0].message if isinstance(refused, RecordingRefused) else str(refused)
        )
        return _overview_page(request, strategy, fiscal_year, typed, sentence)
    if not is_changed:
        messages.info(request, "締切は変わっていません。")
    elif due_on is None:
        messages.success(request, f"{wareki(fiscal_year)}の締切を外しました。")
    else:
        messages.success(request, f"{wareki(fiscal_year)}の締切を{wareki_date(due_on)}にしました。")
    return redirect(request.path)


def _overview_page(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    typed: str | None = None,
    due_on_error: str = "",
) -> HttpResponse:
    closed = closed_years(strategy)
    due_on = deadline_of(strategy, fiscal_year)
    figures = load_overview(strategy, fiscal_year)
    is_closed = fiscal_year in closed
    return render(
        request,
        "entry/overview.html",
        {
            "fiscal_year": fiscal_year,
            "overview": figures,
            "years": strategy.years,
            "closed_years": closed,
            "is_closed": is_closed,
            "events": closing_events(strategy, fiscal_year),
            "due_on": due_on,
            "days_left": (due_on - timezone.localdate()).days if due_on else None,
            "typed": typed if typed is not None else (due_on.isoformat() if due_on else ""),
            "due_on_error": due_on_error,
            "unsettled": unsettled_in([strategy]).get(strategy.pk, []) if closed else [],
            "notices": notices(strategy),
            "several_run": len(running_plans(request)) > 1,
            "may_set_deadline": may_set_deadline(request.user, strategy),
            "may_record_any": may_record_any(request.user, strategy),
            "may_close": may_close(request.user, strategy),
            "may_assign": may_assign(request.user, strategy),
            "may_begin_next": (
                fiscal_year in strategy.last_years and may_begin_next(request.user, strategy)
            ),
            "may_change_period": (
                fiscal_year in strategy.last_years and may_change_plan(request.user, strategy)
            ),
            "shows_reminders": may_remind(request.user, strategy) and not is_closed,
        },
        status=422 if due_on_error else 200,
    )


@require_http_methods(["GET", "POST"])
@with_strategy
def reminder(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, department_code: str
) -> HttpResponse:
    """The ready-written text for one department; a POST sends it as it stands in the fields."""
    if not may_remind(request.user, strategy):
        who = "入力をお願いする文を作るのは、企画担当です。"
        raise denied(strategy, who, not_yet="入力のお願い")
    department = get_object_or_404(Department, code=department_code)
    own = load_overview(strategy, fiscal_year).of_department(department.code, department.name)
    running = running_plans(request)
    work = work_in_plans(running, timezone.localdate(), [department.pk])
    has_more = any(one.is_open for one in work if one.strategy != strategy)
    written = write_reminder(
        strategy,
        own,
        fiscal_year,
        due_on=deadline_of(strategy, fiscal_year),
        kpis_url=request.build_absolute_uri(reverse("entry", args=[strategy.code, fiscal_year])),
        initiatives_url=request.build_absolute_uri(
            reverse("entry_initiatives", args=[strategy.code, fiscal_year])
        ),
        work_url=request.build_absolute_uri(reverse("work")) if has_more else "",
        names_plan=len(running) > 1,
    )
    to = recipients(department)
    is_closed = fiscal_year in closed_years(strategy)
    page: dict[str, Any] = {
        "fiscal_year": fiscal_year,
        "department": department,
        "own": own,
        "reminder": written,
        "recipients": to,
        "mail_is_configured": mail_is_configured(),
        "is_closed": is_closed,
        "may_reorganise": may_reorganise(request.user),
        "errors": {},
    }
    if request.method == "POST":
        typed = Reminder(
            clean_text(request.POST.get("subject", "")), clean_text(request.POST.get("body", ""))
        )
        page["reminder"] = typed
        page["errors"] = _refusals(typed, page)
        if not page["errors"]:
            try:
                count = send_reminder(typed, to, reply_to=getattr(request.user, "email", ""))
            except MailNotSent as refused:
                page["errors"] = {"mail": str(refused)}
            else:
                messages.success(request, f"{department.name}の{count}人にメールを送りました。")
                return redirect("overview", strategy.code, fiscal_year)
    status = 422 if page["errors"] else 200
    return render(request, "entry/reminder.html", page, status=status)


def _refusals(typed: Reminder, page: Mapping[str, Any]) -> dict[str, str]:
    """Why a reminder is not sent, by field; `mail` for what is no field's fault."""
    if page["is_closed"]:
        return {"mail": f"{wareki(page['fiscal_year'])}は締め済みのため、お願いは送りません。"}
    if not page["mail_is_configured"]:
        return {"mail": "メールの設定がないため送れません。文をコピーして送ってください。"}
    if not page["recipients"]:
        return {"mail": "メールアドレスのある課員がいないため送れません。"}
    errors = {}
    if not typed.subject:
        errors["subject"] = "件名を書いてください。"
    if not typed.body:
        errors["body"] = "本文を書いてください。"
    return errors
