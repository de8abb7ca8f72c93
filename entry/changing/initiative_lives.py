"""取組を加える・終える、再掲を加える・終える: the screens of initiatives' lives."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki
from common.reading.form_fields import FiscalYearField, TextField
from entry.changing.cards import Card
from entry.changing.kpi_forms import EndForm, PlaceForm, ask_by_name
from entry.changing.kpi_lives import first_open, project_page, since
from entry.changing.screen import ChangeForm, Screen, change_page
from kpis.permissions import User
from kpis.plan_changes.initiatives import (
    add_initiative,
    end_initiative,
    end_listing,
    list_initiative,
    progress_after,
    resume_initiative,
    resume_listing,
)
from kpis.plan_pages import with_strategy
from projects.forms import next_number
from projects.initiative_codes import code_of, home_and_relistings
from projects.models import Department, Initiative, InitiativeListing, Project, Strategy


class ListingForm(PlaceForm):
    """A place in a project's list, from a year on."""

    printed_name = TextField(
        label="掲載名", required=False, max_length=200,
        help_text="計画書がこの場所で別の名前を使っているときだけ書きます。",
    )  # fmt: skip
    first_year = FiscalYearField(label="最初の年度", required=False)

    def __init__(
        self, data: QueryDict | None, strategy: Strategy, begins: str, **options: Any
    ) -> None:
        super().__init__(data, strategy, **options)
        self.fields["first_year"].help_text = f"空欄は{begins}。例：2026、令和8年度、R8"
        self.fields["reason"] = self.fields.pop("reason")

    def next_number(self, project: Project) -> int:
        """The number after the last one on the project's list."""
        return next_number(project)


class NewInitiativeForm(ListingForm):
    """An initiative with its home and department."""

    name = TextField(label="取組名", max_length=200)
    department = forms.ModelChoiceField(
        Department.objects.order_by("code"), label="所管課", required=False, empty_label="未設定"
    )

    def __init__(
        self, data: QueryDict | None, strategy: Strategy, begins: str, **options: Any
    ) -> None:
        super().__init__(data, strategy, begins, **options)
        self.fields["project"].label = f"主な掲載先の{strategy.words.project}"
        self.fields["name"].label = f"{strategy.words.initiative}名"
        ask_by_name(self)
        self.order_fields(["name", "project", "number", "department", "printed_name"])
        self.fields["reason"] = self.fields.pop("reason")


class AddInitiative(Screen[NewInitiativeForm]):
    """取組を加える."""

    # When what was added begins, known once it is added; None for the plan's beginning.
    begins: int | None = None

    def __init__(self, strategy: Strategy, project_code: str) -> None:
        super().__init__(strategy)
        self.project = strategy.projects.filter(code=project_code).first()
        put = strategy.words.put
        self.title, self.kind = put("取組を加える"), put("取組の追加")  # type: ignore[misc]
        self.lead = put("最初の年度より前の年度には載りません。")  # type: ignore[misc]

    def form(self, data: QueryDict | None) -> NewInitiativeForm:
        number = next_number(self.project) if self.project else None
        offered = {"project": self.project, "number": number}
        return NewInitiativeForm(data, self.strategy, first_open(self.strategy), initial=offered)

    def act(self, form: NewInitiativeForm, user: User) -> object:
        cleaned = form.cleaned_data
        initiative = Initiative(
            strategy=self.strategy,
            home_project=cleaned["project"],
            name=cleaned["name"],
            department=cleaned["department"],
            first_year=cleaned["first_year"],
        )
        added = add_initiative(
            initiative,
            cleaned["number"],
            user=user,
            reason=cleaned["reason"],
            printed_name=cleaned["printed_name"],
        )
        self.begins = added.first_year
        return added

    def subject(self, form: NewInitiativeForm) -> str:
        return f"「{form.cleaned_data['name']}」"

    def done(self, form: NewInitiativeForm) -> str:
        return f"「{form.cleaned_data['name']}」を{since(self.begins)}加えました。"

    def next_url(self, form: NewInitiativeForm) -> str:
        return project_page(self.strategy, form.cleaned_data["project"], self.begins)


class OfInitiative(Screen[Any]):
    """A screen about one initiative, or about its place in one project's list."""

    words: tuple[str, str, str]

    def __init__(
        self, strategy: Strategy, home: InitiativeListing, listing: InitiativeListing
    ) -> None:
        super().__init__(strategy)
        self.home, self.listing, self.initiative = home, listing, home.initiative
        self.title, self.kind, self.lead = map(strategy.words.put, self.words)  # type: ignore[misc]

    @property
    def kicker(self) -> str:
        return f"{code_of(self.listing)} {self.listing.name}"

    def subject(self, form: ChangeForm) -> str:
        return f"{code_of(self.listing)}「{self.listing.name}」"

    def back_url(self) -> str:
        return reverse("initiative", args=[self.strategy.code, code_of(self.home)])

    @property
    def is_whole(self) -> bool:
        """Whether the initiative itself is meant: its home listing is named."""
        return not self.listing.is_relisted


