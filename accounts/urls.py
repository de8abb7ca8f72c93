"""Getting in, passwords, and who did what."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.audit import views as audit
from accounts.kept_forms import kept_form
from accounts.login import Login, Logout, admin_login
from accounts.password_page import PasswordChange
from accounts.sign_on import views as sign_on

urlpatterns = [
    # One page each for everybody; the admin's own would be a second look and a second lock-out.
    path("admin/login/", admin_login),
    path("admin/logout/", Logout.as_view()),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path("login/", Login.as_view(), name="login"),
    path("login/kept/", kept_form, name="kept_form"),
    path("login/oidc/", sign_on.oidc_start, name="oidc_start"),
    path("login/oidc/callback/", sign_on.oidc_callback, name="oidc_callback"),
    path("login/proxy/", sign_on.proxy_login, name="proxy_login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password"),
    path("audit/", audit.audit, name="audit"),
    path("audit.csv", audit.audit_file, name="audit_file"),
]
