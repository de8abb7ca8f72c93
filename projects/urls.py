"""Pages of the plan alone; those that join plan and figures are in reports."""

from django.urls import path, register_converter

from projects import converters, views

register_converter(converters.FiscalYearConverter, "fy")
register_converter(converters.ProjectCodeConverter, "project")
register_converter(converters.KpiCodeConverter, "kpi")

urlpatterns = [
    path("initiatives/", views.InitiativeList.as_view(), name="initiatives"),
]
