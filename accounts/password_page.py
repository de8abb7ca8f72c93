"""Everybody's own password: changed with the old one, at which nobody may guess for long."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_credentials
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.first_password import SENTENCE, has_own_password, is_asked_for
from accounts.kept_forms import has_kept_form
from accounts.models import Way
from accounts.passwords import OwnPasswordForm
from accounts.throttling import refusal_while_locked_out
from accounts.ways import way_of


class PasswordChange(SuccessMessageMixin[PasswordChangeForm], PasswordChangeView):
    """Everybody's own password, with a word that it is changed.

    A wrong old password counts like a wrong one at the login: whoever sits at a colleague's
    screen has as few tries.
    """

    form_class = OwnPasswordForm
    template_name = "registration/password.html"
    success_message = "パスワードを変えました。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever signs on elsewhere is told where their password is."""
        if way_of(request.user) != Way.PASSWORD:
            return render(request, "registration/password_elsewhere.html")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locked_out = refusal_while_locked_out(request, self.request.user.get_username())
        return locked_out or super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Back to what the login would have led to, had the password not come first."""
        has_form = has_kept_form(self.request.user)
        return reverse("kept_form") if has_form else settings.LOGIN_REDIRECT_URL

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            has_own_password(self.request)
            handler = AxesProxyHandler.get_implementation()
            handler.reset_user_attempts(self.request, self._credentials())
        return answer

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            user_login_failed.send(
                sender=__name__, credentials=self._credentials(), request=self.request
            )
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, is_first=is_asked_for(self.request), first_sentence=SENTENCE
        )

    def _credentials(self) -> dict[str, Any]:
        credentials: dict[str, Any] = get_credentials(self.request.user.get_username())
        return credentials
