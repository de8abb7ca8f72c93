"""What this room adds to the admin: the import and export of KPIs."""

from entry.kpi_file.admin import KpiWithFileAdmin

__all__ = ["KpiWithFileAdmin"]
