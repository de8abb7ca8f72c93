"""指標を加える・終える・差し替える・移す: the screens of a KPI's life and place."""

from abc import abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from common.fiscal_year import wareki
from entry.changing.cards import Card
from entry.changing.kpi_forms import (
    AddedKpiForm,
    EndForm,
    MoveForm,
    ReplacementForm,
    next_kpi_number,
)
from entry.changing.screen import ChangeForm, Screen, change_page
from kpis.lookup import find_kpi
from kpis.models import Kpi
from kpis.permissions import User
from kpis.plan_changes.acting import first_open_year
from kpis.plan_changes.lives import add_kpi, end_kpi, leaving_after, replace_kpi, resume_kpi
from kpis.plan_changes.places import move_kpi
from kpis.plan_changes.successors import offered_successor
from kpis.plan_pages import with_strategy
from kpis.recording import RecordingRefused
from projects.goals import holder_of
from projects.models import Project, Strategy


def first_open(strategy: Strategy, begins: int | None = None) -> str:
    """`令和8年度`: the year meant by a blank; a dash where all years are closed."""
    try:
        year = first_open_year(strategy)
    except RecordingRefused:
        return "－"
    return wareki(max(year, begins or year))


def since(fiscal_year: int | None) -> str:
    """`令和8年度から`; empty for what holds from the plan's beginning."""
    return "" if fiscal_year is None else f"{wareki(fiscal_year)}から"


def project_page(strategy: Strategy, project: Project, begins: int | None) -> str:
    """A project's page in the first year in which it shows what was added."""
    page = reverse("project", args=[strategy.code, project.code])
    return page if begins is None else f"{page}?fy={begins}"


class AddKpi(Screen[AddedKpiForm]):
    """指標を加える."""

    of_goals = False
    words: tuple[str, str, str] = (
        "指標を加える", "指標の追加",
        "最初の年度より前の年度では、この指標は数にも平均にも入りません。",
    )  # fmt: skip
    # When what was added begins, known once it is added; None for the plan's beginning.
    begins: int | None = None

    def __init__(self, strategy: Strategy, home: Project | None) -> None:
        super().__init__(strategy)
        self.project = home
        self.title, self.kind, self.lead = map(strategy.words.put, self.words)  # type: ignore[misc]

    def form(self, data: QueryDict | None) -> AddedKpiForm:
        offered: dict[str, Any] = {"project": self.project}
        if self.project and not self.of_goals:
            offered["number"] = next_kpi_number(self.project)
        begins = first_open(self.strategy)
        return AddedKpiForm(data, self.strategy, begins, of_goals=self.of_goals, initial=offered)

    def act(self, form: AddedKpiForm, user: User) -> object:
        added = add_kpi(
            form.kpi,
            user=user,
            reason=form.cleaned_data["reason"],
            target=form.final_target,
            related=form.cleaned_data["related_departments"],
        )
        self.begins = added.first_year
        return added

    def subject(self, form: AddedKpiForm) -> str:
        return _named(form.kpi)

    def done(self, form: AddedKpiForm) -> str:
        return f"{_named(form.kpi)}を{since(self.begins)}加えました。"

    def next_url(self, form: AddedKpiForm) -> str:
        return project_page(self.strategy, form.cleaned_data["project"], self.begins)


class AddGoal(AddKpi):
    """数値目標を加える: of a pillar, or of the whole plan, under the next number there."""

    of_goals = True
    words = (
        "数値目標を加える", "数値目標の追加",
        "柱や計画全体の数値目標です。プロジェクトと指標の数や平均には入りません。",
    )  # fmt: skip

    def next_url(self, form: AddedKpiForm) -> str:
        page = reverse("projects", args=[self.strategy.code])
        return page if self.begins is None else f"{page}?fy={self.begins}"


class OfKpi(Screen[Any]):
    """A screen about one KPI."""

    words: tuple[str, str, str]

    def __init__(self, strategy: Strategy, kpi: Kpi) -> None:
        super().__init__(strategy)
        self.kpi = kpi
        self.title, self.kind, self.lead = map(strategy.words.put, self.words)  # type: ignore[misc]

    @property
    def kicker(self) -> str:
        return str(self.kpi)

    def subject(self, form: ChangeForm) -> str:
        return _named(self.kpi)

    def back_url(self) -> str:
        return reverse("kpi", args=[self.strategy.code, self.kpi.code])

    @abstractmethod
    def act(self, form: Any, user: User) -> object:
        """As every screen's."""


class EndKpi(OfKpi):
    """指標を終える."""

    words = (
        "指標を終える", "指標の終了",
        "最後の年度より後の年度では、この指標は数にも平均にも入りません。ページは残ります。",
    )  # fmt: skip

    def form(self, data: QueryDict | None) -> EndForm:
        return EndForm(data, initial={"last_year": self.kpi.last_year})

    def act(self, form: EndForm, user: User) -> object:
        year, reason = form.cleaned_data["last_year"], form.cleaned_data["reason"]
        return end_kpi(self.kpi, year, user=user, reason=reason)

    def notes(self, form: EndForm) -> list[str]:
        """What goes with the end."""
        return _goes(self.kpi, form.cleaned_data["last_year"])

    def done(self, form: EndForm) -> str:
        return f"{_named(self.kpi)}は{wareki(form.cleaned_data['last_year'])}で終わります。"


