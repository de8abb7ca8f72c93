"""A workbook looked over, confirmed and taken in: what every page that takes one does with it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from common.spreadsheets.reading import MOST_BYTES
from entry.changing.screen import ChangeForm, ended_years_note
from entry.confirmation import OUTDATED, opened, sealed
from entry.own_table.remembering import remember
from entry.plan_workbook import forms, importing
from entry.plan_workbook.importing import (
    ChangedMeanwhile,
    Looked,
    ReasonMissing,
    WorkbookRefused,
)
from entry.plan_workbook.published import Match
from entry.plan_workbook.told import by_kind
from entry.plan_workbook.workbook import Problem, Workbook
from entry.views.beginning.shown import shown_sheets
from projects.models import Strategy

MOST_MEGABYTES = MOST_BYTES // 1024 // 1024
_KIND = "plan_workbook"
_MOST_SHOWN = 500
# So many rows of what there may be much of stand unfolded.
_MOST_UNFOLDED = 40
_CONFLICTS = (
    "書き出したあとに、このシステムで変わったところが{}か所あります。"
    "何もしなければ、今の内容が残ります。ファイルのとおりにするものにだけ、印を付けてください。"
    "年度ごとの「変わるところ」は、印を付けないときのものです。"
)
_CHANGED = (
    "確かめたあとに、計画の内容が変わりました。まだ何も書き込んでいません。"
    "今の内容でもう一度確かめてください。"
)


@dataclass(frozen=True, slots=True)
class Door:
    """The page by which a workbook comes in.

    `strategy` is the plan that it has to be about, None for whichever it names. `own` is the
    address of a page that makes workbooks of other files, where another is chosen; empty for the
    page of workbooks itself. `table` is how a table was read, to be remembered by the plan.
    """

    strategy: Strategy | None = None
    own: str = ""
    table: dict[str, Any] | None = None

    @property
    def confirmed_at(self) -> str:
        """The address that takes workbooks, and the confirmation of what was looked over."""
        if self.strategy is None:
            return reverse("new_plan_workbook")
        return reverse("plan_workbook", args=[self.strategy.code])

    @property
    def again(self) -> str:
        """Where another file is chosen."""
        return self.own or self.confirmed_at


def look_over_page(
    request: HttpRequest,
    workbook: Workbook,
    file_name: str,
    door: Door,
    *,
    ticked: Sequence[str] = (),
    form: ChangeForm | None = None,
    problem: str = "",
    status: int = 200,
    refused: Callable[[Looked], HttpResponse] | None = None,
    back: Collection[tuple[str, str]] = (),
) -> HttpResponse:
    """The page of what is wrong with a workbook, or of what it would do; writes nothing.

    `ticked` are the conflicts that were ticked before, `form` has the reason that was typed,
    `problem` is a sentence on why it is looked over again; `refused` makes another page of what
    is wrong, and `back` are the fields with which the page before is shown once more.
    Raises PermissionDenied.
    """
    looked = importing.look_over(workbook, user=request.user)
    if looked.problems and refused is not None:
        return refused(looked)
    if looked.problems:
<<<<<<< HEAD
        return refused_page(
            request,
            looked.problems,
            file_name,
            door,
            notes=looked.notes,
            unchecked=looked.unchecked,
        )
    context = _looked_context(looked) | {
=======
        return refused_page(request, looked.problems, file_name, door, notes=looked.notes)
    context = _looked_context(looked, ticked) | {
>>>>>>> main
        "door": door,
        "title": "ワークブックの確認" if door.table is None else "取り込む内容の確認",
        "file_name": file_name,
        "problem": problem,
        "back": back,
        "ticked": ticked,
        "form": form or ChangeForm(),
    }
    if looked.changes:
        content = {
            "name": file_name,
            "workbook": workbook.as_data(),
            "fingerprint": looked.fingerprint,
            "own": door.own,
            "table": door.table,
        }
        context["signed"] = sealed(content, _KIND, user=request.user, strategy=door.strategy)
    return render(request, "entry/beginning/looked.html", context, status=status)


def refused_page(
    request: HttpRequest,
    problems: list[Problem],
    file_name: str,
    door: Door,
    *,
    notes: list[str] | None = None,
    unchecked: str = "",
    status: int = 422,
) -> HttpResponse:
    """The page of everything that is wrong with a workbook; the file is to be chosen again."""
    context = {
        "door": door,
        "file_name": file_name,
        "problems": problems[:_MOST_SHOWN],
        "problem_count": len(problems),
        "unchecked": unchecked,
        "has_places": any(one.place for one in problems),
        "problems_left": max(len(problems) - _MOST_SHOWN, 0),
        "notes": by_kind(notes or []),
        "note_count": len(notes or []),
        "most_megabytes": MOST_MEGABYTES,
        "forms": forms.FORMS,
    }
    return render(request, "entry/beginning/refused.html", context, status=status)


def confirmed_page(request: HttpRequest, door: Door) -> HttpResponse:
    """Take in what was looked over, and go on to the plan. Raises PermissionDenied."""
    kept = opened(request.POST["confirmed"], _KIND, user=request.user, strategy=door.strategy)
    if kept is None:
        return refused_page(request, [Problem(OUTDATED)], "", door)
    door = replace(door, own=kept["own"], table=kept["table"])
    workbook, name = Workbook.from_data(kept["workbook"]), kept["name"]
    ticked = request.POST.getlist("take")
    form = ChangeForm(request.POST)
    try:
        plan, looked = importing.take_in(
            workbook,
            user=request.user,
            file_name=name,
            ticked=ticked,
            expected=kept["fingerprint"],
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
        )
    except ChangedMeanwhile:
        return look_over_page(
            request, workbook, name, door,
            ticked=ticked, form=form, problem=_CHANGED, status=409,
        )  # fmt: skip
    except ReasonMissing:
        return look_over_page(
            request, workbook, name, door,
            ticked=ticked, form=form, problem=str(form.errors["reason"][0]), status=422,
        )  # fmt: skip
    except WorkbookRefused as refused:
        return refused_page(request, refused.problems, name, door, status=409)
    if door.table is not None:
        remember(plan, door.table)
    if looked.is_new:
        messages.success(request, f"「{plan}」を準備中の計画として取り込みました。")
    elif looked.writes(ticked):
        messages.success(request, f"「{name}」のとおりに「{plan}」を変えました。")
    else:
        messages.info(request, "選んだところがないため、何も変えていません。")
    return redirect("draft" if plan.is_in_preparation else "plan_changes", plan.code)


def _looked_context(looked: Looked, ticked: Collection[str]) -> dict[str, Any]:
    trial = looked.trial
    different = [one for one in trial.rows if one.match is not Match.EQUAL]
    return {
        "looked": looked,
        "notes": by_kind(looked.notes),
        "note_count": len(looked.notes),
        "sheets": shown_sheets(looked, ticked),
        "conflict_count": len(looked.conflict_ids),
        "conflict_sentence": _CONFLICTS.format(len(looked.conflict_ids)),
        "year_notes": ended_years_note(looked.years),
        "different": different[:_MOST_UNFOLDED],
        "more_different": different[_MOST_UNFOLDED:],
        "year_change_count": sum(len(one.changes) for one in looked.years),
        "most_unfolded": _MOST_UNFOLDED,
        "equal": [one for one in trial.rows if one.match is Match.EQUAL],
    }
