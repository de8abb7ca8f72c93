"""Final and yearly targets: on their KPI's page, and in lists of their own."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from common.fiscal_year import wareki
from common.reading.form_fields import ReadsAsWritten, allow_unit
from kpis import rules
from kpis.achievement import display_value
from kpis.admin.code_search import CodeSearchMixin
from kpis.models import FinalTarget, Kpi, YearlyTarget
from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import MIDDLE_TEXT, SHORT_TEXT, HistoryAdmin
from projects.forms import RowsFormSet, kept_forms
from projects.rules import Fault


class TargetForm(forms.ModelForm[Any]):
    """A target, on its KPI's page or on its own; its figure may carry the KPI's unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kpi" in self.fields:
            with suppress(ValidationError):
                kpi = self.fields["kpi"].clean(self["kpi"].value())
                allow_unit(self, "value", kpi.unit)

    def _post_clean(self) -> None:
        """Judge a target only once its KPI is known and belongs to a project, and so to a plan."""
        kpi = self.cleaned_data.get("kpi")
        if kpi is not None and kpi.project_id is not None:
            super()._post_clean()  # type: ignore[misc] # the stubs leave it out


class TargetsFormSet(RowsFormSet):
    """A KPI's targets of one kind, as they will be; a figure may carry the KPI's unit."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        allow_unit(form, "value", self.instance.unit)

    def judged(self, rule: Callable[[Any], Iterable[Fault]]) -> list[Any] | None:
        """The targets that will stand, each judged by a rule; None if one of them is wrong."""
        if self.instance.project_id is None:
            return None
        rows = kept_forms(self)
        for row in rows:
            row.instance.kpi = self.instance
            for fault in () if row.errors else rule(row.instance):
                row.add_error(fault.field, fault.entered)
        return None if any(row.errors for row in rows) else [row.instance for row in rows]


class FinalTargetFormSet(TargetsFormSet):
    """A KPI's final targets: bearable, explained, unchanged in closed years."""

    def clean(self) -> None:
        super().clean()
        years = [
            row.cleaned_data["effective_from"]
            for row in kept_forms(self)
            if row.cleaned_data.get("effective_from") is not None
        ]
        targets = self.judged(lambda target: rules.final_target_faults(target, years))
        if targets is None:
            return
        after = [(target.effective_from, target.value) for target in targets]
        rules.check_closed_years_keep(self.instance, after)
        self.instance.stated_final_targets = after


class YearlyTargetFormSet(TargetsFormSet):
    """A KPI's yearly targets: bearable, within the final targets, unchanged in closed years.

    The page states the final targets before these.
    """

    def clean(self) -> None:
        super().clean()
        targets = self.judged(rules.yearly_target_faults)
        if targets is None:
            return
        for target in targets:
            rules.check_closed_year_keeps(target)
        for row in self.deleted_forms:
            if row.instance.pk is not None:
                rules.check_yearly_target_deletable(row.instance)
        rules.check_yearly_within_final(
            self.instance,
            self.instance.stated_final_targets,
            [(target.fiscal_year, target.value) for target in targets],
        )


class FinalTargetInline(ReadsAsWritten, admin.TabularInline[FinalTarget, Kpi]):
    """A KPI's final target and its revisions."""

    model = FinalTarget
    form = TargetForm
    formset = FinalTargetFormSet
    fields = ["effective_from", "value", "reason"]
    formfield_overrides = SHORT_TEXT
    extra = 0
    verbose_name_plural = (
        "最終目標値（1行目が計画書の値。改定は、適用する年度と理由を書いた行を加えます）"
    )


class YearlyTargetInline(ReadsAsWritten, admin.TabularInline[YearlyTarget, Kpi]):
    """A KPI's yearly targets."""

    model = YearlyTarget
    form = TargetForm
    formset = YearlyTargetFormSet
    fields = ["fiscal_year", "value"]
    extra = 0
    verbose_name_plural = (
        "年度目安（任意。累計の指標では年度末までの累計。最終年度は最終目標値が目安です）"
    )


class TargetAdmin(CodeSearchMixin, PlanRows, HistoryAdmin):
    """What the lists of both kinds of target share."""

    plan_path = "kpi__project__strategy"

    form = TargetForm
    fixed = ("kpi",)
    kpi_path = "kpi__"
    formfield_overrides = MIDDLE_TEXT
    autocomplete_fields = ["kpi"]
    list_select_related = ["kpi__project"]
    search_fields = ["kpi__name", "kpi__project__code"]
    search_help_text = "指標番号（P1-2）か指標名で探す"

    @admin.display(description="値", ordering="value")
    def value_with_unit(self, target: Any) -> str:
        return f"{display_value(target.value, target.kpi.decimal_places)}{target.kpi.unit}"


@admin.register(FinalTarget)
class FinalTargetAdmin(TargetAdmin):
    """All KPIs' final targets and revisions."""

    fields = ["kpi", "effective_from", "value", "reason"]
    list_display = ["kpi", "from_year", "value_with_unit", "reason"]
    list_filter = ["effective_from", ("kpi__project", OfPlanFilter)]

    @admin.display(description="適用", ordering="effective_from")
    def from_year(self, target: FinalTarget) -> str:
        return f"{wareki(target.effective_from)}から"


@admin.register(YearlyTarget)
class YearlyTargetAdmin(TargetAdmin):
    """All KPIs' yearly targets."""

    fields = ["kpi", "fiscal_year", "value"]
    list_display = ["kpi", "year", "value_with_unit"]
    list_filter = ["fiscal_year", ("kpi__project", OfPlanFilter)]
