"""The admin of the plan. The KPI's part of a project's page is added by kpis.admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Count, F, ForeignKey, ManyToManyField, Prefetch, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest

from projects.fiscal_year import wareki
from projects.forms import (
    HomeListedFormSet,
    InitiativeForm,
    ListingRowForm,
    PlanChoiceField,
    ProjectListingFormSet,
    RowsFormSet,
    StrategyForm,
    bands_as_lines,
)
from projects.history_admin import MIDDLE_TEXT, SHORT_TEXT, HistoryAdmin, reads_history
from projects.models import (
    Department,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)

admin.site.site_header = "総合戦略 進捗管理 の管理"
admin.site.site_title = "総合戦略 進捗管理"
admin.site.index_title = "管理する項目"


class PlanChoicesMixin:
    """Choices of pillars and projects name the plan where they are not the current one's."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        model = db_field.remote_field.model
        if model in (Pillar, Project):
            kwargs.setdefault("form_class", PlanChoiceField)
            kwargs.setdefault("queryset", model.objects.select_related("strategy"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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
        (None, {"fields": ["name", "code", "municipality", "municipality_code", "is_current"]}),
        ("計画期間", {"fields": ["first_year", "last_year"]}),
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

    def get_fieldsets(self, request: HttpRequest, obj: Strategy | None = None) -> list:
        """The fieldsets, with the bands as text where they can't be edited."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) and not reads_history(request):
            return fieldsets
        return [
            (
                title,
                {
                    **options,
                    "fields": [
                        "bands_as_lines" if name == "bands" else name for name in options["fields"]
                    ],
                },
            )
            for title, options in fieldsets
        ]

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


class DirectionInline(admin.TabularInline):
    """A project's 方向性."""

    model = ProjectDirection
    formset = RowsFormSet
    fields = ["number", "text"]
    formfield_overrides = SHORT_TEXT
    extra = 0


class ProjectListingInline(admin.TabularInline):
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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("initiative__home_project")

    @admin.display(description="再掲")
    def relisted(self, listing: InitiativeListing) -> str:
        if listing.initiative_id is None:
            return ""
        return f"再掲（主：{listing.initiative.home_project.code}）" if listing.is_relisted else ""


@admin.register(Project)
class ProjectAdmin(PlanChoicesMixin, HistoryAdmin):
    """Projects with their directions and their list of initiatives."""

    fixed = ("strategy",)
    fieldsets = [
        (None, {"fields": ["strategy", "pillar", "code", "kind", "name", "position"]}),
        ("本文", {"fields": ["purpose"]}),
    ]
    formfield_overrides = MIDDLE_TEXT
    inlines = [DirectionInline, ProjectListingInline]
    list_display = ["name", "code", "kind", "pillar", "listing_count", "strategy"]
    list_select_related = ["pillar", "strategy"]
    list_filter = ["strategy", "kind", "pillar"]
    search_fields = ["code", "name", "purpose"]
    search_help_text = "コード・名称・目的で探す"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(listing_total=Count("listings"))

    @admin.display(description="取組（再掲を含む）")
    def listing_count(self, project: Project) -> int:
        return project.listing_total


class InitiativeListingInline(PlanChoicesMixin, admin.TabularInline):
    """Where an initiative is listed."""

    model = InitiativeListing
    form = ListingRowForm
    formset = HomeListedFormSet
    fields = ["project", "number", "printed_name"]
    extra = 0
    verbose_name_plural = "掲載（主な掲載先のほかに載せると再掲になります）"


@admin.register(Initiative)
class InitiativeAdmin(PlanChoicesMixin, HistoryAdmin):
    """Initiatives: recorded once, with every place where they are listed."""

    form = InitiativeForm
    fixed = ("strategy",)
    inlines = [InitiativeListingInline]
    autocomplete_fields = ["department"]
    list_display = ["name", "home_project", "home_number", "relisted_in", "department"]
    list_select_related = ["home_project", "department"]
    list_filter = ["strategy", "home_project", "department"]
    search_fields = ["name", "listings__printed_name"]
    search_help_text = "取組名・掲載名で探す"

    def get_fieldsets(self, request: HttpRequest, obj: Initiative | None = None) -> list:
        at_home = ["home_project"] if obj else ["home_project", "home_number"]
        return [(None, {"fields": ["strategy", "name", *at_home, "department"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        listings = InitiativeListing.objects.select_related("project").order_by(
            "project__position", "project__code"
        )
        return super().get_queryset(request).prefetch_related(Prefetch("listings", listings))

    @admin.display(description="番号")
    def home_number(self, initiative: Initiative) -> str:
        numbers = [
            f"({listing.number})"
            for listing in initiative.listings.all()
            if listing.project_id == initiative.home_project_id
        ]
        return "".join(numbers) or "未掲載"

    @admin.display(description="再掲先")
    def relisted_in(self, initiative: Initiative) -> str:
        return "、".join(
            listing.project.code
            for listing in initiative.listings.all()
            if listing.project_id != initiative.home_project_id
        )

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list, change: object
    ) -> None:
        super().save_related(request, form, formsets, change)
        initiative = Initiative.objects.get(pk=form.instance.pk)
        if change:
            # Refused as a message where the rows above were not part of the form.
            initiative.clean()
            return
        listing = form.list_at_home()
        if listing is not None:
            self.message_user(
                request,
                f"「{initiative.home_project}」の取組一覧の({listing.number})に載せました。",
                messages.INFO,
            )


class RelistedFilter(admin.SimpleListFilter):
    """Listings at the initiative's home, or outside it."""

    title = "再掲"
    parameter_name = "relisted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "再掲だけ"), ("0", "主な掲載先だけ")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        at_home = {"project": F("initiative__home_project")}
        if self.value() == "1":
            return queryset.exclude(**at_home)
        return queryset.filter(**at_home) if self.value() == "0" else queryset


@admin.register(InitiativeListing)
class InitiativeListingAdmin(PlanChoicesMixin, HistoryAdmin):
    """Every place of every initiative in a project's list.

    A listing keeps its place: taking an initiative off a list is a deletion.
    """

    fixed = ("project", "initiative")
    fields = ["project", "number", "initiative", "printed_name"]
    autocomplete_fields = ["initiative"]
    list_display = ["name_as_printed", "project", "number", "is_relisted", "home"]
    list_select_related = ["project", "initiative__home_project"]
    list_filter = ["project__strategy", "project", RelistedFilter]
    search_fields = ["initiative__name", "printed_name"]
    search_help_text = "取組名・掲載名で探す"

    @admin.display(description="取組", ordering="initiative__name")
    def name_as_printed(self, listing: InitiativeListing) -> str:
        return listing.name

    @admin.display(description="再掲", boolean=True)
    def is_relisted(self, listing: InitiativeListing) -> bool:
        return listing.is_relisted

    @admin.display(description="主な掲載先", ordering="initiative__home_project")
    def home(self, listing: InitiativeListing) -> Project:
        return listing.initiative.home_project

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete 再掲 first, so that a home and its 再掲 can go together."""
        chosen = queryset.select_related("initiative")
        super().delete_queryset(
            request, sorted(chosen, key=lambda listing: not listing.is_relisted)
        )


@admin.register(Department)
class DepartmentAdmin(HistoryAdmin):
    """Sections of the city office and who records for them."""

    filter_horizontal = ["members"]
    hidden_in_history = ("members",)
    fieldsets = [
        (None, {"fields": ["name", "code"]}),
        (
            "存続期間",
            {
                "fields": ["valid_from", "valid_until"],
                "description": (
                    "組織改正でなくなった課は、削除せずに廃止日を入れてください。"
                    "過去の報告書にはその名前で残ります。"
                ),
            },
        ),
        ("課員", {"fields": ["members"]}),
    ]
    list_display = ["name", "code", "valid_from", "valid_until", "member_count"]
    list_filter = ["valid_until"]
    search_fields = ["name", "code"]
    search_help_text = "課名・課コードで探す"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(member_total=Count("members"))

    @admin.display(description="課員")
    def member_count(self, department: Department) -> str:
        return f"{department.member_total}人"

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        users = get_user_model().objects.order_by("username")
        field = super().formfield_for_manytomany(db_field, request, queryset=users, **kwargs)
        field.label_from_instance = full_name
        return field


def full_name(user: Any) -> str:
    """`山田太郎（yamada）`, or the login name alone."""
    name = f"{user.last_name}{user.first_name}"
    return f"{name}（{user.username}）" if name else user.username
