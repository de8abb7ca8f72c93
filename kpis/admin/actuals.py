"""Actuals, which the admin only shows, and closings, which it only adds."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kpis.achievement import display_value
from kpis.admin.code_search import CodeSearchMixin
from kpis.models import YearlyActual
from kpis.permissions import closes_years
from kpis.recording import RecordingRefused, close_fiscal_year
from kpis.recording.judgements import scales_in
from kpis.value_years import with_mark
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import FixedAdmin
from projects.models import FiscalYearClosing


@admin.register(YearlyActual)
class YearlyActualAdmin(CodeSearchMixin, PlanRows, FixedAdmin):
    """Actuals as they were recorded. They are written on the entry page alone."""

    plan_path = "kpi__project__strategy"

    kpi_path = "kpi__"
    fieldsets = [
        (None, {"fields": ["kpi", "year", "state", "shown_value", "entry_link"]}),
        ("値がない理由", {"fields": ["unmeasured_reason", "expected_on"]}),
        ("説明", {"fields": ["analysis", "next_steps", "confirmation"]}),
        ("評価", {"fields": ["proposal", "proposal_reason", "decision", "decision_reason"]}),
        ("記録", {"fields": ["version", "updated_at", "updated_by_name"]}),
    ]
    readonly_fields = ["year", "shown_value", "entry_link", "proposal", "decision"]
    list_display = ["kpi", "year", "state", "shown_value", "updated_at", "entry_link"]
    list_filter = ["fiscal_year", "state", ("kpi__project", OfPlanFilter), "kpi__department"]
    search_fields = ["kpi__name", "kpi__project__code", "analysis"]
    search_help_text = "指標番号（P1-2）・指標名・要因分析で探す"

    @admin.display(description="実績値", ordering="value")
    def shown_value(self, actual: YearlyActual) -> str:
        unit = actual.kpi.unit if actual.has_value else ""
        figure = f"{display_value(actual.value, actual.kpi.decimal_places)}{unit}"
        return with_mark(actual.value_words or figure, actual.value_year)

    @admin.display(description="評価の案")
    def proposal(self, actual: YearlyActual) -> str:
        return _mark(actual, actual.proposed_place)

    @admin.display(description="評価")
    def decision(self, actual: YearlyActual) -> str:
        return _mark(actual, actual.decided_place)

    @admin.display(description="入力")
    def entry_link(self, actual: YearlyActual) -> SafeString | str:
        plan = actual.kpi.project.strategy
        if plan.has_ended:
            return "終了した計画"
        url = reverse("entry_one", args=[plan.code, actual.fiscal_year, actual.kpi.code])
        return format_html('<a href="{}">入力のページ</a>', url)


def _mark(actual: YearlyActual, place: int | None) -> str:
    """A mark that people gave, in words; empty without one."""
    if place is None:
        return ""
    scales = scales_in(actual.kpi.project.strategy, actual.fiscal_year, [actual.kpi_id])
    band = scales[actual.kpi_id].at(place)
    return band.text if band else f"上から{place}番目の評価区分"


class FiscalYearClosingForm(forms.ModelForm[FiscalYearClosing]):
    """Which year of which plan to close."""

    user: Any = None

    class Meta:
        model = FiscalYearClosing
        fields = ("strategy", "fiscal_year")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        strategy, year = cleaned.get("strategy"), cleaned.get("fiscal_year")
        if strategy is not None and year is not None:
            try:
                with transaction.atomic():
                    close_fiscal_year(strategy, year, user=self.user)
                    # Only asked here: the admin saves once all of the page is valid.
                    transaction.set_rollback(True)
            except (RecordingRefused, PermissionDenied) as refusal:
                raise ValidationError(_sentence(refusal)) from None
        return cleaned


@admin.register(FiscalYearClosing)
class FiscalYearClosingAdmin(PlanChoicesMixin, PlanRows, FixedAdmin):
    """Closed years. Closing goes through the one function that closes."""

    form = FiscalYearClosingForm
    list_display = ["year", "strategy", "closed_at", "closed_by_name"]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is not None:
            fields = ["strategy", "fiscal_year", "closed_at", "closed_by_name"]
            return [(None, {"fields": fields})]
        explained = (
            "締めた年度の実績・年度目安・最終目標値・基準値は変えられません。"
            "年度は、前の年度から順に締めます。"
        )
        return [(None, {"fields": ["strategy", "fiscal_year"], "description": explained})]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return closes_years(request.user)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: Any = None, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = cast("type[FiscalYearClosingForm]", super().get_form(request, obj, change, **kwargs))
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Close the year; another person's closing in the same moment is refused as a message."""
        try:
            closing = close_fiscal_year(obj.strategy, obj.fiscal_year, user=request.user)
        except RecordingRefused as refusal:
            raise ValidationError(_sentence(refusal)) from None
        obj.pk = closing.pk


def _sentence(refusal: RecordingRefused | PermissionDenied) -> str:
    if isinstance(refusal, RecordingRefused):
        return "".join(one.message for one in refusal.refusals)
    return str(refusal)
