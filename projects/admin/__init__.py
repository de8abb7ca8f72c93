"""The admin of the plan; `kpis.admin` shows a project with its KPIs and rates."""

from django.contrib import admin

from projects.admin import department, initiative, project, strategy, users, yearly

admin.site.site_header = "総合戦略 進捗管理 の管理"
admin.site.site_title = "総合戦略 進捗管理"
admin.site.index_title = "管理する項目"

__all__ = ["department", "initiative", "project", "strategy", "users", "yearly"]
