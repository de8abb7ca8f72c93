"""機構改革: what is prepared and what was done, preparing it, changing and dropping it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.fiscal_year import wareki_date
from common.ids import is_id
from entry.reorganisation.form import ReorganisationForm, typed_of
from kpis.permissions import may_reorganise
from kpis.recording import RecordingRefused
from kpis.reorganisation import (
    Wish,
    drop_reorganisation,
    left_behind,
    look_over,
    prepare_reorganisation,
    wish_of,
)
from projects.models import Reorganisation

_View = Callable[..., HttpResponse]


def planners_alone(view: _View) -> _View:
    """Refuse whoever does not prepare a 機構改革."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_reorganise(request.user):
            raise PermissionDenied("機構改革を準備するのは企画担当です。")
        return view(request, *args, **kwargs)

    return wrapped


@require_safe
@planners_alone
def reorganisations(request: HttpRequest) -> HttpResponse:
    """What is prepared, what was done, and what departments that are no more still own."""
    rows = list(Reorganisation.objects.prefetch_related("items__department"))
    context = {
        "prepared": [row for row in reversed(rows) if not row.is_done],
        "done": [row for row in rows if row.is_done],
        "left_behind": left_behind(timezone.localdate()),
    }
    return render(request, "entry/reorganisations.html", context)


@require_http_methods(["GET", "POST"])
@planners_alone
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a new one step by step, show what it brings, and prepare it when confirmed."""
    return _asked(request, None)


@require_http_methods(["GET", "POST"])
@planners_alone
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for one that is prepared."""
    row = _found(pk)
    if row.is_done:
        messages.info(request, "この機構改革は、もう行われています。")
        return redirect("reorganisation", row.pk)
    return _asked(request, row)


@require_safe
@planners_alone
def reorganisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One that is prepared, with what it would bring today, or what one that is done brought."""
    row = _found(pk)
    items = list(row.items.select_related("department"))
    if row.is_done:
        passed, left = row.passed, row.left
    else:
        outcome = look_over(row.day, items)
        passed = [one.as_data() for one in outcome.passed]
        left = [one.as_data() for one in outcome.left]
    return render(
        request,
        "entry/reorganisation.html",
        {
            "row": row,
            "passed": passed,
            "left": left,
            "days_left": (row.day - timezone.localdate()).days,
        },
    )


@require_POST
@planners_alone
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one that is prepared."""
    row = _found(pk)
    name = str(row)
    try:
        drop_reorganisation(row, user=_account(request))
    except RecordingRefused as refused:
        messages.error(request, refused.refusals[0].message)
        return redirect("reorganisations")
    messages.success(request, f"{name}をやめました。何も引き継ぎません。")
    return redirect("reorganisations")


def _asked(request: HttpRequest, row: Reorganisation | None) -> HttpResponse:
    if request.method == "GET":
        typed = typed_of(row, wish_of(row)) if row else None
        return _form_page(request, ReorganisationForm(typed, row, is_sent=False), row)
    form = ReorganisationForm(dict(request.POST.lists()), row)
    if "edit" in request.POST:
        return _form_page(request, form, row)
    wish = form.wish
    if wish is None:
        return _form_page(request, form, row, status=422 if form.faults else 200)
    if "confirm" in request.POST:
        return _prepare(request, form, wish, row)
    outcome = look_over(wish.day, wish.items())
    context = {
        "form": form,
        "row": row,
        "wish": wish,
        "outcome": outcome,
        "is_at_once": wish.day <= timezone.localdate(),
    }
    return render(request, "entry/reorganisation_preview.html", context)


def _prepare(
    request: HttpRequest, form: ReorganisationForm, wish: Wish, row: Reorganisation | None
) -> HttpResponse:
    try:
        saved = prepare_reorganisation(
            wish, user=_account(request), replaces=row, seen=form.seen if row else ""
        )
    except RecordingRefused as refused:
        form.refuse([(one.field, one.code, one.message) for one in refused.refusals])
        return _form_page(request, form, row, status=409)
    day = wareki_date(saved.day)
    done = f"{day}の機構改革を行いました。"
    prepared = (
        f"{day}の機構改革を準備しました。その日に引き継ぎます。それまでは、今の課が入力します。"
    )
    messages.success(request, done if saved.is_done else prepared)
    return redirect("reorganisation", saved.pk)


def _form_page(
    request: HttpRequest, form: ReorganisationForm, row: Reorganisation | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "row": row}
    return render(request, "entry/reorganisation_form.html", context, status=status)


def _found(pk: int) -> Reorganisation:
    row = Reorganisation.objects.filter(pk=pk).first() if is_id(Reorganisation, pk) else None
    if row is None:
        raise Http404("この機構改革は、ありません。やめたか、まだ準備していません。")
    return row


def _account(request: HttpRequest) -> Any:
    return request.user
