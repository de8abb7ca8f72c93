"""KPIs: their list with this year's figures, and their page with targets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import wareki_short
from common.reading.form_fields import allow_unit
from kpis.achievement import NOTHING, display_value
from kpis.admin.code_search import CodeSearchMixin
from kpis.admin.rating import OwnRulesInline
from kpis.admin.targets import FinalTargetInline, YearlyTargetInline, revising_link
from kpis.admin.years import YearChangeList, YearFilter, rating_text
from kpis.assessment import KpiAssessment
from kpis.models import FinalTarget, Kpi, KpiRatingRules, YearlyTarget
from kpis.progress import StrategyProgress
from kpis.sharing import FOLLOWED, possible_sources
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import MIDDLE_TEXT, LivedAdmin, with_fields
from projects.models import Strategy
from projects.rules import ended

# Beside which KPI a source is looked for: its own plan's can't be one.
BESIDE = "beside"
_LONGEST_ID = 15


class KpiChangeList(YearChangeList):
    """The KPIs of a page, each with its `assessment`; None in years in which it doesn't live."""

    def strategy_of(self, row: Kpi) -> Strategy:
        return row.project.strategy

    def rates_in(self, progress: StrategyProgress) -> bool:
        return any(kpi.scale.rates for kpi in (*progress.kpis, *progress.goal_kpis))

    def add_figures(self, row: Any, progress: StrategyProgress) -> None:
        living = (one for one in progress.kpis if one.definition.id == row.pk)
        row.assessment, row.fiscal_year = next(living, None), progress.fiscal_year


class NoteFilter(admin.SimpleListFilter):
    """KPIs whose reading of the plan a planner has yet to confirm."""

    title = "備考"
    parameter_name = "note"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unconfirmed", "要確認を含む")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(note__contains="要確認") if self.value() else queryset


class EarlierKpiField(forms.ModelChoiceField[Kpi]):
    """A choice among KPIs of several plans, each with its plan."""

    def label_from_instance(self, obj: Kpi) -> str:
        return _named_with_plan(obj)


class SourceSelect(AutocompleteSelect):
    """The choice of a KPI's source, among those of other plans."""

    def __init__(self, field: Any, admin_site: Any, beside: str) -> None:
        super().__init__(field, admin_site)
        self.beside = beside

    def get_url(self) -> str:
        url = super().get_url()
        return f"{url}?{BESIDE}={self.beside}" if self.beside else url


class KpiForm(forms.ModelForm[Kpi]):
    """A KPI's own columns; what it aims at is revised elsewhere."""

    class Meta:
        model = Kpi
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].label_from_instance = _named_with_plan  # type: ignore[attr-defined]
        if "unit" in self.fields:
            allow_unit(self, "baseline", self["unit"].value() or "")
        before: Any = self.fields.get("carried_from")
        if before is not None and self.instance.pk:
            plan = self.instance.project.strategy
            before.queryset = before.queryset.filter(
                project__strategy__first_year__lt=plan.first_year
            )

    def add_error(self, field: Any, error: Any) -> None:
        """A fault of what the page doesn't ask for stands above it."""
        if field is None and hasattr(error, "error_dict"):
            for name, faults in error.error_dict.items():
                super().add_error(name if name in self.fields else None, faults)
        else:
            super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        """Take from the source what the page only shows."""
        cleaned = super().clean() or {}
        for name in FOLLOWED:
            if cleaned.get("source") and name not in self.fields:
                setattr(self.instance, name, getattr(cleaned["source"], name))
        owner, related = cleaned.get("department"), cleaned.get("related_departments") or ()
        if owner is not None and owner in related:
            self.add_error(
                "related_departments",
                f"「{owner}」は所管課です。関係課からは外してください。",
            )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Django's; what is taken from the source has to fit the rest of the KPI as well."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc] # untyped
        return excluded - set(FOLLOWED)


def _named_with_plan(kpi: Kpi) -> str:
    return f"{kpi}（{kpi.project.strategy}）"


