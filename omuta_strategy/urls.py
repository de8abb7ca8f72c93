"""The root of all URLs; docs/interface.md lists them."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, register_converter

from accounts.login import PasswordChange, admin_login
from common.converters import FiscalYearConverter, KpiCodeConverter, ProjectCodeConverter
from omuta_strategy.health import healthz, readyz
from omuta_strategy.metrics import metrics
from reports.formats import ReportFileConverter

register_converter(FiscalYearConverter, "fy")
register_converter(ProjectCodeConverter, "project")
register_converter(KpiCodeConverter, "kpi")
register_converter(ReportFileConverter, "report")

urlpatterns = [
    # One login page for everybody; the admin's own would be a second look and a second lock-out.
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("reports.urls")),
    path("", include("entry.urls")),
]

handler400 = "omuta_strategy.error_pages.bad_request"
handler500 = "omuta_strategy.error_pages.server_error"
