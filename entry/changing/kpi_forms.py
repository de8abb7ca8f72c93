"""What is filled in to add, end, replace and move a KPI."""

from typing import Any

from django import forms
from django.db.models import Max
from django.http import QueryDict

from common.reading.form_fields import FigureField, FiscalYearField, TextField, allow_unit
from common.reading.texts import LONGEST_TEXT
from entry.changing.kpi_homes import KpiHomeField
from entry.changing.screen import ChangeForm
from kpis.models import MAX_DECIMAL_PLACES, Aggregation, Direction, FinalTarget, Formula, Kpi
from projects.goals import GOALS
from projects.models import Department, Project, Strategy

_YEAR = "例：2026、令和8年度、R8"
# What a KPI's own columns take over from the form.
COLUMNS = (
    "project", "number", "name", "unit", "decimal_places", "aggregation", "direction", "formula",
    "baseline", "baseline_year", "department", "definition", "data_source", "note",
)  # fmt: skip
_AREA = {"rows": 2}


def ask_by_name(form: ChangeForm) -> None:
    """Let each field that is needed be asked for by its name."""
    for name, field in form.fields.items():
        if name != "reason":
            field.error_messages["required"] = f"{field.label}を入れてください。"


def next_kpi_number(project: Project) -> int:
    """The number after the last one that a KPI of the project has."""
    if project.pk is None:  # what is to hold the first 数値目標
        return 1
    return (project.kpis.aggregate(last=Max("number"))["last"] or 0) + 1


class PlaceForm(ChangeForm):
    """A project of the plan and a number in it: the next one where none was filled in."""

    project: Any = forms.ModelChoiceField(
        Project.objects.none(), label="プロジェクト", empty_label="選んでください"
    )
    number = forms.IntegerField(label="番号", min_value=1, max_value=9999, required=False)

    def __init__(self, data: QueryDict | None, strategy: Strategy, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["project"]
        self.offer(field, strategy)
        field.label = strategy.words.project
        self.fields["number"].help_text = f"空欄は、その{field.label}の次の番号です。"
        ask_by_name(self)

    def offer(self, field: Any, strategy: Strategy) -> None:
        """Offer the plan's projects."""
        projects = strategy.projects.filter(holds_goals=False)
        field.queryset = projects.order_by("position", "code")

    def next_number(self, project: Project) -> int:
        """The number after the last one in the project."""
        return next_kpi_number(project)

    def clean(self) -> dict[str, Any]:
        """The number, where it was left to us."""
        cleaned = super().clean() or {}
        project = cleaned.get("project")
        if project is not None and "number" in cleaned and cleaned["number"] is None:
            cleaned["number"] = self.next_number(project)
        return cleaned


class KpiPlaceForm(PlaceForm):
    """A project, or a pillar or the plan whose 数値目標 the KPI is, and a number there.

    `of_goals` says which of both are offered.
    """

    project = KpiHomeField(label="プロジェクト")

    def __init__(
        self, data: QueryDict | None, strategy: Strategy, *, of_goals: bool, **options: Any
    ) -> None:
        self.of_goals = of_goals
        super().__init__(data, strategy, **options)
        if of_goals:
            self.fields["project"].label = strategy.words.put("柱・計画全体")
            self.fields["number"].help_text = "空欄は、次の番号です。"
            ask_by_name(self)

    def offer(self, field: KpiHomeField, strategy: Strategy) -> None:
        """Offer projects, and each pillar's and the plan's 数値目標."""
        field.offer(strategy, of_goals=self.of_goals)


class NewKpiForm(KpiPlaceForm):
    """All of a KPI, and its first final target."""

    name = TextField(label="指標名", max_length=200)
    unit = TextField(label="単位", max_length=20, required=False)
    decimal_places = forms.IntegerField(
        label="小数桁数", min_value=0, max_value=MAX_DECIMAL_PLACES, initial=0
    )
    aggregation = forms.ChoiceField(label="集計方法", choices=Aggregation.choices)
    direction = forms.ChoiceField(label="目指す方向", choices=Direction.choices)
    formula = forms.ChoiceField(label="達成率の算式", choices=Formula.choices)
    target = FigureField(label="最終目標値", required=False, help_text="最初の年度からの目標です。")
    baseline = FigureField(label="基準値", required=False)
    baseline_year = FiscalYearField(label="基準値の年度", required=False, help_text=_YEAR)
    department = forms.ModelChoiceField(
        Department.objects.order_by("code"), label="所管課", required=False, empty_label="未設定"
    )
    related_departments = forms.ModelMultipleChoiceField(
        Department.objects.order_by("code"), label="関係課", required=False,
        help_text="所管課とともに入力できる課", widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    definition = TextField(
        label="算出方法", required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=_AREA),
    )  # fmt: skip
    data_source = TextField(label="出典", required=False, max_length=300)
    note = TextField(
        label="備考", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs=_AREA)
    )

    def __init__(self, data: QueryDict | None, strategy: Strategy, **options: Any) -> None:
        super().__init__(data, strategy, **options)
        self.fields["name"].label = f"{GOALS if self.of_goals else strategy.words.kpi}名"
        ask_by_name(self)
        for name in ("target", "baseline"):
            allow_unit(self, name, data.get("unit", "") if data else "")

    @property
    def kpi(self) -> Kpi:
        """The KPI that was filled in, not saved."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in COLUMNS}
        return Kpi(**values, first_year=cleaned.get("first_year"))

    @property
    def final_target(self) -> FinalTarget | None:
        """Its first final target, not saved; None where none was filled in."""
        value = self.cleaned_data["target"]
        return None if value is None else FinalTarget(value=value)


class AddedKpiForm(NewKpiForm):
    """A KPI that is new in the plan."""

    first_year = FiscalYearField(label="最初の年度", required=False)

    def __init__(
        self, data: QueryDict | None, strategy: Strategy, begins: str, **options: Any
    ) -> None:
        super().__init__(data, strategy, **options)
        self.fields["first_year"].help_text = f"空欄は{begins}。{_YEAR}"
        self.order_fields(["project", "number", "name", "first_year"])
        self.fields["reason"] = self.fields.pop("reason")


class EndForm(ChangeForm):
    """The last year of something that ends."""

    last_year = FiscalYearField(label="最後の年度", help_text=f"この年度までは載せます。{_YEAR}")

    def __init__(self, data: QueryDict | None, **options: Any) -> None:
        super().__init__(data, **options)
        ask_by_name(self)


class ReplacementForm(NewKpiForm):
    """The KPI that follows, and the last year of the one that ends."""

    last_year = FiscalYearField(
        label="今の指標の最後の年度", help_text=f"次の年度から新しい指標になります。{_YEAR}"
    )

    def __init__(self, data: QueryDict | None, strategy: Strategy, **options: Any) -> None:
        super().__init__(data, strategy, **options)
        last_year, put = self.fields["last_year"], strategy.words.put
        last_year.label = put("今の指標の最後の年度")
        last_year.help_text = put(str(last_year.help_text))
        self.fields["name"].help_text = put("この欄から下は、新しい指標のことです。")
        self.order_fields(["last_year"])
        self.fields["reason"] = self.fields.pop("reason")


class MoveForm(KpiPlaceForm):
    """Another place, from a year on."""

    from_year = FiscalYearField(label="移す最初の年度", required=False)

    def __init__(
        self, data: QueryDict | None, strategy: Strategy, begins: str, **options: Any
    ) -> None:
        super().__init__(data, strategy, **options)
        self.fields["from_year"].help_text = f"空欄は{begins}。{_YEAR}"
        self.fields["reason"] = self.fields.pop("reason")
