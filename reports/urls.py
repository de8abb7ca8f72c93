"""Pages that join plan and figures, and the annual report with its editions."""

from django.urls import path, register_converter

from reports.formats import ReportFileConverter
from reports.views import comparing, dashboard, drafts, editions, plan

register_converter(ReportFileConverter, "report")

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("projects/", plan.project_list, name="projects"),
    path("projects/<project:code>/", plan.project_detail, name="project"),
    path("reports/", drafts.report_list, name="reports"),
    path("reports/compare/", comparing.compare, name="compare"),
    path("reports/compare.csv", comparing.compare_file, name="compare_file"),
    path("reports/<fy:fiscal_year>/", drafts.report, name="report"),
    path("reports/<fy:fiscal_year>/issue/", editions.issue, name="issue_edition"),
    path("reports/<fy:fiscal_year>/<report:name>", drafts.report_file, name="report_file"),
    path(
        "reports/<fy:fiscal_year>/editions/<int:number>/",
        editions.edition,
        name="edition",
    ),
    path(
        "reports/<fy:fiscal_year>/editions/<int:number>/<report:name>",
        editions.edition_file,
        name="edition_file",
    ),
]
