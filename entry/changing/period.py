"""計画期間を変える: the screen that extends or shortens a plan."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse

from common.fiscal_year import wareki
from common.reading.form_fields import FiscalYearField
from entry.changing.cards import Card
from entry.changing.screen import ChangeForm, Screen, change_page
from kpis.permissions import User
from kpis.plan_changes.acting import closed_years_of
from kpis.plan_changes.period import Outside, change_period, last_years_as_known, with_period
from kpis.plan_pages import with_strategy
from projects.models import Strategy


class PeriodForm(ChangeForm):
    """The period as it shall be; its first year can change while no year is closed."""

    first_year = FiscalYearField(
        label="最初の年度",
        help_text="例：2024、令和6年度、R6",
        error_messages={"required": "最初の年度を入力してください。"},
    )
    last_year = FiscalYearField(
        label="最終年度",
        help_text="例：2030、令和12年度、R12",
        error_messages={"required": "最終年度を入力してください。"},
    )

    def __init__(self, plan: Strategy, closed: list[int], data: QueryDict | None) -> None:
        stands = {"first_year": wareki(plan.first_year), "last_year": wareki(plan.last_year)}
        super().__init__(data, initial=stands)
        self.plan = plan
        if closed:
            del self.fields["first_year"]

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year as they shall be."""
        typed = self.cleaned_data
        return typed.get("first_year", self.plan.first_year), typed["last_year"]


class PeriodScreen(Screen[PeriodForm]):
    """Extending or shortening a plan from its first open year on."""

    title, kind = "計画期間を変える", "計画期間の変更"
    lead = "計画を延ばし、または短くします。"
    fields_template = "entry/changing/_period_fields.html"

    def form(self, data: QueryDict | None) -> PeriodForm:
        return PeriodForm(self.strategy, closed_years_of(self.strategy), data)

    def act(self, form: PeriodForm, user: User) -> object:
        first_year, last_year = form.years
        return change_period(
            self.strategy,
            first_year=first_year,
            last_year=last_year,
            user=user,
            reason=form.cleaned_data["reason"],
        )

    def subject(self, form: PeriodForm) -> str:
        first_year, last_year = form.years
        return f"{wareki(first_year)}から{wareki(last_year)}まで"

    def notes(self, form: PeriodForm) -> list[str]:
        goes = Outside(with_period(self.strategy, *form.years)).goes_in_words
        return [f"{one}は、この変更と同時に消えます。" for one in goes]

    def context(self, form: PeriodForm) -> dict[str, Any]:
        known = last_years_as_known(self.strategy)
        since = (f"{wareki(year)}から{wareki(last)}" for year, last in known)
        return {
            "closed": closed_years_of(self.strategy),
            "known": known,
            "known_in_words": "、".join(since),
        }


@with_strategy
def change_plan_period(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Another period of the plan: filled in, looked over, carried out."""
    return change_page(request, PeriodScreen(strategy))


CARDS = (
    Card(
        "計画期間を変える",
        "計画を1年度延ばすときなど。最終目標は新しい最終年度までのものになり、"
        "まだ締めていない年度の目安を置き直します。",
        "計画期間を変える",
        lambda plan: reverse("change_period", args=[plan.code]),
    ),
)
urlpatterns = [path("period/", change_plan_period, name="change_period")]
