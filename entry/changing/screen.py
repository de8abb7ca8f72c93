"""The way of every screen that changes a plan: fill in, look over what changes, confirm.

A kind of change is a `Screen`: its form, its act, its words. `change_page` answers the requests.
What was typed goes along in the form itself, signed, so that nothing waits on the server.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from common.fiscal_year import fiscal_year_of, wareki
from common.reading.form_fields import TextField
from common.reading.texts import LONGEST_TEXT
from entry.changing.acting import ChangesOtherwise, carry_out, preview_of
from entry.confirmation import opened, sealed
from kpis.permissions import User, may_change_plan
from kpis.plan_pages import plan_in_file_names
from kpis.plan_states import denied
from kpis.recording import RecordingRefused
from projects.models import Strategy
from reports.annual.old_and_new import draft_of
from reports.annual.year_changes import YearChanges, fingerprint
from reports.old_and_new_files import OLD_AND_NEW_FORMATS, old_and_new_file

_KIND = "plan_change"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
_OUTDATED = "確認の画面が古くなっています。もう一度、内容を確かめてください。"
_OTHERWISE = "確認の画面を開いたあとに、計画の内容が変わりました。今の内容で確かめてください。"


class ChangeForm(forms.Form):
    """What somebody fills in to change a plan; the reason, which every change has, stands last."""

    reason = TextField(
        label="理由",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="履歴と新旧対照表に残ります。",
        error_messages={"required": "計画を変える理由を書いてください。"},
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["reason"] = self.fields.pop("reason")

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """The id and the label of each field at fault, with the sentence why."""
        return [
            (field.id_for_label, str(field.label), str(sentence))
            for field in self
            for sentence in field.errors
        ]


_Form = TypeVar("_Form", bound=ChangeForm)


class Screen(ABC, Generic[_Form]):
    """A kind of change on one plan: what its pages say, and what it does.

    `title` heads the pages (`目標を見直す`), `kind` names what was done (`目標の見直し`).
    `fields_template` lays out the form's fields, `lead` says what the change does, in a sentence.
    """

    title: ClassVar[str]
    kind: ClassVar[str]
    lead: ClassVar[str] = ""
    fields_template: ClassVar[str] = "entry/changing/_fields.html"

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy

    @property
    def kicker(self) -> str:
        """What stands above the title: what is changed."""
        return str(self.strategy.name)

    @abstractmethod
    def form(self, data: QueryDict | None) -> _Form:
        """The form with what was typed, or as it is offered at first (None)."""

    @abstractmethod
    def act(self, form: _Form, user: User) -> object:
        """Do what the form, which has no fault, asks for.

        Raises PermissionDenied, or RecordingRefused; a refusal's `field` is one of the form's.
        """

    def filled_in_anew(self, typed: QueryDict) -> _Form | None:
        """The form to go on with, where a button of its own was pressed: nothing is looked over.

        None where the changes are to be.
        """
        return None

    def chosen(self, form: _Form) -> list[str]:
        """What the form, which has no fault, says in the end, a sentence each."""
        return []

    def subject(self, form: _Form) -> str:
        """What is changed, for the list of changes (`P1-1「起業件数」`); empty for the plan."""
        return ""

    def notes(self, form: _Form) -> list[str]:
        """What else whoever looks the change over should know, a sentence each."""
        return []

    def done(self, form: _Form) -> str:
        """What was done, as the sentence above the page that follows."""
        return f"{self.kind}を記録しました。"

    def back_url(self) -> str:
        """Where somebody comes from, and goes back to without changing anything."""
        return reverse("plan_changes", args=[self.strategy.code])

    def next_url(self, form: _Form) -> str:
        """The page that follows when the change is made."""
        return self.back_url()

    def context(self, form: _Form) -> dict[str, Any]:
        """What the layout of the fields needs besides the form."""
        return {}


def ended_years_note(years: Iterable[YearChanges]) -> list[str]:
    """What somebody should know where figures of years change that are over, and not closed."""
    now = fiscal_year_of(timezone.localdate())
    changed = [
        one.fiscal_year
        for one in years
        if one.fiscal_year < now and any(it.fiscal_year == one.fiscal_year for it in one.changes)
    ]
    if not changed:
        return []
    named = "、".join(map(wareki, changed))
    open_still = f"{named}は終わった年度ですが、まだ締めていないので、その年度の内容も変わります。"
    return [f"{open_still}変えないときは、先に年度を締めてください。"]


def change_page(request: HttpRequest, screen: Screen[Any]) -> HttpResponse:
    """Answer a request for a screen: its form, the look over, the change itself.

    Raises PermissionDenied for who may not change the plan.
    """
    strategy = screen.strategy
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "計画を変えるのは企画担当です。")
    if request.method != "POST":
        return _form_page(request, screen, screen.form(None))
    if "confirmed" not in request.POST:
        return _typed_in(request, screen)
    kept = opened(request.POST["confirmed"], _KIND, user=request.user, strategy=strategy)
    if kept is None or kept["path"] != request.path:
        return _form_page(request, screen, screen.form(None), problem=_OUTDATED, status=422)
    typed = QueryDict(kept["typed"], mutable=True)
    if "edit" in request.POST:
        return _form_page(request, screen, screen.form(typed))
    if "file" in request.POST:
        return _look_over(request, screen, typed, file=request.POST["file"])
    return _carry_out(request, screen, typed, kept["fingerprint"])


def _typed_in(request: HttpRequest, screen: Screen[Any]) -> HttpResponse:
    """What follows on the form: the look over, or the form again where it asked for that."""
    typed = request.POST.copy()
    typed.pop(_TOKEN, None)
    anew = screen.filled_in_anew(typed)
    if anew is not None:
        return _form_page(request, screen, anew)
    return _look_over(request, screen, typed)


def _look_over(
    request: HttpRequest, screen: Screen[Any], typed: QueryDict, *, file: str = ""
) -> HttpResponse:
    """The page of what would change, or its 新旧対照表 as a file of that format (`docx`)."""
    form = screen.form(typed)
    if not form.is_valid():
        return _form_page(request, screen, form, status=422)
    try:
        years = preview_of(screen.strategy, lambda: screen.act(form, request.user))
    except RecordingRefused as refused:
        return _refused(request, screen, form, refused, status=422)
    if file in OLD_AND_NEW_FORMATS:
        reason = form.cleaned_data["reason"]
        draft = draft_of(screen.strategy, screen.kind, screen.subject(form), reason, years)
        return old_and_new_file(draft, file, plan_in_file_names(request, screen.strategy))
    return _preview_page(request, screen, form, typed, years)


def _carry_out(
    request: HttpRequest, screen: Screen[Any], typed: QueryDict, expected: str
) -> HttpResponse:
    form = screen.form(typed)
    if not form.is_valid():
        return _form_page(request, screen, form, status=409)
    try:
        change = carry_out(
            screen.strategy,
            screen.kind,
            form.cleaned_data["reason"],
            request.user,
            lambda: screen.act(form, request.user),
            subject=screen.subject(form),
            expected=expected,
        )
    except RecordingRefused as refused:
        return _refused(request, screen, form, refused, status=409)
    except ChangesOtherwise as otherwise:
        return _preview_page(
            request, screen, form, typed, otherwise.years, problem=_OTHERWISE, status=409
        )
    page = reverse("plan_change", args=[screen.strategy.code, change.number])
    said = '{}<a href="{}">新旧対照表を受け取る</a>'
    messages.success(request, format_html(said, screen.done(form), page))
    return redirect(screen.next_url(form))


def _refused(
    request: HttpRequest,
    screen: Screen[Any],
    form: ChangeForm,
    refused: RecordingRefused,
    *,
    status: int,
) -> HttpResponse:
    """The form again, each refusal at its field, or above where no field is at fault."""
    for refusal in refused.refusals:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _form_page(request, screen, form, status=status)


def _form_page(
    request: HttpRequest,
    screen: Screen[Any],
    form: ChangeForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = screen.context(form) | {"screen": screen, "form": form, "problem": problem}
    return render(request, "entry/changing/form.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    screen: Screen[Any],
    form: ChangeForm,
    typed: QueryDict,
    years: list[YearChanges],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    content = {
        "path": request.path,
        "typed": typed.urlencode(),
        "fingerprint": fingerprint(years),
    }
    return render(
        request,
        "entry/changing/preview.html",
        {
            "screen": screen,
            "form": form,
            "subject": screen.subject(form),
            "reason": form.cleaned_data["reason"],
            "chosen": screen.chosen(form),
            "notes": [*screen.notes(form), *ended_years_note(years)],
            "years": years,
            "problem": problem,
            "formats": OLD_AND_NEW_FORMATS.values(),
            "signed": sealed(content, _KIND, user=request.user, strategy=screen.strategy),
        },
        status=status,
    )
