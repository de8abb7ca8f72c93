"""Final and yearly targets: on their KPI's page, and in lists of their own."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from common.fiscal_year import wareki
from common.reading.form_fields import ReadsAsWritten, take_unit
from kpis import rules
from kpis.achievement import display_value, in_force
from kpis.admin.code_search import CodeSearchMixin
from kpis.models import FinalTarget, Kpi, YearlyTarget
from projects.forms import RowsFormSet, kept_forms
from projects.history_admin import MIDDLE_TEXT, SHORT_TEXT, HistoryAdmin


class TargetForm(forms.ModelForm):
    """A target, on its KPI's page or on its own; its figure may carry the KPI's unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kpi" in self.fields:
            with suppress(ValidationError):
                kpi = self.fields["kpi"].clean(self["kpi"].value())
                take_unit(self, "value", kpi.unit)

    def _post_clean(self) -> None:
        """Judge a target only once its KPI is known and belongs to a project, and so to a plan."""
        kpi = self.cleaned_data.get("kpi")
        if kpi is not None and kpi.project_id is not None:
            super()._post_clean()


class TargetFormSet(RowsFormSet):
    """A KPI's targets of one kind; a figure may carry the unit that the page gives the KPI."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        take_unit(form, "value", self.instance.unit)


class FinalTargetFormSet(TargetFormSet):
    """A KPI's final targets as they will be: bearable, explained, unchanged in closed years."""

    def clean(self) -> None:
        super().clean()
        rows = kept_forms(self)
        if any(row.errors for row in rows) or self.instance.project_id is None:
            return
        after = [(row.cleaned_data["effective_from"], row.cleaned_data["value"]) for row in rows]
        rules.check_kpi_targets(self.instance, [value for _, value in after], [])
        first = min((year for year, _ in after), default=0)
        for row in rows:
            if row.cleaned_data["effective_from"] > first and not row.cleaned_data["reason"]:
                row.add_error("reason", "目標を改めた理由を書いてください（報告書に載ります）。")
        if self.instance.pk is not None:
            _refuse_change_in_closed_years(self.instance, after)


class YearlyTargetFormSet(TargetFormSet):
    """A KPI's yearly targets as they will be: bearable, and none taken from a closed year."""

    def clean(self) -> None:
        super().clean()
        rows = kept_forms(self)
        if any(row.errors for row in rows) or self.instance.project_id is None:
            return
        values = [row.cleaned_data["value"] for row in rows]
        rules.check_kpi_targets(self.instance, [], values)
        for row in self.deleted_forms:
            if row.instance.pk is not None:
                rules.check_yearly_target_deletable(row.instance)


def _refuse_change_in_closed_years(kpi: Kpi, after: list[tuple[int, Decimal]]) -> None:
    """Refuse rows which, taken together, change what a closed year is measured against."""
    before = list(kpi.final_targets.values_list("effective_from", "value"))
    changed = sorted(
        year
        for year in rules.closed_years_of(kpi)
        if in_force(before, year) != in_force(after, year)
    )
    if changed:
        named = "、".join(wareki(year) for year in changed)
        raise ValidationError(
            f"{named}は締め済みのため、最終目標値は変えられません。締めを解いてから直してください。"
        )


class FinalTargetInline(ReadsAsWritten, admin.TabularInline):
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


class YearlyTargetInline(ReadsAsWritten, admin.TabularInline):
    """A KPI's yearly targets."""

    model = YearlyTarget
    form = TargetForm
    formset = YearlyTargetFormSet
    fields = ["fiscal_year", "value"]
    extra = 0
    verbose_name_plural = (
        "年度目安（任意。累計の指標では年度末までの累計。最終年度は最終目標値が目安です）"
    )


class TargetAdmin(CodeSearchMixin, HistoryAdmin):
    """What the lists of both kinds of target share."""

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
    list_filter = ["effective_from", "kpi__project__strategy", "kpi__project"]

    @admin.display(description="適用", ordering="effective_from")
    def from_year(self, target: FinalTarget) -> str:
        return f"{wareki(target.effective_from)}から"


@admin.register(YearlyTarget)
class YearlyTargetAdmin(TargetAdmin):
    """All KPIs' yearly targets."""

    fields = ["kpi", "fiscal_year", "value"]
    list_display = ["kpi", "year", "value_with_unit"]
    list_filter = ["fiscal_year", "kpi__project__strategy", "kpi__project"]

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, target: YearlyTarget) -> str:
        return wareki(target.fiscal_year)
