"""The admin of the plan; `kpis.admin` shows a project with its KPIs and rates."""

from django.contrib import admin

from projects.admin.department import DepartmentAdmin
from projects.admin.initiative import InitiativeAdmin, InitiativeListingAdmin
from projects.admin.people import MemberAdmin
from projects.admin.plan_choices import PlanChoicesMixin
from projects.admin.project import ProjectAdmin
from projects.admin.strategy import EntryDeadlineAdmin, PillarAdmin, StrategyAdmin
from projects.admin.yearly import InitiativeProgressAdmin, ProjectReviewAdmin

admin.site.site_header = "総合戦略 進捗管理 の管理"
admin.site.site_title = "総合戦略 進捗管理"
admin.site.index_title = "管理する項目"

__all__ = [
    "DepartmentAdmin",
    "EntryDeadlineAdmin",
    "InitiativeAdmin",
    "InitiativeListingAdmin",
    "InitiativeProgressAdmin",
    "MemberAdmin",
    "PillarAdmin",
    "PlanChoicesMixin",
    "ProjectAdmin",
    "ProjectReviewAdmin",
    "StrategyAdmin",
]
