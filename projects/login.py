"""Login for partial requests: a fragment never becomes a login page inside a cell."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class PartialLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Django's login middleware, which answers an htmx request with 401 and a sentence."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseBase:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(
                "ログインの期限が切れました。別のタブで再ログインしてから、もう一度お試しください。",
                status=401,
                content_type="text/plain; charset=utf-8",
            )
        return super().handle_no_permission(request, view_func)
