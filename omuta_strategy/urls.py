"""The root of all URLs; docs/interface.md lists them."""

from django.contrib import admin
from django.urls import include, path, re_path, register_converter

from entry.views.plans import plan_list
from entry.views.work import work
from omuta_strategy.health import healthz, readyz
from omuta_strategy.metrics import metrics
from omuta_strategy.plan_addresses import home, without_plan
from projects.converters import FiscalYearConverter, KpiCodeConverter, ProjectCodeConverter
from reports.formats import ReportFileConverter

register_converter(FiscalYearConverter, "fy")
register_converter(ProjectCodeConverter, "project")
register_converter(KpiCodeConverter, "kpi")
register_converter(ReportFileConverter, "report")


urlpatterns = [
    path("", include("accounts.urls")),  # some of the admin's pages too, so before it
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", home, name="home"),
    path("plans/", plan_list, name="plans"),
    path("plans/new/", include("entry.views.beginning.urls")),
    path("work/", work, name="work"),
    path("reorganisations/", include("entry.reorganisation.urls")),
    path("plans/<slug:plan_code>/", include("reports.urls")),
    path("plans/<slug:plan_code>/", include("entry.urls")),
    # What was written down before there were several plans.
    re_path(
        r"^(?P<page>(?:projects|kpis|initiatives|history|reports|entry|departments)/.*)$",
        without_plan,
    ),
    re_path(r"^(?P<page>history\.csv)$", without_plan),
]

handler400 = "omuta_strategy.error_pages.bad_request"
handler500 = "omuta_strategy.error_pages.server_error"
