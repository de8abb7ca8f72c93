"""Projects with their directions and their list of initiatives."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from common.reading.form_fields import ReadsAsWritten
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.plan_lists import OfPlanFilter, PlanRows, shown_plan
from projects.base_admin import MIDDLE_TEXT, SHORT_TEXT, HistoryAdmin, OpenPlanRows
from projects.forms import ProjectForm, ProjectListingFormSet, RowsFormSet, kinds_of
from projects.models import InitiativeListing, Project, ProjectDirection


class DirectionInline(ReadsAsWritten, admin.TabularInline[ProjectDirection, Project]):
    """A project's 方向性."""

    model = ProjectDirection
    formset = RowsFormSet
    fields = ["number", "text"]
    formfield_overrides = SHORT_TEXT
    extra = 0


class ProjectListingInline(
    OpenPlanRows, ReadsAsWritten, PlanChoicesMixin, admin.TabularInline[InitiativeListing, Project]
):
    """A project's list of initiatives."""

    model = InitiativeListing
    formset = ProjectListingFormSet
    fields = ["number", "initiative", "relisted", "printed_name"]
    readonly_fields = ["relisted"]
    autocomplete_fields = ["initiative"]
    extra = 0
    verbose_name_plural = (
        "取組の掲載（番号を入れ替えるときは、いったん空いている番号にして保存してください）"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[InitiativeListing]:
        return super().get_queryset(request).select_related("initiative__home_project")

    @admin.display(description="再掲")
    def relisted(self, listing: InitiativeListing) -> str:
        if listing.initiative_id is None:
            return ""
        return f"再掲（主：{listing.initiative.home_project.sign}）" if listing.is_relisted else ""


class KindFilter(admin.AllValuesFieldListFilter):
    """The kinds of the plan that is shown, or of all, in the order in which they appear."""

    def __init__(self, field: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, request, *args, **kwargs)
        plan = shown_plan(request)
        projects = Project.objects.filter(strategy=plan) if plan else Project.objects.all()
        self.lookup_choices: Any = kinds_of(projects)


@admin.register(Project)
class ProjectAdmin(PlanChoicesMixin, PlanRows, HistoryAdmin):
    """Projects with their directions and their list of initiatives."""

    fixed = ("strategy",)
    form = ProjectForm
    fieldsets = [
        (
            None,
            {"fields": ["strategy", "pillar", "code", "printed_sign", "kind", "name", "position"]},
        ),
        ("本文", {"fields": ["purpose"]}),
    ]
    formfield_overrides = MIDDLE_TEXT
    inlines = [DirectionInline, ProjectListingInline]
    list_display = ["name", "code", "kind", "pillar", "listing_count", "strategy"]
    list_select_related = ["pillar", "strategy"]
    list_filter: ClassVar[list[Any]] = [("kind", KindFilter), ("pillar", OfPlanFilter)]
    search_fields = ["code", "printed_sign", "name", "purpose"]
    search_help_text = "コード・表記・名称・目的で探す"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        projects: QuerySet[Project] = super().get_queryset(request)
        # What holds 数値目標 is none.
        return projects.filter(holds_goals=False).annotate(listing_total=Count("listings"))

    @admin.display(description="取組（再掲を含む）")
    def listing_count(self, project: Any) -> int:
        return int(project.listing_total)