class EndInitiative(OfInitiative):
    """取組か再掲を終える."""

    words = (
        "取組を終える", "取組の終了",
        "主な掲載先の番号では取組と掲載のすべてを、再掲先の番号ではその再掲だけを終えます。",
    )  # fmt: skip

    def form(self, data: QueryDict | None) -> EndForm:
        return EndForm(data, initial={"last_year": self.listing.last_year})

    def act(self, form: EndForm, user: User) -> object:
        year, reason = form.cleaned_data["last_year"], form.cleaned_data["reason"]
        if self.is_whole:
            return end_initiative(self.initiative, year, user=user, reason=reason)
        return end_listing(self.listing, year, user=user, reason=reason)

    def notes(self, form: EndForm) -> list[str]:
        """The progress that goes with the end."""
        gone = progress_after(self.initiative, form.cleaned_data["last_year"])
        years = "、".join(map(wareki, gone)) if self.is_whole else ""
        return [f"{years}の進捗も取り消します。"] if years else []

    def done(self, form: EndForm) -> str:
        return f"{self.subject(form)}は{wareki(form.cleaned_data['last_year'])}で終わります。"


class ResumeInitiative(OfInitiative):
    """終わりを取りやめる."""

    words = ("取組の終わりを取りやめる", "取組の終了の取りやめ", "掲載を続けます。")

    def form(self, data: QueryDict | None) -> ChangeForm:
        return ChangeForm(data)

    def act(self, form: ChangeForm, user: User) -> object:
        reason = form.cleaned_data["reason"]
        if self.is_whole:
            return resume_initiative(self.initiative, user=user, reason=reason)
        return resume_listing(self.listing, user=user, reason=reason)

    def done(self, form: ChangeForm) -> str:
        return f"{self.subject(form)}を続けます。"


class ListAgain(OfInitiative):
    """再掲を加える."""

    # When it is listed there first, known once it is; None for the plan's beginning.
    begins: int | None = None

    words = ("再掲を加える", "再掲の追加", "別のプロジェクトの一覧にも載せます。数には入りません。")

    def form(self, data: QueryDict | None) -> ListingForm:
        begins = first_open(self.strategy, self.initiative.first_year)
        return ListingForm(data, self.strategy, begins)

    def act(self, form: ListingForm, user: User) -> object:
        cleaned = form.cleaned_data
        listing = InitiativeListing(
            project=cleaned["project"],
            number=cleaned["number"],
            initiative=self.initiative,
            printed_name=cleaned["printed_name"],
            first_year=cleaned["first_year"],
        )
        listed = list_initiative(listing, user=user, reason=cleaned["reason"])
        self.begins = listed.first_year
        return listed

    def done(self, form: ListingForm) -> str:
        code = form.cleaned_data["project"].code
        return f"「{self.initiative.name}」を{since(self.begins)}{code}に再掲しました。"


@require_http_methods(["GET", "HEAD", "POST"])
@with_strategy
def add(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """An initiative that the plan has not had."""
    return change_page(request, AddInitiative(strategy, request.GET.get("project", "")))


def _of_initiative(screen: type[OfInitiative]) -> Any:
    @require_http_methods(["GET", "HEAD", "POST"])
    @with_strategy
    def view(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
        home, again = home_and_relistings(strategy, code)
        listing = next((one for one in (home, *again) if code_of(one) == code), None)
        if listing is None:
            raise Http404(f"{strategy.words.initiative}{code}は見つかりません。")
        return change_page(request, screen(strategy, home, listing))

    return view


CARDS = [
    Card(
        "取組を加える",
        "新しい取組を、決めた年度から主な掲載先に載せます。",
        "取組を加える",
        lambda strategy: reverse("add_initiative", args=[strategy.code]),
    ),
    Card(
        "取組を終える・再掲を変える",
        "最後の年度を決めるか、別の掲載先を加えます。取組のページから始めます。",
        "取組を選ぶ",
        lambda strategy: reverse("initiatives", args=[strategy.code]),
    ),
]

urlpatterns = [
    path("initiatives/new/", add, name="add_initiative"),
    path("initiatives/<kpi:code>/end/", _of_initiative(EndInitiative), name="end_initiative"),
    path(
        "initiatives/<kpi:code>/resume/",
        _of_initiative(ResumeInitiative),
        name="resume_initiative",
    ),
    path("initiatives/<kpi:code>/list/", _of_initiative(ListAgain), name="list_initiative"),
]
