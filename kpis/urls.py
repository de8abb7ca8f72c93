"""Pages of the numbers: KPIs and the entry of their yearly actuals."""

from django.urls import path

from kpis import views

urlpatterns = [
    path("kpis/", views.kpi_list, name="kpis"),
    path("kpis/<kpi:code>/", views.kpi_detail, name="kpi"),
    path("entry/", views.entry_start, name="entry_start"),
    path("entry/<fy:fiscal_year>/", views.entry, name="entry"),
    path("entry/<fy:fiscal_year>/<kpi:code>/", views.entry, name="entry_one"),
    path("entry/<fy:fiscal_year>/<kpi:code>/effect/", views.entry_effect, name="entry_effect"),
]
