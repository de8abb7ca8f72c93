"""The root of all URLs; docs/interface.md lists them."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from omuta_strategy.health import healthz
from projects.login import PasswordChange

urlpatterns = [
    # One login page for everybody; the admin's own would be a second look and a second lock-out.
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="login", query_string=True)),
    ),
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
