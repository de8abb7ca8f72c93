"""The admin of the numbers, of users, and the KPI's part of a project's page."""

from kpis.admin.actuals import FiscalYearClosingAdmin, YearlyActualAdmin
from kpis.admin.kpi import KpiAdmin, KpiInline
from kpis.admin.targets import FinalTargetAdmin, YearlyTargetAdmin
from kpis.admin.users import RoleAdmin, StaffUserAdmin
from projects.admin import ProjectAdmin

# projects knows nothing of kpis, so its page gets the KPIs from here.
ProjectAdmin.inlines = [*ProjectAdmin.inlines, KpiInline]

__all__ = [
    "FinalTargetAdmin",
    "FiscalYearClosingAdmin",
    "KpiAdmin",
    "RoleAdmin",
    "StaffUserAdmin",
    "YearlyActualAdmin",
    "YearlyTargetAdmin",
]
