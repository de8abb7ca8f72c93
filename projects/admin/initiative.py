"""Initiatives, and every place where they are listed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest

from common.reading.form_fields import ReadsAsWritten
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import LivedAdmin, OpenPlanRows
from projects.forms import HomeListedFormSet, InitiativeForm, ListingRowForm
from projects.models import Initiative, InitiativeListing, Project


class InitiativeListingInline(
    OpenPlanRows,
    ReadsAsWritten,
    PlanChoicesMixin,
    admin.TabularInline[InitiativeListing, Initiative],
):
    """Where an initiative is listed."""

    model = InitiativeListing
    form = ListingRowForm
    formset = HomeListedFormSet
    fields = ["project", "number", "printed_name"]
    extra = 0
    verbose_name_plural = "掲載（主な掲載先のほかに載せると再掲になります）"


@admin.register(Initiative)
class InitiativeAdmin(PlanChoicesMixin, PlanRows, LivedAdmin):
    """Initiatives: recorded once, with every place where they are listed."""

    form = InitiativeForm
    fixed = ("strategy",)
    add_page = "add_initiative"
    inlines = [InitiativeListingInline]
    autocomplete_fields = ["department"]
    list_display = ["name", "home_project", "home_number", "relisted_in", "department"]
    list_select_related = ["home_project", "department"]
    list_filter = [("home_project", OfPlanFilter), "department"]
    search_fields = ["name", "listings__printed_name"]
    search_help_text = "取組名・掲載名で探す"

    def own_fieldsets(self, request: HttpRequest, obj: Initiative | None) -> Any:
        at_home = ["home_project"] if obj else ["home_project", "home_number"]
        return [(None, {"fields": ["strategy", "name", *at_home, "department"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Initiative]:
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
        return "、".join(listing.project.sign for listing in initiative.relistings)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
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

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        at_home = {"project": F("initiative__home_project")}
        if self.value() == "1":
            return queryset.exclude(**at_home)
        return queryset.filter(**at_home) if self.value() == "0" else queryset


@admin.register(InitiativeListing)
class InitiativeListingAdmin(PlanChoicesMixin, PlanRows, LivedAdmin):
    """Every place of every initiative in a project's list.

    A listing keeps its place: taking an initiative off a list is a deletion.
    """

    plan_path = "project__strategy"
    fixed = ("project", "initiative")
    add_page = "initiatives"
    fields = ["project", "number", "initiative", "printed_name"]
    autocomplete_fields = ["initiative"]
    list_display = ["name_as_printed", "project", "number", "is_relisted", "home"]
    list_select_related = ["project", "initiative__home_project"]
    list_filter = [("project", OfPlanFilter), RelistedFilter]
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

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete 再掲 first, so that a home and its 再掲 can go together."""
        chosen = queryset.select_related("initiative")
        for listing in sorted(chosen, key=lambda listing: not listing.is_relisted):
            listing.delete()
