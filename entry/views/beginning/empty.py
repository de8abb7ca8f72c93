"""何もないところから: a plan with its name and period alone, to be filled in afterwards."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.fiscal_year import fiscal_year_of, wareki
from common.municipality_code import validate_municipality_code
from common.reading.form_fields import FiscalYearField, TextField
from entry.next_plan.beginning import code_is_taken
from entry.plan_workbook.columns import plan_code
from entry.plan_workbook.empty import empty_workbook
from entry.plan_workbook.importing import WorkbookRefused, take_in
from entry.plan_workbook.workbook import Problem
from entry.views.beginning.workbook import NOT_A_PLANNER
from kpis.permissions import may_prepare
from kpis.plan_pages import home_plan
from projects.models import Strategy

_REQUIRED = "{}を入力してください。"
_YEARS = 5


class EmptyPlanForm(forms.Form):
    """What a plan is called, whose it is, and when it runs; labels are the items of the sheet."""

    name = TextField(
        label="計画名", max_length=200, error_messages={"required": _REQUIRED.format("計画名")}
    )
    municipality = TextField(
        label="団体名",
        max_length=50,
        help_text="市町村や都道府県の名前",
        error_messages={"required": _REQUIRED.format("団体名")},
    )
    municipality_code = TextField(
        label="団体コード",
        max_length=6,
        help_text="全国地方公共団体コード（6桁）",
        validators=[validate_municipality_code],
        error_messages={"required": _REQUIRED.format("団体コード")},
    )
    first_year = FiscalYearField(
        label="最初の年度",
        help_text="例：2027、令和9年度、R9",
        error_messages={"required": _REQUIRED.format("最初の年度")},
    )
    last_year = FiscalYearField(
        label="最終年度",
        help_text="例：2031、令和13年度、R13",
        error_messages={"required": _REQUIRED.format("最終年度")},
    )
    code = TextField(
        label="計画コード",
        max_length=50,
        required=False,
        help_text="アドレスに使います。半角の英数字とハイフン。空欄なら、期間から付けます。",
    )

    def __init__(self, data: QueryDict | None, known: Strategy | None) -> None:
        first = fiscal_year_of(timezone.localdate()) + 1
        last = first + _YEARS - 1
        offered = {"first_year": wareki(first), "last_year": wareki(last)}
        if known is not None:
            offered |= {
                "municipality": known.municipality,
                "municipality_code": known.municipality_code,
            }
        super().__init__(data, initial=offered)

    def clean_code(self) -> str:
        """Refuse what is no code, and a code that a plan has."""
        code: str = self.cleaned_data["code"]
        if code:
            try:
                code = plan_code(code, "")
            except ValueError as problem:
                raise ValidationError(str(problem)) from None
        taken = Strategy.objects.filter(code=code).first()
        if taken is not None:
            raise ValidationError(code_is_taken(taken))
        return code

    def clean(self) -> None:
        """Propose a code where none was typed."""
        super().clean()
        typed = self.cleaned_data
        first, last = typed.get("first_year"), typed.get("last_year")
        if first and last and typed.get("code") == "":
            typed["code"] = proposed_code(first, last)

    @property
    def items(self) -> dict[str, str]:
        """The form as the rows of the sheet 計画."""
        return {
            str(field.label): str(self.cleaned_data[name]) for name, field in self.fields.items()
        }

    @property
    def faults(self) -> Iterator[tuple[str, str, str]]:
        """The id and the label of each field at fault, with the sentence why."""
        for field in self:
            for sentence in field.errors:
                yield field.id_for_label, str(field.label), str(sentence)

    def tell(self, problems: list[Problem]) -> None:
        """Show problems at the items that they name, the others above."""
        names = {str(field.label): name for name, field in self.fields.items()}
        for problem in problems:
            self.add_error(names.get(problem.place), problem.message)


def proposed_code(first_year: int, last_year: int) -> str:
    """A code that no plan has: `plan-2027-2031`, `plan-2027-2031-2`."""
    base = f"plan-{first_year}-{last_year}"
    taken = set(Strategy.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (base, *numbered) if one not in taken)


@require_http_methods(["GET", "POST"])
def new_plan_empty(request: HttpRequest) -> HttpResponse:
    """Begin a plan in preparation without anything in it."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    if request.method != "POST":
        return _page(request, EmptyPlanForm(None, home_plan(request)))
    form = EmptyPlanForm(request.POST, None)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        plan, _looked = take_in(empty_workbook(form.items), user=request.user, file_name="")
    except WorkbookRefused as refused:
        form.tell(refused.problems)
        return _page(request, form, status=422)
    messages.success(request, f"「{plan}」を準備中の計画として始めました。")
    return redirect("draft", plan.code)


def _page(request: HttpRequest, form: EmptyPlanForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    return render(request, "entry/beginning/empty.html", context, status=status)
