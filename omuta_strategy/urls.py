"""The root of all URLs; docs/interface.md lists them."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from omuta_strategy.health import healthz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("healthz", healthz, name="healthz"),
    path("", include("projects.urls")),
    path("", include("kpis.urls")),
    path("", include("reports.urls")),
]
