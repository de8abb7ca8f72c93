"""Final and yearly targets: to read, on their KPI's page and in lists of their own.

They are written by the act 目標を見直す alone (`kpis.plan_changes.targets`).
"""

from typing import Any

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.fiscal_year import wareki
from common.read_only_admin import ReadOnlyMixin
from kpis.achievement import display_value
from kpis.admin.code_search import CodeSearchMixin
from kpis.models import FinalTarget, Kpi, YearlyTarget
from kpis.target_text import target_in_words
from kpis.targets import target_of
from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import HistoryAdmin


def revising_link(kpi: Kpi) -> SafeString | str:
    """The link to the screen on which the KPI's targets are revised; a word in an ended plan."""
    plan = kpi.project.strategy
    if plan.has_ended:
        return "終了した計画の目標は変えられません。"
    try:
        at = reverse("revise_target", args=[plan.code, kpi.code])
    except NoReverseMatch:
        return "番号を直すと、ここから目標を見直せます。"
    return format_html('<a href="{}">目標を見直す</a>', at)


class FinalTargetInline(ReadOnlyMixin, admin.TabularInline[FinalTarget, Kpi]):
    """A KPI's final target and its revisions."""

    model = FinalTarget
    fields = ["from_year", "in_words", "reason"]
    readonly_fields = ["from_year", "in_words", "reason"]
    extra = 0
    verbose_name_plural = "最終目標（1行目が計画書の値。改定の行が続きます）"

    @admin.display(description="適用")
    def from_year(self, target: FinalTarget) -> str:
        return f"{wareki(target.effective_from)}から"

    @admin.display(description="最終目標")
    def in_words(self, target: FinalTarget) -> str:
        return _in_words(target)


class YearlyTargetInline(ReadOnlyMixin, admin.TabularInline[YearlyTarget, Kpi]):
    """A KPI's yearly targets."""

    model = YearlyTarget
    fields = ["year", "shown_value"]
    readonly_fields = ["year", "shown_value"]
    extra = 0
    verbose_name_plural = "年度目安（任意。累計の指標では年度末までの累計）"

    @admin.display(description="年度")
    def year(self, target: YearlyTarget) -> str:
        return wareki(target.fiscal_year)

    @admin.display(description="年度目安値")
    def shown_value(self, target: YearlyTarget) -> str:
        return f"{display_value(target.value, target.kpi.decimal_places)}{target.kpi.unit}"


class TargetAdmin(ReadOnlyMixin, CodeSearchMixin, PlanRows, HistoryAdmin):
    """What the lists of both kinds of target share."""

    plan_path = "kpi__project__strategy"

    kpi_path = "kpi__"
    list_select_related = ["kpi__project"]
    search_fields = ["kpi__name", "kpi__project__code"]
    search_help_text = "指標番号（P1-2）か指標名で探す"

    @admin.display(description="見直し")
    def revising(self, target: Any) -> SafeString | str:
        return revising_link(target.kpi)


@admin.register(FinalTarget)
class FinalTargetAdmin(TargetAdmin):
    """All KPIs' final targets and revisions."""

    fields = [
        "kpi", "from_year", "in_words", "target_year", "baseline", "baseline_year", "reason",
        "revising",
    ]  # fmt: skip
    readonly_fields = ["from_year", "in_words", "revising"]
    list_display = ["kpi", "from_year", "in_words", "target_year", "reason"]
    list_filter = ["effective_from", ("kpi__project", OfPlanFilter)]

    @admin.display(description="適用", ordering="effective_from")
    def from_year(self, target: FinalTarget) -> str:
        return f"{wareki(target.effective_from)}から"

    @admin.display(description="最終目標", ordering="value")
    def in_words(self, target: FinalTarget) -> str:
        return _in_words(target)


@admin.register(YearlyTarget)
class YearlyTargetAdmin(TargetAdmin):
    """All KPIs' yearly targets."""

    fields = ["kpi", "year", "value_with_unit", "revising"]
    readonly_fields = ["year", "value_with_unit", "revising"]
    list_display = ["kpi", "year", "value_with_unit"]
    list_filter = ["fiscal_year", ("kpi__project", OfPlanFilter)]

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, target: YearlyTarget) -> str:
        return wareki(target.fiscal_year)

    @admin.display(description="値", ordering="value")
    def value_with_unit(self, target: YearlyTarget) -> str:
        return f"{display_value(target.value, target.kpi.decimal_places)}{target.kpi.unit}"


def _in_words(target: FinalTarget) -> str:
    kpi = target.kpi
    return target_in_words(
        target_of(target), kpi.direction, unit=kpi.unit, decimals=kpi.decimal_places
    )
