"""この指標の評価のきまりを改める: the screen of a KPI that is rated otherwise than the others."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki
from entry.changing.rule_starts import STARTS, fields_of
from entry.changing.scale_form import ScaleForm, asked_year, filled_in_anew
from entry.changing.screen import Screen, change_page
from entry.changing.targets import open_years
from kpis.lookup import kpi_or_404
from kpis.models import Kpi
from kpis.permissions import User, may_change_plan
from kpis.plan_changes.kpi_rules import ScaleInForce, revise_kpi_rules, scale_in_force
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from kpis.rules_in_words import scale_in_words
from kpis.series import KpiSeries, closed_years, load_series
from kpis.terms import scale_columns, scale_of_columns
from projects.models import Strategy
from projects.words import PlanWords
from reports.rule_sentences import own_rule_sentences

OWN, PLANS = "own", "plan"


class KpiRulesForm(ScaleForm):
    """By what one KPI is rated: by the plan's rules, or by a scale of its own."""

    own = forms.ChoiceField(
        label="この指標のきまり",
        choices=[
            (PLANS, "計画のきまり：ほかの指標と同じきまりで評価します"),
            (OWN, "この指標だけのきまり：下の欄のきまりで評価します"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: QueryDict | None,
        words: PlanWords,
        years: Iterable[int],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, words, years, initial)
        self.fields["rating_method"].required = False

    @property
    def is_plans(self) -> bool:
        """Whether the plan's rules are to hold."""
        return bool(self.cleaned_data["own"] == PLANS)

    def asks_for_scale(self, cleaned: dict[str, Any]) -> bool:
        """Whether the KPI has a scale of its own, which then names a method."""
        is_own = cleaned.get("own") == OWN
        if is_own and not cleaned.get("rating_method") and "rating_method" not in self.errors:
            self.add_error("rating_method", "評価の方法を選んでください。")
        return is_own


class KpiRulesScreen(Screen[KpiRulesForm]):
    """Rating one KPI by rules of its own from an open year on."""

    title, kind = "この指標の評価のきまりを改める", "指標の評価のきまりの改定"
    lead = "この指標だけを、ほかの指標とは別のきまりで評価します。"
    fields_template = "entry/changing/_kpi_rules_fields.html"

    def __init__(self, kpi: Kpi, series: KpiSeries, years: list[int], first: int) -> None:
        strategy = kpi.project.strategy
        super().__init__(strategy)
        self.kpi = kpi
        self.series = series
        self.years = years
        self.first = first
        words = strategy.words
        self.title, self.kind = words.put(self.title), words.put(self.kind)  # type: ignore[misc]
        self.lead = words.put(self.lead)  # type: ignore[misc]

    @property
    def kicker(self) -> str:
        return str(self.kpi)

    @property
    def in_force(self) -> ScaleInForce:
        """By what the KPI is rated in the year from which the form begins."""
        return self._in_force(self.first)

    def form(self, data: QueryDict | None) -> KpiRulesForm:
        standing = self.in_force
        own = OWN if standing.is_own else PLANS
        offered = {"own": own, "effective_from": self.first}
        return self._form(data, fields_of(standing.scale) | offered)

    def filled_in_anew(self, typed: QueryDict) -> KpiRulesForm | None:
        shown = filled_in_anew(self.form(typed))
        return None if shown is None else self._form(None, shown | {"own": OWN})

    def act(self, form: KpiRulesForm, user: User) -> object:
        return revise_kpi_rules(
            self.kpi,
            effective_from=form.cleaned_data["effective_from"],
            user=user,
            reason=form.cleaned_data["reason"],
            is_plans=form.is_plans,
            **({} if form.is_plans else form.scale_columns),
        )

    def subject(self, form: KpiRulesForm) -> str:
        since = wareki(form.cleaned_data["effective_from"])
        return f"{self.kpi.code}「{self.kpi.name}」（{since}から）"

    def chosen(self, form: KpiRulesForm) -> list[str]:
        """The KPI's rules as they will be, in a sentence."""
        year, words = form.cleaned_data["effective_from"], self.strategy.words
        if form.is_plans:
            scale = self.series.rules.in_year(year).scale
            return ["計画のきまりで評価します。", scale_in_words(scale, words)]
        standing = scale_columns(self._in_force(year).scale)
        return [scale_in_words(scale_of_columns(standing | form.scale_columns), words)]

    def back_url(self) -> str:
        return reverse("kpi", args=[self.strategy.code, self.kpi.code])

    def context(self, form: KpiRulesForm) -> dict[str, Any]:
        words, standing = self.strategy.words, self.in_force
        own = self.series.definition.own_scales
        return {
            "since": self.first,
            "revised": [one.effective_from for one in own if one.effective_from in self.years[1:]],
            "revisions": own_rule_sentences(own, words),
            "in_force": [
                "この指標だけのきまりです。" if standing.is_own else "計画のきまりです。",
                scale_in_words(standing.scale, words),
            ],
            "starts": STARTS,
            "starts_note": (
                "押すと、下の欄にその例が入ります。まだ何も変わりません。あとから直せます。"
            ),
        }

    def _form(self, data: QueryDict | None, initial: dict[str, Any]) -> KpiRulesForm:
        return KpiRulesForm(data, self.strategy.words, self.years, initial)

    def _in_force(self, fiscal_year: int) -> ScaleInForce:
        own = self.series.definition.own_scales
        return scale_in_force(self.series.rules, own, fiscal_year)


@require_http_methods(["GET", "HEAD", "POST"])
@with_strategy
def revise_kpi(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """A KPI's own rules of rating from an open year on."""
    kpis = Kpi.objects.filter(project__strategy=strategy)
    kpi = kpi_or_404(kpis, code, strategy.words)
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "評価のきまりを改めるのは企画担当です。")
    (series,) = load_series(strategy, kpis.filter(pk=kpi.pk))
    years = open_years(series, closed_years(strategy))
    first = asked_year(request, years)
    if first is None:
        raise Http404(f"{kpi.code}には、締めていない年度がありません。")
    return change_page(request, KpiRulesScreen(kpi, series, years, first))


CARDS = ()
urlpatterns = [path("rules/<kpi:code>/", revise_kpi, name="revise_kpi_rules")]
