"""Strategies, their pillars and the days by which a year's actuals are due."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.fiscal_year import wareki
from projects.base_admin import HistoryAdmin, reads_history, with_fields
from projects.forms import StrategyForm, bands_as_lines
from projects.models import EntryDeadline, Pillar, Strategy
from projects.models.strategy import WORD_FIELDS


@admin.register(Strategy)
class StrategyAdmin(HistoryAdmin):
    """Strategies, their period and how their figures are rated."""

    form = StrategyForm
    list_display = ["name", "code", "municipality", "period", "is_current"]
    search_fields = ["name", "code", "municipality"]
    search_help_text = "計画名・計画コード・団体名で探す"
    list_filter = ["is_current"]
    readonly_fields = ["bands_as_lines"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "code",
                    "municipality",
                    "municipality_code",
                    "office",
                    "is_current",
                ]
            },
        ),
        ("計画期間", {"fields": ["first_year", "last_year"]}),
        (
            "計画のことば",
            {
                "fields": list(WORD_FIELDS),
                "description": (
                    "この計画のページ、報告書、ファイル、メールで使うことばです。"
                    "変えても、発行した版は発行したときのことばのままです。"
                ),
            },
        ),
        (
            "達成状況の評価",
            {
                "fields": ["rating_basis", "bands", "average_cap"],
                "description": (
                    "率そのものの算式は指標ごとに決めます。"
                    "ここで決めるのは、率から評価を付ける規則と平均の取り方です。"
                ),
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Strategy | None = None) -> Any:
        """The fieldsets, with the bands as text where they can't be edited."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) and not reads_history(request):
            return fieldsets
        return with_fields(
            fieldsets,
            lambda names: ["bands_as_lines" if one == "bands" else one for one in names],
        )

    @admin.display(description="評価区分")
    def bands_as_lines(self, strategy: Strategy) -> str:
        return bands_as_lines(strategy.bands)

    @admin.display(description="計画期間", ordering="first_year")
    def period(self, strategy: Strategy) -> str:
        return f"{wareki(strategy.first_year)}〜{wareki(strategy.last_year)}"


@admin.register(Pillar)
class PillarAdmin(HistoryAdmin):
    """創生の柱."""

    fixed = ("strategy",)
    fields = ["strategy", "number", "name", "slogan"]
    list_display = ["name", "number", "slogan", "strategy"]
    list_select_related = ["strategy"]
    list_filter = ["strategy"]
    search_fields = ["name", "slogan"]
    search_help_text = "名称・標語で探す"


@admin.register(EntryDeadline)
class EntryDeadlineAdmin(HistoryAdmin):
    """The day by which a fiscal year's actuals are to be entered."""

    fixed = ("strategy",)
    fields = ["strategy", "fiscal_year", "due_on"]
    list_display = ["year", "due_on", "strategy"]
    list_select_related = ["strategy"]
    list_filter = ["strategy"]
