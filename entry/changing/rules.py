"""評価のきまりを改める: the screens of the rules by which a plan, and one KPI of it, are rated."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse

from common.fiscal_year import wareki
from entry.changing.cards import Card
from entry.changing.rule_starts import STARTS
from entry.changing.rules_form import RulesForm, fields_of_terms
from entry.changing.scale_form import asked_year, filled_in_anew
from entry.changing.screen import Screen, change_page
from kpis.models import Kpi, KpiRatingRules
from kpis.permissions import User
from kpis.plan_changes.acting import closed_years_of
from kpis.plan_changes.kpi_rules import scale_in_force
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.plan_pages import with_strategy
from kpis.plan_rules import own_scales, plan_rules
from kpis.rules_in_words import terms_in_words
from kpis.terms import PlanRules, terms_of_columns
from projects.models import Strategy
from reports.rule_sentences import rule_sentences


def open_years_of(plan: Strategy) -> list[int]:
    """The years that other rules can hold from: those after the last closed one."""
    after = max(closed_years_of(plan), default=plan.first_year - 1)
    return [year for year in plan.years if year > after]


class RulesScreen(Screen[RulesForm]):
    """Rating by other rules from an open year on."""

    title, kind = "評価のきまりを改める", "評価のきまりの改定"
    lead = "何を、どの方法で、どの区分に評価するかを、年度を決めて改めます。"
    fields_template = "entry/changing/_rules_fields.html"

    def __init__(self, strategy: Strategy, years: list[int], first: int | None) -> None:
        super().__init__(strategy)
        self.years = years
        self.first = strategy.last_year if first is None else first
        self.rules = plan_rules(strategy)

    @property
    def in_force(self) -> PlanRules:
        """The rules of the year from which the form begins."""
        return self.rules.in_year(self.first)

    def form(self, data: QueryDict | None) -> RulesForm:
        return self._form(data, fields_of_terms(self.in_force) | {"effective_from": self.first})

    def filled_in_anew(self, typed: QueryDict) -> RulesForm | None:
        shown = filled_in_anew(self.form(typed))
        return None if shown is None else self._form(None, shown)

    def _form(self, data: QueryDict | None, initial: dict[str, Any]) -> RulesForm:
        return RulesForm(data, self.strategy.words, self.years, initial)

    def act(self, form: RulesForm, user: User) -> object:
        return revise_rating_rules(
            self.strategy,
            effective_from=form.cleaned_data["effective_from"],
            user=user,
            reason=form.cleaned_data["reason"],
            **form.columns,
        )

    def subject(self, form: RulesForm) -> str:
        return f"{wareki(form.cleaned_data['effective_from'])}から"

    def chosen(self, form: RulesForm) -> list[str]:
        """The rules as they will be, in sentences."""
        standing = self.rules.in_year(form.cleaned_data["effective_from"])
        stated = replace(standing, **terms_of_columns(form.columns))
        return terms_in_words(stated, self.strategy.words)

    def notes(self, form: RulesForm) -> list[str]:
        """Which KPIs go on by their own rules."""
        kpis = list(self._kpis())
        own = own_scales([one.pk for one in kpis])
        year = form.cleaned_data["effective_from"]
        kept = [
            one.code
            for one in kpis
            if one.lives_in(year) and scale_in_force(self.rules, own.get(one.pk, ()), year).is_own
        ]
        if not kept:
            return []
        return [
            self.strategy.words.put(
                f"{'、'.join(kept)}は、その指標だけのきまりで評価します。この改定では変わりません。"
            )
        ]

    def context(self, form: RulesForm) -> dict[str, Any]:
        rules, words = self.rules, self.strategy.words
        return {
            "revisions": rule_sentences(rules.changes, rules.first_year, rules.last_year, words),
            "since": self.first,
            "revised": [
                one.effective_from for one in rules.changes if one.effective_from in self.years[1:]
            ],
            "in_force": terms_in_words(self.in_force, words),
            "kpis": [one for one in self._kpis() if any(map(one.lives_in, self.years))],
            "own_kpis": set(self._own_rules().values_list("kpi", flat=True)),
            "starts": STARTS,
            "starts_note": words.put(
                "押すと、指標の欄にその例が入り、プロジェクトの評価の方法もそれに合わせます。"
                "まだ何も変わりません。あとから直せます。"
            ),
        }

    def _kpis(self) -> QuerySet[Kpi]:
        """The plan's KPIs in printed order."""
        kpis = Kpi.objects.filter(project__strategy=self.strategy).select_related("project")
        return kpis.order_by("project__position", "project__code", "number")

    def _own_rules(self) -> QuerySet[KpiRatingRules]:
        return KpiRatingRules.objects.filter(kpi__project__strategy=self.strategy, is_plans=False)


@with_strategy
def revise_rules(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Other rules of rating: filled in, looked over, carried out."""
    years = open_years_of(strategy)
    return change_page(request, RulesScreen(strategy, years, asked_year(request, years)))


CARDS = (
    Card(
        "評価のきまりを改める",
        "評価の方法、評価区分、平均の取り方、率の示し方を改めます。締めた年度の評価はそのままで、"
        "決めた年度から新しいきまりで評価します。",
        "評価のきまりを改める",
        lambda plan: reverse("revise_rules", args=[plan.code]),
    ),
)
urlpatterns = [path("rules/", revise_rules, name="revise_rules")]
