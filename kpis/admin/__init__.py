"""The admin of the numbers, and of a project with its KPIs."""

from kpis.admin.actuals import FiscalYearClosingAdmin, YearlyActualAdmin
from kpis.admin.kpi import KpiAdmin
from kpis.admin.project import MeasuredProjectAdmin
from kpis.admin.targets import FinalTargetAdmin, YearlyTargetAdmin

__all__ = [
    "FinalTargetAdmin",
    "FiscalYearClosingAdmin",
    "KpiAdmin",
    "MeasuredProjectAdmin",
    "YearlyActualAdmin",
    "YearlyTargetAdmin",
]
