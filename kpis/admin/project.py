"""A project with its KPIs."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from kpis.models import Kpi
from projects.admin import ProjectAdmin
from projects.models import Project


class KpiInline(admin.TabularInline):
    """A project's KPIs, to read and to go on to."""

    model = Kpi
    fields = ["number", "name", "unit", "aggregation", "department"]
    show_change_link = True
    verbose_name_plural = "重要業績評価指標（行の「表示」から開いて直せます）"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("project", "department")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


admin.site.unregister(Project)


@admin.register(Project)
class MeasuredProjectAdmin(ProjectAdmin):
    """The plan's page of a project, and its KPIs."""

    inlines = [*ProjectAdmin.inlines, KpiInline]
