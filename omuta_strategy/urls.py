"""The root of all URLs; docs/interface.md lists them."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from omuta_strategy.health import healthz
from projects.login import PasswordChange, admin_login

urlpatterns = [
    # One login page for everybody; the admin's own would be a second look and a second lock-out.
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path(
        "password/",
        PasswordChange.as_view(),
        name="password",
    ),
    path("healthz", healthz, name="healthz"),
    path("", include("projects.urls")),
    path("", include("kpis.urls")),
    path("", include("reports.urls")),
]
