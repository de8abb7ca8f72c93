"""Logging in: never as a page inside a cell; and changing one's password."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache


def is_partial(request: HttpRequest) -> bool:
    """Whether a script of ours asks, for a part of a page, by the header that htmx sends too."""
    return request.headers.get("HX-Request") == "true"


class PartialLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Django's login middleware, which answers a partial request with 401 and a sentence."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if is_partial(request):
            return HttpResponse(
                "ログインの期限が切れました。別のタブで再ログインしてから、もう一度お試しください。",
                status=401,
                content_type="text/plain; charset=utf-8",
            )
        return super().handle_no_permission(request, view_func)


@never_cache
@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """Where the admin sends whom it does not let in: to the login page, or told what is missing.

    To somebody who is logged in, the login page would come up again without a word.
    """
    if not request.user.is_authenticated:
        asked = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
        return redirect(f"{reverse('login')}?{urlencode({REDIRECT_FIELD_NAME: asked}, safe='/')}")
    if not request.user.is_staff:
        raise PermissionDenied("管理の画面に入るには、スタッフ権限が必要です。")
    return redirect("admin:index")


class PasswordChange(SuccessMessageMixin[PasswordChangeForm], PasswordChangeView):
    """Everybody's own password, with a word that it is changed."""

    template_name = "registration/password.html"
    success_url = settings.LOGIN_REDIRECT_URL
    success_message = "パスワードを変えました。"
