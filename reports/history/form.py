"""The filters of the history: what somebody typed, read as people write it."""

from contextlib import suppress

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import QueryDict

from common.fiscal_year import wareki
from common.people import name_with_login
from common.period_form import PeriodForm
from common.reading.names import read_code
from common.reading.years import read_fiscal_year
from kpis.models import Kpi
from projects.models import Department, Strategy
from projects.project_codes import parts_if_any
from reports.history.changes import HistoryFilter


class PersonField(forms.ModelChoiceField[AbstractUser]):
    """Somebody by their login name."""

    def label_from_instance(self, person: AbstractUser) -> str:
        return name_with_login(person)


class HistoryForm(PeriodForm):
    """Whose changes of what and when; unknown names and days are refused with a sentence."""

    person = PersonField(
        label="変えた人",
        queryset=get_user_model().objects.order_by("username"),
        to_field_name="username",
        required=False,
        empty_label="すべて",
        error_messages={"invalid_choice": "この利用者はいません。一覧から選んでください。"},
    )
    department = forms.ModelChoiceField(
        label="所管課",
        queryset=Department.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label="すべて",
        error_messages={"invalid_choice": "この課はありません。一覧から選んでください。"},
    )
    fy = forms.CharField(label="年度", required=False, max_length=20)
    kpi = forms.CharField(label="指標番号", required=False, max_length=20, help_text="例：P1-1")
    field_order = ["person", "department", "fy", "kpi", "since", "until"]

    def __init__(self, data: QueryDict, *, strategy: Strategy) -> None:
        super().__init__(_with_plain_year(data), use_required_attribute=False)
        self.strategy = strategy
        years = [(str(year), wareki(year)) for year in strategy.years]
        self.fields["kpi"].label = strategy.words.put("指標番号")
        self.fields["fy"].widget = forms.Select(choices=[("", "すべて"), *years])
        self.point_to_errors()

    def clean_fy(self) -> int | None:
        text = self.cleaned_data["fy"]
        if not text:
            return None
        try:
            year = read_fiscal_year(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if year not in self.strategy.years:
            raise ValidationError(f"{wareki(year)}は、この計画の期間にありません。")
        return year

    def clean_kpi(self) -> str:
        """The KPI's code; one that the plan never had is refused."""
        code = read_code(self.cleaned_data["kpi"])
        if not code:
            return ""
        if parts := parts_if_any(code):
            project_code, number = parts
            place = {"project__code": project_code, "number": number}
            if any(
                rows.filter(project__strategy=self.strategy, **place).exists()
                for rows in (Kpi.objects, Kpi.history)
            ):
                return f"{project_code}-{number}"
        word = self.strategy.words.kpi
        raise ValidationError(f"{word}「{code[:20]}」はありません。P1-1 のように入力してください。")

    def chosen(self) -> HistoryFilter:
        """What a valid form asks for."""
        cleaned = self.cleaned_data
        return HistoryFilter(
            person=cleaned["person"],
            department=cleaned["department"],
            fiscal_year=cleaned["fy"],
            kpi_code=cleaned["kpi"],
            since=cleaned["since"],
            until=cleaned["until"],
        )


def _with_plain_year(data: QueryDict) -> QueryDict:
    """The year as the choices name it, however it is spelt; what can't be read stays."""
    plain = data.copy()
    with suppress(ValueError):
        plain["fy"] = str(read_fiscal_year(data.get("fy", "")))
    return plain
