"""Final and yearly targets: on their KPI's page, and in lists of their own."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from kpis import rules
from kpis.achievement import display_value
from kpis.admin.fields import FiguresMixin
from kpis.models import FinalTarget, Kpi, YearlyTarget
from projects.fiscal_year import wareki
from projects.forms import kept_forms
from projects.history_admin import HistoryAdmin


def stated(formset: forms.BaseInlineFormSet, *names: str) -> list[tuple[Any, ...]]:
    """The named values of every row that will be there once the formset is saved."""
    return [
        tuple(form.cleaned_data[name] for name in names)
        for form in kept_forms(formset)
        if all(form.cleaned_data.get(name) is not None for name in names)
    ]


class TargetForm(forms.ModelForm):
    """A target as a row of its KPI's page."""

    def _post_clean(self) -> None:
        """Judge a row against its KPI only once the KPI itself says of which plan it is."""
        kpi = self.cleaned_data.get("kpi")
        if kpi is None or kpi.project_id is not None:
            super()._post_clean()


class FinalTargetFormSet(forms.BaseInlineFormSet):
    """A KPI's final targets as they will be: bearable, explained, and the same in closed years."""

    def clean(self) -> None:
        super().clean()
        kpi = self.instance
        if any(self.errors) or kpi.project_id is None:
            return
        after = stated(self, "effective_from", "value", "reason")
        rules.check_kpi_targets(kpi, final_targets=[value for _, value, _ in after], yearly_targets=[])
        first = min((year for year, _, _ in after), default=0)
        for form in kept_forms(self):
            later = form.cleaned_data["effective_from"] > first
            if later and not form.cleaned_data["reason"].strip():
                form.add_error("reason", "目標を改めた理由を書いてください（報告書に載ります）。")
        if kpi.pk is not None:
            rules.check_final_targets_in_closed_years(kpi, [row[:2] for row in after])


class YearlyTargetFormSet(forms.BaseInlineFormSet):
    """A KPI's yearly targets as they will be: bearable, and none taken from a closed year."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.instance.project_id is None:
            return
        values = [value for (value,) in stated(self, "value")]
        rules.check_kpi_targets(self.instance, final_targets=[], yearly_targets=values)
        for form in self.deleted_forms:
            if form.instance.pk is not None:
                rules.check_yearly_target_deletable(form.instance)
