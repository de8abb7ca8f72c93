"""What was done in a fiscal year: read here, and written on its own pages alone."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from common.fiscal_year import wareki
from projects.history_admin import FixedAdmin
from projects.models import InitiativeProgress, ProjectReview


class YearlyTextAdmin(FixedAdmin):
    """What both kinds of yearly text share."""

    readonly_fields = ["year"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, row: InitiativeProgress | ProjectReview) -> str:
        return wareki(row.fiscal_year)


@admin.register(InitiativeProgress)
class InitiativeProgressAdmin(YearlyTextAdmin):
    """Each initiative's progress in each fiscal year."""

    fields: ClassVar[list[Any]] = [
        "initiative", "year", "status", "summary", "next_steps", "cost", "version", "updated_at",
        "updated_by",
    ]  # fmt: skip
    list_display = ["initiative", "year", "status", "cost", "updated_at"]
    list_select_related = ["initiative"]
    list_filter = ["fiscal_year", "status", "initiative__home_project", "initiative__department"]
    search_fields = ["initiative__name", "summary"]
    search_help_text = "取組名・取組実績で探す"


@admin.register(ProjectReview)
class ProjectReviewAdmin(YearlyTextAdmin):
    """Each project's review in each fiscal year."""

    fields: ClassVar[list[Any]] = [
        "project", "year", "summary", "external_opinion", "version", "updated_at", "updated_by",
    ]  # fmt: skip
    list_display = ["project", "year", "updated_at"]
    list_select_related = ["project"]
    list_filter = ["fiscal_year", "project"]
    search_fields = ["project__name", "project__code", "summary"]
    search_help_text = "プロジェクト・総括で探す"