@admin.register(Kpi)
class KpiAdmin(CodeSearchMixin, PlanChoicesMixin, PlanRows, LivedAdmin):
    """KPIs; their targets are only shown, their figures come from kpis.assessment alone."""

    plan_path = "project__strategy"
    fields_of_ended_plans = ("source",)
    life = (*LivedAdmin.life, "successor_of")
    add_page = "add_kpi"
    fixed_by_closing = ("project", "number")

    form = KpiForm
    formfield_overrides = MIDDLE_TEXT
    inlines = [FinalTargetInline, YearlyTargetInline, OwnRulesInline]
    autocomplete_fields = ["department"]
    hidden_in_history = ("related_departments",)
    readonly_fields = ["pages", "carried_over", "revising"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "project", "number", "name", "unit", "decimal_places", "department",
                    "related_departments", "pages",
                ],
            },
        ),
        (
            "測り方",
            {
                "fields": ["aggregation", "direction", "formula"],
                "description": (
                    "実績がひとつでも入るか、年度を締めると変えられません。計画書の「のべ」は累計です。"
                    "累計の指標は「以上を目指す」と「実績÷目標」だけです。"
                ),
            },
        ),
        (
            "基準値（現状値）",
            {
                "fields": ["baseline", "baseline_year"],
                "description": (
                    "計画の前の値。算式「基準値からの伸び」では必ず要ります。"
                    "年度を締めたあとに改めるときは「目標を見直す」を使います。"
                ),
            },
        ),
        (
            "目標",
            {
                "fields": ["revising"],
                "description": (
                    "最終目標と年度目安は「目標を見直す」で決め、改めます。今のものは下にあります。"
                ),
            },
        ),
        (
            "前の計画",
            {
                "fields": ["carried_from"],
                "description": "計画が準備中のあいだだけ変えられます。",
            },
        ),
        (
            "数値の共有",
            {
                "fields": ["source"],
                "description": (
                    "別の計画の指標を選ぶと、その計画の期間の数値は、そこで一度だけ入力します。"
                    "単位・小数桁数・目指す方向は元の指標と同じにします。"
                ),
            },
        ),
        (
            "説明",
            {
                "fields": ["definition", "data_source", "note"],
                "description": (
                    "備考の「要確認」は、計画書の読み方を確かめていないという印です。"
                    "確かめたら「確認済み」に書き換えてください。"
                ),
            },
        ),
    ]  # fmt: skip
    # Figures before owners: they stay in sight on a narrow screen.
    list_display = [
        "code", "name", "unit", "rating", "actual", "final_target", "achievement", "progress",
        "department", "project", "page_links",
    ]  # fmt: skip
    list_display_links = ["code", "name"]
    list_select_related = ["department"]
    list_filter = [
        YearFilter, ("project", OfPlanFilter), "department", "aggregation", NoteFilter,
    ]  # fmt: skip
    search_fields = ["name", "project__code", "note"]
    search_help_text = "指標番号（P1-2）・指標名・備考で探す"

    def get_fieldsets(self, request: HttpRequest, obj: Kpi | None = None) -> Any:
        """With the KPI of the plan before to read, where it can't be changed any more."""
        fieldsets = super().get_fieldsets(request, obj)
        plan = obj.plan if obj else None
        if plan is None or plan.is_in_preparation:
            return fieldsets
        return with_fields(
            fieldsets,
            lambda names: ["carried_over" if one == "carried_from" else one for one in names],
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a KPI has from its source is only shown."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *FOLLOWED] if obj is not None and obj.source_id else fields

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "carried_from":
            kwargs["form_class"] = EarlierKpiField
            kwargs["queryset"] = Kpi.objects.select_related("project__strategy")
        if db_field.name == "source":
            kwargs["widget"] = SourceSelect(db_field, self.admin_site, _shown_kpi(request))
            kwargs["queryset"] = Kpi.objects.select_related("project__strategy")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The KPIs that a search finds; as choices of a source those that can be one."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "source":
            beside = request.GET.get(BESIDE, "")
            found = possible_sources(found).order_by(
                "project__strategy__code", "project__position", "project__code", "number"
            )
            if beside.isdecimal() and len(beside) < _LONGEST_ID:
                found = found.exclude(project__strategy__projects__kpis=int(beside))
        return found, may_repeat

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KpiChangeList

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with KPIs: their targets too, though nobody deletes those by themselves."""
        rows, counts, needed, protected = super().get_deleted_objects(objs, request)
        own = {
            str(model._meta.verbose_name) for model in (FinalTarget, KpiRatingRules, YearlyTarget)
        }
        return rows, counts, set(needed) - own, protected

    def view_on_site(self, kpi: Kpi) -> str | None:
        """The KPI's own page; None where the form shows a number again that can't be in any."""
        return _address("kpi", kpi.project.strategy.code, kpi.code) or None

    @admin.display(description="番号", ordering="project__position")
    def code(self, kpi: Kpi) -> str:
        return kpi.code

    @admin.display(description="最終目標値")
    def final_target(self, kpi: Any) -> str:
        year = kpi.assessment
        return display_value(year.final_target, kpi.decimal_places) if year else NOTHING

    @admin.display(description="実績値（累計）")
    def actual(self, kpi: Any) -> str:
        year: KpiAssessment | None = kpi.assessment
        if year is None or year.actual is None:
            return _nothing(year)
        own = display_value(year.actual, kpi.decimal_places)
        if not year.definition.is_cumulative:
            return own
        return f"{own}（{display_value(year.value, kpi.decimal_places)}）"

    @admin.display(description="達成率")
    def achievement(self, kpi: Any) -> str:
        return _rate(kpi.assessment, "achievement")

    @admin.display(description="進捗率")
    def progress(self, kpi: Any) -> str:
        return _rate(kpi.assessment, "progress")

    @admin.display(description="評価")
    def rating(self, kpi: Any) -> str:
        year: KpiAssessment | None = kpi.assessment
        if year is None:
            return _nothing(None)
        return rating_text(year.rating, year.computed, year.scale, year.why_nothing)

    @admin.display(description="ページ")
    def page_links(self, kpi: Any) -> SafeString:
        plan = kpi.project.strategy
        page = reverse("kpi", args=[plan.code, kpi.code])
        if kpi.assessment is None:
            year = kpi.last_year or kpi.first_year
            return format_html('<a href="{}?fy={}">指標</a>', page, year)
        if plan.has_ended:
            return format_html('<a href="{}">指標</a>', page)
        year = kpi.assessment.definition
        entry = reverse("entry_one", args=[plan.code, kpi.fiscal_year, year.code])
        return format_html('<a href="{}">指標</a> <a href="{}">入力</a>', page, entry)

    @admin.display(description="引き継ぎ元の指標")
    def carried_over(self, kpi: Kpi) -> SafeString | str:
        before = kpi.carried_from
        if before is None:
            return "なし"
        plan = before.project.strategy
        return format_html(
            '<a href="{}">{}</a>（{}）', reverse("kpi", args=[plan.code, before.code]), before, plan
        )

    @admin.display(description="目標の見直し")
    def revising(self, kpi: Kpi) -> SafeString | str:
        if kpi.pk is None:
            return "登録すると、ここから目標を決められます。"
        return revising_link(kpi)

    @admin.display(description="実績の入力")
    def pages(self, kpi: Kpi) -> SafeString | str:
        strategy = kpi.project.strategy if kpi.pk else None
        if strategy and strategy.has_ended:
            return ended(strategy)
        years = [one for one in strategy.years if kpi.lives_in(one)] if strategy else []
        plan = strategy.code if strategy else ""
        addresses = [(_address("entry_one", plan, year, kpi.code), year) for year in years]
        if not any(address for address, _year in addresses):
            return "登録すると、ここから実績の入力へ進めます。"
        return format_html_join(
            "　",
            '<a href="{}">{}年度</a>',
            ((address, wareki_short(year)) for address, year in addresses),
        )


def _shown_kpi(request: HttpRequest) -> str:
    """The id of the KPI that a page is about; empty where it adds one."""
    match = request.resolver_match
    return str(match.kwargs.get("object_id", "")) if match else ""


def _address(name: str, *parts: object) -> str:
    """A page's address; empty where the form shows a number again that can't be in any."""
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


def _nothing(year: KpiAssessment | None) -> str:
    if year is None:
        return f"{NOTHING}（この年度の前か後）"
    return f"{NOTHING}（{year.absence.label}）" if year.absence else NOTHING


def _rate(year: KpiAssessment | None, name: str) -> str:
    return year.rate_text(getattr(year, name)) if year else NOTHING
