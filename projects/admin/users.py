"""Users beside the departments that they belong to."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import StaffUserAdmin

admin.site.unregister(User)


@admin.register(User)
class UserWithDepartmentsAdmin(StaffUserAdmin):
    """The users' admin, which names everybody's departments too."""

    list_display = [
        "username", "person", "roles", "sections", "is_active", "is_staff", "last_login",
    ]  # fmt: skip
    list_filter = ["is_active", "groups", "departments"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("departments")

    @admin.display(description="課")
    def sections(self, user: User) -> str:
        return "、".join(department.name for department in user.departments.all())
