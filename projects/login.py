"""Logging in: never as a page inside a cell; and changing one's password."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy


def is_partial(request: HttpRequest) -> bool:
    """Whether a script of ours asks, for a part of a page, by the header that htmx sends too."""
    return request.headers.get("HX-Request") == "true"


class PartialLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Django's login middleware, which answers a partial request with 401 and a sentence."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseBase:
        if is_partial(request):
            return HttpResponse(
                "ログインの期限が切れました。別のタブで再ログインしてから、もう一度お試しください。",
                status=401,
                content_type="text/plain; charset=utf-8",
            )
        return super().handle_no_permission(request, view_func)


class PasswordChange(SuccessMessageMixin, PasswordChangeView):
    """Everybody's own password, with a word that it is changed."""

    template_name = "registration/password.html"
    success_url = reverse_lazy("dashboard")
    success_message = "パスワードを変えました。"