class ResumeKpi(OfKpi):
    """終わりを取りやめる."""

    words = ("指標の終わりを取りやめる", "指標の終了の取りやめ", "この指標を続けます。")

    def form(self, data: QueryDict | None) -> ChangeForm:
        return ChangeForm(data)

    def act(self, form: ChangeForm, user: User) -> object:
        return resume_kpi(self.kpi, user=user, reason=form.cleaned_data["reason"])

    def done(self, form: ChangeForm) -> str:
        return f"{_named(self.kpi)}を続けます。"


class ReplaceKpi(OfKpi):
    """指標を差し替える."""

    words = (
        "指標を差し替える", "指標の差し替え",
        "今の指標を終え、次の年度から新しい指標を始めます。前の実績はそのページに並び、率には入りません。",
    )  # fmt: skip

    def form(self, data: QueryDict | None) -> ReplacementForm:
        offered = offered_successor(self.strategy, self.kpi) if data is None else {}
        of_goals = self.kpi.project.holds_goals
        return ReplacementForm(data, self.strategy, of_goals=of_goals, initial=offered)

    def act(self, form: ReplacementForm, user: User) -> object:
        return replace_kpi(
            self.kpi,
            form.cleaned_data["last_year"],
            form.kpi,
            user=user,
            reason=form.cleaned_data["reason"],
            target=form.final_target,
            related=form.cleaned_data["related_departments"],
        )

    def notes(self, form: ReplacementForm) -> list[str]:
        """What goes with the end."""
        return _goes(self.kpi, form.cleaned_data["last_year"])

    def done(self, form: ReplacementForm) -> str:
        return f"{_named(self.kpi)}を{_named(form.kpi)}に差し替えました。"


class MoveKpi(OfKpi):
    """指標を移す."""

    # The first year at the new place, known once it is moved.
    begins: int

    words = (
        "指標を移す", "指標の移動",
        "プロジェクトと番号を、選んだ年度から変えます。前の年度は今の番号のままです。",
    )  # fmt: skip

    def form(self, data: QueryDict | None) -> MoveForm:
        begins, home = first_open(self.strategy, self.kpi.first_year), self.kpi.project
        offered = {"project": home}
        return MoveForm(data, self.strategy, begins, of_goals=home.holds_goals, initial=offered)

    def act(self, form: MoveForm, user: User) -> object:
        cleaned = form.cleaned_data
        begins = self.kpi.first_year or self.strategy.first_year
        self.begins = cleaned["from_year"] or max(begins, first_open_year(self.strategy))
        return move_kpi(
            self.kpi,
            cleaned["project"],
            cleaned["number"],
            user=user,
            reason=cleaned["reason"],
            from_year=cleaned["from_year"],
        )

    def done(self, form: MoveForm) -> str:
        cleaned = form.cleaned_data
        code = f"{cleaned['project'].code}-{cleaned['number']}"
        return f"{_named(self.kpi)}を{since(self.begins)}{code}に移しました。"

    def next_url(self, form: MoveForm) -> str:
        cleaned = form.cleaned_data
        code = f"{cleaned['project'].code}-{cleaned['number']}"
        return f"{reverse('kpi', args=[self.strategy.code, code])}?fy={self.begins}"


def _named(kpi: Kpi) -> str:
    return f"{kpi.code}「{kpi.name}」"


def _goes(kpi: Kpi, last_year: int) -> list[str]:
    leaving = str(leaving_after(kpi, last_year))
    return [f"{kpi.code}の{leaving}も取り消します。"] if leaving else []


@require_http_methods(["GET", "HEAD", "POST"])
@with_strategy
def add(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """A KPI that the plan has not had."""
    project = strategy.projects.filter(code=request.GET.get("project", ""), holds_goals=False)
    return change_page(request, AddKpi(strategy, project.first()))


@require_http_methods(["GET", "HEAD", "POST"])
@with_strategy
def add_goal(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """A 数値目標; `?pillar=2` offers that pillar's, else it is the plan's."""
    asked = request.GET.get("pillar", "")
    known = {str(one.number): one for one in strategy.pillars.all()}
    return change_page(request, AddGoal(strategy, holder_of(strategy, known.get(asked))))


def _of_kpi(screen: type[OfKpi]) -> Any:
    @require_http_methods(["GET", "HEAD", "POST"])
    @with_strategy
    def view(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
        kpis = Kpi.objects.filter(project__strategy=strategy)
        return change_page(request, screen(strategy, find_kpi(kpis, code, strategy, None).kpi))

    return view


CARDS = [
    Card(
        "指標を加える",
        "新しい指標を、決めた年度から載せます。前の年度には現れません。",
        "指標を加える",
        lambda strategy: reverse("add_kpi", args=[strategy.code]),
    ),
    Card(
        "数値目標を加える",
        "柱や計画全体の数値目標を載せます。プロジェクトと指標の数や平均には入りません。",
        "数値目標を加える",
        lambda strategy: reverse("add_goal", args=[strategy.code]),
    ),
    Card(
        "指標を終える・差し替える・移す",
        "最後の年度や新しい番号を決めます。指標のページの下から始めます。",
        "指標を選ぶ",
        lambda strategy: reverse("kpis", args=[strategy.code]),
    ),
]

urlpatterns = [
    path("kpis/new/", add, name="add_kpi"),
    path("goals/new/", add_goal, name="add_goal"),
    path("kpis/<kpi:code>/end/", _of_kpi(EndKpi), name="end_kpi"),
    path("kpis/<kpi:code>/resume/", _of_kpi(ResumeKpi), name="resume_kpi"),
    path("kpis/<kpi:code>/replace/", _of_kpi(ReplaceKpi), name="replace_kpi"),
    path("kpis/<kpi:code>/move/", _of_kpi(MoveKpi), name="move_kpi"),
]
