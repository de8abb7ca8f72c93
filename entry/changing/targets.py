"""目標を見直す: the screen of a KPI, and the list of all KPIs' targets that leads there."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from entry.changing.cards import Card
from entry.changing.screen import Screen, change_page
from entry.changing.target_form import (
    FROM_BASELINE,
    FROM_DUE,
    NO_YEARLY,
    TargetForm,
)
from kpis.lookup import kpi_or_404
from kpis.models import Kpi
from kpis.permissions import User, may_change_plan
from kpis.plan_changes.targets import revise_target, spread_from_baseline, spread_from_due
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from kpis.recording import RecordingRefused, Refusal
from kpis.series import KpiSeries, closed_years, load_series
from kpis.target_doubts import doubts_of
from projects.models import Strategy
from reports.target_lines import target_line

# Where a fault of the act is shown, if not at the field of its own name.
_SHOWN_AT = {"is_strict": "condition", "yearly": "spread"}


class TargetScreen(Screen[TargetForm]):
    """One KPI's targets."""

    title, kind = "目標を見直す", "目標の見直し"
    lead = "最終目標、基準値、年度目安を、選んだ年度から改めます。"
    fields_template = "entry/changing/_target_fields.html"

    def __init__(self, strategy: Strategy, kpi: Kpi, series: KpiSeries, years: list[int]) -> None:
        super().__init__(strategy)
        self.kpi = kpi
        self.series = series
        self.open_years = years

    @property
    def kicker(self) -> str:
        return str(self.kpi)

    def form(self, data: QueryDict | None) -> TargetForm:
        return TargetForm(data, self.series, self.open_years)

    def act(self, form: TargetForm, user: User) -> None:
        try:
            revise_target(
                self.kpi,
                form.target,
                yearly=self._yearly(form),
                user=user,
                reason=form.cleaned_data["reason"],
            )
        except RecordingRefused as refused:
            raise RecordingRefused(map(_at_its_field, refused.refusals)) from None

    def _yearly(self, form: TargetForm) -> dict[int, Any]:
        """The yearly targets as they are to be, by the chosen way."""
        spread = form.cleaned_data["spread"]
        ways: dict[str, Callable[..., dict[int, Any]]] = {
            FROM_BASELINE: spread_from_baseline,
            FROM_DUE: spread_from_due,
        }
        if spread in ways:
            return ways[spread](self.kpi, form.target)
        typed = form.typed_yearly
        if spread == NO_YEARLY:
            since = form.cleaned_data["effective_from"]
            return {year: value for year, value in typed.items() if year < since}
        return typed

    def subject(self, form: TargetForm) -> str:
        return f"{self.kpi.code}「{self.kpi.name}」"

    def done(self, form: TargetForm) -> str:
        return f"{self.kpi.code}の目標を見直しました。"

    def back_url(self) -> str:
        return reverse("kpi", args=[self.strategy.code, self.kpi.code])

    def context(self, form: TargetForm) -> dict[str, Any]:
        decimals = self.series.definition.decimal_places
        return {"doubts": doubts_of(self.series.course, decimals), "kpi": self.kpi}


def _at_its_field(refusal: Refusal) -> Refusal:
    field = _SHOWN_AT.get(refusal.field, refusal.field)
    return Refusal(refusal.code, refusal.kind, field, refusal.message)


@require_http_methods(["GET", "HEAD", "POST"])
@with_strategy
def revise(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """A KPI's target from an open year on."""
    kpis = Kpi.objects.filter(project__strategy=strategy)
    kpi = kpi_or_404(kpis, code, strategy.words)
    (series,) = load_series(strategy, kpis.filter(pk=kpi.pk))
    years = open_years(series, closed_years(strategy))
    if not years and may_change_plan(request.user, strategy):
        raise Http404(f"{kpi.code}には、締めていない年度がありません。")
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "目標を見直すのは企画担当です。")
    return change_page(request, TargetScreen(strategy, kpi, series, years))


@require_safe
@with_strategy
def target_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """All KPIs' targets as they are in force, each with the way to its screen."""
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "目標を見直すのは企画担当です。")
    closed = closed_years(strategy)
    rows = []
    for series in load_series(strategy):
        years = open_years(series, closed)
        if years:
            decimals = series.definition.decimal_places
            yearly = sorted(series.yearly_targets.items())
            doubts = doubts_of(series.course, decimals)
            later = [
                target_line(series.definition, row)
                for row in series.course.rows
                if row.effective_from > years[0]
            ]
            rows.append((series.assess(years[0]), later, yearly, doubts))
    return render(request, "entry/changing/targets.html", {"rows": rows})


def open_years(series: KpiSeries, closed: frozenset[int]) -> list[int]:
    """The years of a KPI's life that can be changed: those after the last closed one."""
    last = max(closed, default=0)
    return [year for year in series.years if year > last and year not in closed]


CARDS = [
    Card(
        "目標を見直す",
        "最終目標、基準値、目標年度、年度目安を、年度を決めて改めます。",
        "指標を選ぶ",
        lambda strategy: reverse("targets", args=[strategy.code]),
    )
]

urlpatterns = [
    path("targets/", target_list, name="targets"),
    path("targets/<kpi:code>/", revise, name="revise_target"),
]
