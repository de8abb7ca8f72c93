"""Sections of the city office and who records for them."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, ManyToManyField, QuerySet
from django.http import HttpRequest

from common.people import name_with_login
from projects.base_admin import HistoryAdmin
from projects.models import Department


@admin.register(Department)
class DepartmentAdmin(HistoryAdmin):
    """Sections of the city office and who records for them."""

    change_form_template = "admin/department_change_form.html"
    change_list_template = "admin/department_change_list.html"
    filter_horizontal = ["members"]
    hidden_in_history = ("members",)
    fieldsets = [
        (None, {"fields": ["name", "code"]}),
        (
            "存続期間",
            {
                "fields": ["valid_from", "valid_until"],
                "description": (
                    "組織改正でなくなる課は、機構改革で続く課に引き継ぐと、廃止日が入ります。"
                    "何も所管していない課は、削除せずに、ここで廃止日を入れてください。"
                    "過去の報告書にはその名前で残ります。"
                ),
            },
        ),
        ("課員", {"fields": ["members"]}),
    ]
    list_display = ["name", "code", "valid_from", "valid_until", "member_count"]
    list_filter = ["valid_until"]
    ordering = ["code"]
    search_fields = ["name", "code"]
    search_help_text = "課名・課コードで探す"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        departments: QuerySet[Department] = super().get_queryset(request)
        return departments.annotate(member_total=Count("members"))

    @admin.display(description="課員")
    def member_count(self, department: Any) -> str:
        return f"{department.member_total}人"

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        users = get_user_model().objects.order_by("username")
        field: Any = super().formfield_for_manytomany(db_field, request, queryset=users, **kwargs)
        field.label_from_instance = name_with_login
        return field
