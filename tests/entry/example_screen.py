"""The app's pages, and one that changes a plan in the simplest way: a new target for P1-1."""

from decimal import Decimal

from django import forms
from django.urls import path

from entry.changing.screen import ChangeForm, Screen, change_page
from kpis.models import FinalTarget, Kpi
from kpis.plan_pages import with_strategy
from kpis.recording import Kind, RecordingRefused, Refusal
from omuta_strategy import urls


def revise_target(plan, value, year=2026):
    """Give P1-1 another target from a year on."""
    if value < 0:
        message = "目標値は0以上にしてください。"
        raise RecordingRefused([Refusal("P1-1", Kind.INVALID, "value", message)])
    kpi = Kpi.objects.get(project__strategy=plan, project__code="P1", number=1)
    FinalTarget.objects.create(kpi=kpi, effective_from=year, value=Decimal(value), reason="見直し")


class RevisionForm(ChangeForm):
    value = forms.DecimalField(label="目標値", help_text="件")


class Revision(Screen[RevisionForm]):
    title, kind = "目標を見直す", "目標の見直し"

    def form(self, data):
        return RevisionForm(data)

    def act(self, form, user):
        revise_target(self.strategy, form.cleaned_data["value"])

    def subject(self, form):
        return "P1-1「指標1」"


@with_strategy
def revise(request, strategy):
    return change_page(request, Revision(strategy))


urlpatterns = [path("plans/<slug:plan_code>/changes/revise/", revise), *urls.urlpatterns]
handler400, handler500 = urls.handler400, urls.handler500
