"""Pages of the numbers: KPIs and the entry of their yearly actuals."""

from django.urls import path

from kpis.views import entry, reading

urlpatterns = [
    path("kpis/", reading.kpi_list, name="kpis"),
    path("kpis/<kpi:code>/", reading.kpi_detail, name="kpi"),
    path("entry/", entry.entry_start, name="entry_start"),
    path("entry/<fy:fiscal_year>/", entry.entry, name="entry"),
    path("entry/<fy:fiscal_year>/<kpi:code>/", entry.entry, name="entry_one"),
    path("entry/<fy:fiscal_year>/<kpi:code>/effect/", entry.entry_effect, name="entry_effect"),
]
