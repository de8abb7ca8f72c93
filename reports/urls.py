"""Pages that join plan and figures, and the annual report."""

from django.urls import path

from reports import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("projects/", views.project_list, name="projects"),
    path("projects/<project:code>/", views.project_detail, name="project"),
    path("reports/", views.report_list, name="reports"),
    path("reports/<fy:fiscal_year>/", views.report, name="report"),
    path(
        "reports/<fy:fiscal_year>/annual-report.<str:extension>",
        views.report_file,
        name="report_file",
    ),
]
