"""評価のきまりを改める: the screen of the rules by which KPIs and projects are rated."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse

from common.fiscal_year import wareki
from common.reading.form_fields import FigureField
from entry.changing.cards import Card
from entry.changing.screen import ChangeForm, Screen, change_page
from kpis.permissions import User
from kpis.plan_changes.acting import closed_years_of
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.plan_pages import with_strategy
from kpis.plan_rules import plan_rules
from projects.bands import bands_to_data
from projects.forms import BandsField
from projects.models import Strategy
from projects.scales import Basis
from reports.rule_sentences import rule_sentences


class RulesForm(ChangeForm):
    """The rules as they shall be, and the year from which they hold: one that is open."""

    effective_from = forms.TypedChoiceField(
        label="適用する最初の年度",
        coerce=int,
        help_text="締めた年度の評価は変わりません。",
        error_messages={
            "required": "適用する最初の年度を選んでください。",
            "invalid_choice": "締めていない年度から選んでください。",
        },
    )
    rating_basis = forms.ChoiceField(
        label="評価に使う率", choices=Basis.choices, widget=forms.RadioSelect
    )
    bands = BandsField(
        label="評価区分",
        help_text=(
            "1行にひとつ、良い区分から順に「記号,名称,下限（%）」と書きます（例：A,順調,100）。"
            "いちばん下の区分には下限を書きません。"
        ),
        error_messages={"required": "評価区分を書いてください。"},
    )
    average_cap = FigureField(
        label="平均に入れる率の上限（%）",
        required=False,
        help_text="100を超える率は、平均ではこの値として数えます。空欄は上限なし。",
    )

    def __init__(self, plan: Strategy, data: QueryDict | None) -> None:
        after = max(closed_years_of(plan), default=plan.first_year - 1)
        years = [year for year in plan.years if year > after]
        rules = plan_rules(plan).in_year(years[0] if years else plan.last_year)
        super().__init__(
            data,
            initial={
                "effective_from": years[0] if years else None,
                "rating_basis": rules.rating_basis,
                "bands": bands_to_data(rules.bands),
                "average_cap": rules.average_cap,
            },
        )
        chosen = self.fields["effective_from"]
        chosen.choices = [(year, f"{wareki(year)}から") for year in years]  # type: ignore[attr-defined]
        cap = self.fields["average_cap"]
        if isinstance(cap, FigureField):
            cap.unit = "%"


class RulesScreen(Screen[RulesForm]):
    """Rating by other rules from an open year on."""

    title, kind = "評価のきまりを改める", "評価のきまりの改定"
    lead = "評価に使う率、評価の区分、平均の上限を、年度を決めて改めます。"
    fields_template = "entry/changing/_rules_fields.html"

    def form(self, data: QueryDict | None) -> RulesForm:
        return RulesForm(self.strategy, data)

    def act(self, form: RulesForm, user: User) -> object:
        typed = form.cleaned_data
        return revise_rating_rules(
            self.strategy,
            effective_from=typed["effective_from"],
            rating_basis=typed["rating_basis"],
            bands=typed["bands"],
            average_cap=typed["average_cap"],
            user=user,
            reason=typed["reason"],
        )

    def subject(self, form: RulesForm) -> str:
        return f"{wareki(form.cleaned_data['effective_from'])}から"

    def context(self, form: RulesForm) -> dict[str, Any]:
        rules = plan_rules(self.strategy)
        return {"revisions": rule_sentences(rules.changes, rules.first_year, rules.last_year)}


@with_strategy
def revise_rules(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Other rules of rating: filled in, looked over, carried out."""
    return change_page(request, RulesScreen(strategy))


CARDS = (
    Card(
        "評価のきまりを改める",
        "評価に使う率、評価の区分、平均の上限を改めます。締めた年度の評価はそのままで、"
        "決めた年度から新しいきまりで評価します。",
        "評価のきまりを改める",
        lambda plan: reverse("revise_rules", args=[plan.code]),
    ),
)
urlpatterns = [path("rules/", revise_rules, name="revise_rules")]
