"""The way out: every reading page, and the annual report with its editions."""

from django.urls import path

from reports.views import (
    comparing,
    contents,
    dashboard,
    drafts,
    editions,
    history,
    initiatives,
    kpis,
    plan,
    plan_changes,
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("projects/", plan.project_list, name="projects"),
    path("projects/<project:code>/", plan.project_detail, name="project"),
    path("kpis/", kpis.kpi_list, name="kpis"),
    path("kpis/<kpi:code>/", kpis.kpi_detail, name="kpi"),
    path("initiatives/", initiatives.InitiativeList.as_view(), name="initiatives"),
    path("initiatives/<kpi:code>/", initiatives.initiative_detail, name="initiative"),
    path("history/", history.history, name="history"),
    path("history.csv", history.history_file, name="history_file"),
    path("changes/<int:number>/", plan_changes.plan_change, name="plan_change"),
    path(
        "changes/<int:number>/old-and-new.<slug:extension>",
        plan_changes.plan_change_file,
        name="plan_change_file",
    ),
    path("reports/", drafts.report_list, name="reports"),
    path("reports/compare/", comparing.compare, name="compare"),
    path("reports/compare.csv", comparing.compare_file, name="compare_file"),
    path("reports/<fy:fiscal_year>/", drafts.report, name="report"),
    path("reports/<fy:fiscal_year>/contents/", contents.kept_contents, name="kept_contents"),
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
