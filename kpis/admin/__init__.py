"""The admin of the numbers, and of a project with its KPIs."""

from kpis.admin import actuals, kpi, project, targets

__all__ = ["actuals", "kpi", "project", "targets"]
