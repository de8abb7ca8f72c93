"""公開の条件: the page on which planners say how open data may be used, and whom to ask."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.reading.form_fields import TextField
from common.reading.years import read_fiscal_year
from kpis.permissions import may_change_plan, may_issue
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from kpis.publication import TERMS, set_terms, terms_in_words
from kpis.recording import Kind, RecordingRefused
from projects.models import Strategy


class TermsForm(forms.Form):
    """What stands in the open data of an edition; the act checks both."""

    data_licence = TextField(
        label=TERMS["data_licence"],
        help_text="データを使う人が守ることです。例：CC BY 4.0（出典を記せば、だれでも使えます）",
    )
    contact = TextField(
        label=TERMS["contact"],
        help_text="データについて尋ねる先です。例：見本市企画課　電話0000-00-0000",
    )
    seen = forms.CharField(widget=forms.HiddenInput, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """The id and the label of each field at fault, with the sentence why."""
        return [
            (field.id_for_label, str(field.label), str(sentence))
            for field in self.visible_fields()
            for sentence in field.errors
        ]


@require_http_methods(["GET", "POST"])
@with_strategy
def publication_terms(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """What the plan says of its open data, to change; `fy` is the year that waits to be issued."""
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "公開の条件を決めるのは企画担当です。")
    year = _year_to_issue(request, strategy)
    back = (
        reverse("issue_edition", args=[strategy.code, year])
        if year
        else reverse("reports", args=[strategy.code])
    )
    standing = {name: getattr(strategy, name) for name in TERMS}
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        initial=standing | {"seen": terms_in_words(strategy)},
    )
    status = 200
    if form.is_valid():
        try:
            set_terms(strategy, user=request.user, **form.cleaned_data)
        except RecordingRefused as refused:
            status = _show(form, refused, strategy)
        else:
            messages.success(request, "公開の条件を保存しました。次に発行する版から載ります。")
            return redirect(back)
    context = {"form": form, "year": year, "back": back}
    return render(request, "entry/publication.html", context, status=status)


def _show(form: TermsForm, refused: RecordingRefused, strategy: Strategy) -> int:
    """Put what refused the terms at its fields; the status of the answer.

    Whoever was slower may save what they typed all the same, once they have read it.
    """
    for one in refused.refusals:
        form.add_error(one.field or None, one.message)
    if refused.refusals[0].kind is not Kind.STALE:
        return 422
    strategy.refresh_from_db()
    form.data = {**form.data, "seen": terms_in_words(strategy)}
    return 409


def _year_to_issue(request: HttpRequest, strategy: Strategy) -> int | None:
    """The fiscal year to go back to and issue; None where nobody came from there."""
    text = request.GET.get("fy", "")
    try:
        year = read_fiscal_year(text)
    except ValueError:
        return None
    return year if year in strategy.years and may_issue(request.user, strategy) else None
