"""Strategies, their pillars and the days by which a year's actuals are due."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from common.fiscal_year import wareki
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.plan_lists import PlanRows
from projects.base_admin import HistoryAdmin, with_fields
from projects.forms import StrategyForm, bands_as_lines, steps_as_lines
from projects.goals import follow_pillar
from projects.models import RATING_COLUMNS, EntryDeadline, Pillar, PlanState, Strategy
from projects.models.strategy import WORD_FIELDS
from projects.rules import check_plan_deletable

# What acts change from a fiscal year on.
_CHANGED_BY_ACTS = ("first_year", "last_year", *RATING_COLUMNS)
# What rates a new plan until its planner says more; of a plan that there is, all is shown.
_RATES_NEW_PLANS = ("rating_basis", "bands", "average_cap")
_RATES = [
    "rating_method", "rating_basis", "bands_as_lines", "steps_as_lines", "project_method",
    "project_bands_as_lines", "external_bands_as_lines", "average_cap", "average_floor",
    "rate_decimals", "rate_rounding", "revisions",
]  # fmt: skip
_AS_LINES = [one for one in _RATES if one.endswith("_as_lines") or one == "revisions"]


@admin.register(Strategy)
class StrategyAdmin(HistoryAdmin):
    """Strategies, their period and how their figures are rated.

    State and main mark are read here and changed by `kpis.plan_acts`; a new plan is in preparation.
    Of a plan that there is, period and rules of rating are read too: acts change them from a
    fiscal year on (`kpis.plan_changes`).
    """

    form = StrategyForm
    list_display = ["name", "code", "municipality", "period", "state", "is_current"]
    search_fields = ["name", "code", "municipality"]
    search_help_text = "計画名・計画コード・団体名で探す"
    list_filter = ["state", "is_current"]
    readonly_fields = [*_AS_LINES, "state", "is_current"]
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
                ]
            },
        ),
        (
            "状態",
            {
                "fields": ["state", "is_current"],
                "description": (
                    "ここでは変えません。実施中にする、終了する、主たる計画にするのは、"
                    "「計画の一覧」のページです。新しい計画は準備中で始まります。"
                ),
            },
        ),
        ("計画期間", {"fields": ["first_year", "last_year"]}),
        (
            "公開の条件",
            {
                "fields": ["data_licence", "contact"],
                "description": "発行した版に載せたものは、ここで変えても発行したときのままです。",
            },
        ),
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
                "fields": [*_RATES_NEW_PLANS],
                "description": (
                    "率そのものの算式は指標ごとに決めます。"
                    "位置による評価、人が決める評価、プロジェクトと外部有識者の評価、率の桁数は、"
                    "登録したあとに「計画の変更」の「評価のきまりを改める」で決めます。"
                ),
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Strategy | None = None) -> Any:
        """The fieldsets, with the rules as text where they can't be edited."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None and self.has_add_permission(request):
            return fieldsets
        return with_fields(
            fieldsets,
            lambda names: [
                *(_RATES if tuple(names) == _RATES_NEW_PLANS else names),
                *(["where_it_changes"] if "first_year" in names else []),
            ],
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """What is read alone; of a plan that there is, what an act changes from a year on."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, *_CHANGED_BY_ACTS, "where_it_changes"]

    def save_model(self, request: HttpRequest, obj: Strategy, form: Any, change: Any) -> None:
        if not change:
            obj.state = PlanState.PREPARING
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Django's, once each of the plans may be deleted; a refusal is told as a message."""
        for plan in objs:
            check_plan_deletable(plan)
        return super().get_deleted_objects(objs, request)

    @admin.display(description="期間と評価のきまりを変えるには")
    def where_it_changes(self, strategy: Strategy) -> str:
        """The way to the acts that change what is read here."""
        return format_html(
            '<a href="{}">計画の変更</a>のページで変えます。締めた年度は変わりません。',
            reverse("plan_changes", args=[strategy.code]),
        )

    @admin.display(description="評価区分")
    def bands_as_lines(self, strategy: Strategy) -> str:
        return bands_as_lines(strategy.bands)

    @admin.display(description="評価の条件")
    def steps_as_lines(self, strategy: Strategy) -> str:
        return steps_as_lines(strategy.rating_steps)

    @admin.display(description="プロジェクトの評価区分")
    def project_bands_as_lines(self, strategy: Strategy) -> str:
        return bands_as_lines(strategy.project_bands)

    @admin.display(description="外部有識者の評価区分")
    def external_bands_as_lines(self, strategy: Strategy) -> str:
        return bands_as_lines(strategy.external_bands)

    @admin.display(description="評価のきまりの改定")
    def revisions(self, strategy: Strategy) -> str:
        """The years from which other rules hold, with the reasons."""
        found = strategy.rule_changes.order_by("effective_from")
        return "\n".join(f"{wareki(one.effective_from)}から：{one.reason}" for one in found)

    @admin.display(description="計画期間", ordering="first_year")
    def period(self, strategy: Strategy) -> str:
        return f"{wareki(strategy.first_year)}〜{wareki(strategy.last_year)}"


@admin.register(Pillar)
class PillarAdmin(PlanChoicesMixin, PlanRows, HistoryAdmin):
    """創生の柱."""

    fixed = ("strategy",)
    fields = ["strategy", "number", "name", "slogan"]
    list_display = ["name", "number", "slogan", "strategy"]
    search_fields = ["name", "slogan"]
    search_help_text = "名称・標語で探す"

    def save_model(self, request: HttpRequest, obj: Pillar, form: Any, change: Any) -> None:
        """Save a pillar; what holds its 数値目標 has its number and name."""
        before = Pillar.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None:
            follow_pillar(obj, before)


@admin.register(EntryDeadline)
class EntryDeadlineAdmin(PlanChoicesMixin, PlanRows, HistoryAdmin):
    """The day by which a fiscal year's actuals are to be entered."""

    fixed = ("strategy",)
    fields = ["strategy", "fiscal_year", "due_on"]
    list_display = ["year", "due_on", "strategy"]
