"""What was done in a fiscal year: read here, and written on its own pages alone."""

from typing import Any, ClassVar

from django.contrib import admin

from projects.admin.plan_lists import OfPlanFilter, PlanRows
from projects.base_admin import FixedAdmin
from projects.models import InitiativeProgress, ProjectReview


@admin.register(InitiativeProgress)
class InitiativeProgressAdmin(PlanRows, FixedAdmin):
    """Each initiative's progress in each fiscal year."""

    plan_path = "initiative__strategy"

    fields: ClassVar[list[Any]] = [
        "initiative", "year", "status", "summary", "next_steps", "cost", "version", "updated_at",
        "updated_by_name",
    ]  # fmt: skip
    readonly_fields = ["year"]
    list_display = ["initiative", "year", "status", "cost", "updated_at"]
    list_select_related = ["initiative"]
    list_filter = [
        "fiscal_year", "status", ("initiative__home_project", OfPlanFilter),
        "initiative__department",
    ]  # fmt: skip
    search_fields = ["initiative__name", "summary"]
    search_help_text = "取組名・取組実績で探す"


@admin.register(ProjectReview)
class ProjectReviewAdmin(PlanRows, FixedAdmin):
    """Each project's review in each fiscal year."""

    plan_path = "project__strategy"

    fields: ClassVar[list[Any]] = [
        "project", "year", "summary", "external_opinion", "version", "updated_at",
        "updated_by_name",
    ]  # fmt: skip
    readonly_fields = ["year"]
    list_display = ["project", "year", "updated_at"]
    list_select_related = ["project"]
    list_filter = ["fiscal_year", ("project", OfPlanFilter)]
    search_fields = ["project__name", "project__code", "summary"]
    search_help_text = "プロジェクト・総括で探す"
