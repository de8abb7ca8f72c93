"""KPIs: their list with this year's figures, and their page with targets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import wareki, wareki_short
from common.reading.form_fields import take_unit
from kpis.achievement import NOTHING, Number, display, display_value
from kpis.admin.code_search import CodeSearchMixin
from kpis.admin.targets import FinalTargetInline, YearlyTargetInline
from kpis.assessment import KpiAssessment
from kpis.models import Kpi
from kpis.series import closed_years, load_series, opening_year
from projects.admin import PlanChoicesMixin
from projects.bands import lower_bounds
from projects.current import current_strategy
from projects.history_admin import MIDDLE_TEXT, HistoryAdmin
from projects.models import Strategy

YEAR_PARAMETER = "fy"


def asked_year(request: HttpRequest) -> int | None:
    """The fiscal year chosen in the filter; None without one."""
    text = request.GET.get(YEAR_PARAMETER, "")
    return int(text) if text.isascii() and text.isdigit() else None


class KpiChangeList(ChangeList):
    """The KPIs of a page, each with its `assessment`, in a constant number of queries."""

    shown_year: int | None = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if self.shown_year is not None and not self.is_popup:
            self.title = f"重要業績評価指標（{wareki(self.shown_year)}の実績と評価）"

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        asked = asked_year(request)
        assessed: dict[int, KpiAssessment] = {}
        for strategy in {kpi.project.strategy for kpi in self.result_list}:
            year, found = _assess_all(strategy, asked)
            assessed |= found
            if strategy.is_current or self.shown_year is None:
                self.shown_year = year
        for kpi in self.result_list:
            kpi.assessment = assessed.get(kpi.pk)


def _assess_all(strategy: Strategy, asked: int | None) -> tuple[int, dict[int, KpiAssessment]]:
    """The year shown and every KPI of a strategy in it, by id."""
    series = load_series(strategy)
    if asked in strategy.years:
        year = asked
    else:
        year = opening_year(strategy, series, closed_years(strategy))
    return year, {one.definition.id: one.assess(year) for one in series}


class YearFilter(admin.SimpleListFilter):
    """The year of the figures; it hides no row."""

    title = "実績の年度"
    parameter_name = YEAR_PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        strategy = current_strategy()
        return [(str(year), wareki(year)) for year in strategy.years] if strategy else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset

    def choices(self, changelist: ChangeList) -> Any:
        first, *years = super().choices(changelist)
        return [{**first, "display": "最新の年度"}, *years]


class NoteFilter(admin.SimpleListFilter):
    """KPIs whose reading of the plan a planner has yet to confirm."""

    title = "備考"
    parameter_name = "note"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unconfirmed", "要確認を含む")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(note__contains="要確認") if self.value() else queryset


class KpiForm(forms.ModelForm):
    """A KPI. Its targets are checked by their own rows, saved together with it."""

    class Meta:
        model = Kpi
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.comes_with_targets = True
        if "unit" in self.fields:
            take_unit(self, "baseline", self["unit"].value() or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        project = cleaned.get("project")
        if self.instance.pk is not None and project is not None:
            before = Kpi.objects.select_related("project").get(pk=self.instance.pk).project
            moved = before.strategy_id != project.strategy_id
            if moved and self.instance.actuals.exists():
                raise ValidationError(
                    {"project": "実績が入力されているため、別の計画へは移せません。"}
                )
        return cleaned


@admin.register(Kpi)
class KpiAdmin(CodeSearchMixin, PlanChoicesMixin, HistoryAdmin):
    """KPIs with their targets; figures come from kpis.assessment alone."""

    form = KpiForm
    formfield_overrides = MIDDLE_TEXT
    inlines = [FinalTargetInline, YearlyTargetInline]
    autocomplete_fields = ["department"]
    readonly_fields = ["pages"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "project", "number", "name", "unit", "decimal_places", "department", "pages",
                ],
            },
        ),
        (
            "測り方",
            {
                "fields": ["aggregation", "direction", "formula"],
                "description": (
                    "実績がひとつでも入ると変えられません。計画書の「のべ」は累計です。"
                    "累計の指標は「以上を目指す」と「実績÷目標」だけです。"
                ),
            },
        ),
        (
            "基準値（現状値）",
            {
                "fields": ["baseline", "baseline_year"],
                "description": "計画の前の値。算式「基準値からの伸び」では必ず要ります。",
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
    list_select_related = ["project__strategy", "department"]
    list_filter = [
        YearFilter, "project__strategy", "project", "department", "aggregation", NoteFilter,
    ]  # fmt: skip
    search_fields = ["name", "project__code", "note"]
    search_help_text = "指標番号（P1-2）・指標名・備考で探す"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KpiChangeList

    def view_on_site(self, kpi: Kpi) -> str | None:
        """The KPI's own page, which exists for the current plan."""
        return reverse("kpi", args=[kpi.code]) if kpi.project.strategy.is_current else None

    @admin.display(description="番号", ordering="project__position")
    def code(self, kpi: Kpi) -> str:
        return kpi.code

    @admin.display(description="最終目標値")
    def final_target(self, kpi: Kpi) -> str:
        return _value(kpi, kpi.assessment and kpi.assessment.final_target)

    @admin.display(description="実績値（累計）")
    def actual(self, kpi: Kpi) -> str:
        shown = kpi.assessment
        if shown is None or shown.actual is None:
            return _nothing(shown)
        total = f"（{_value(kpi, shown.value)}）" if shown.definition.is_cumulative else ""
        return f"{_value(kpi, shown.actual)}{total}"

    @admin.display(description="達成率")
    def achievement(self, kpi: Kpi) -> str:
        return _rate(kpi.assessment, kpi.assessment and kpi.assessment.achievement)

    @admin.display(description="進捗率")
    def progress(self, kpi: Kpi) -> str:
        return _rate(kpi.assessment, kpi.assessment and kpi.assessment.progress)

    @admin.display(description="評価")
    def rating(self, kpi: Kpi) -> str:
        shown = kpi.assessment
        return _nothing(shown) if shown is None or shown.rating is None else shown.rating.text

    @admin.display(description="ページ")
    def page_links(self, kpi: Kpi) -> SafeString | str:
        if kpi.assessment is None or not kpi.project.strategy.is_current:
            return ""
        return format_html(
            '<a href="{}">指標</a> <a href="{}">入力</a>',
            reverse("kpi", args=[kpi.code]),
            reverse("entry_one", args=[kpi.assessment.fiscal_year, kpi.code]),
        )

    @admin.display(description="実績の入力")
    def pages(self, kpi: Kpi) -> SafeString | str:
        if kpi.pk is None or not kpi.project.strategy.is_current:
            return "登録すると、ここから実績の入力へ進めます。"
        return format_html_join(
            "　",
            '<a href="{}">{}年度</a>',
            (
                (reverse("entry_one", args=[year, kpi.code]), wareki_short(year))
                for year in kpi.project.strategy.years
            ),
        )


def _value(kpi: Kpi, figure: Number | None) -> str:
    return display_value(figure, kpi.decimal_places)


def _nothing(shown: KpiAssessment | None) -> str:
    return f"{NOTHING}（{shown.absence.label}）" if shown and shown.absence else NOTHING


def _rate(shown: KpiAssessment | None, exact: Number | None) -> str:
    return NOTHING if shown is None else display(exact, bounds=lower_bounds(shown.bands))
