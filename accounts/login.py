"""Logging in: never as a page inside a cell, and never with somebody else's page still open."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.first_password import ask_for_own_password
from accounts.kept_forms import (
    forget_author,
    has_author,
    has_kept_form,
    keep_form,
    remember_author,
)
from accounts.partial import is_partial, refusal
from accounts.sessions import BEGAN, SessionStore
from accounts.sign_on.refusals import Unavailable, refusal_of

# For whom a page was made, as its scripts send it along with what was typed into it.
PAGE_OF = "X-Page-Of"


class PartialLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Django's login middleware, which answers a partial request with a status and a sentence.

    401 where the session has ended. 403 where somebody else has logged in since the page was
    opened: what its author typed is not sent under another name. A form that is sent whole
    after its session has ended is kept until its author is back (`accounts.kept_forms`).
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not request.user.is_authenticated:
            return answer
        author = request.headers.get(PAGE_OF, "")
        if is_partial(request) and author and author != str(request.user.pk):
            return refusal(
                "ほかの利用者がログインしたため、この画面からは保存できません。"
                "この画面を開いた人がログインし直すと、続けられます。",
                403,
            )
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if is_partial(request):
            return refusal(
                "ログインの期限が切れました。別のタブで再ログインしてから、もう一度お試しください。",
                401,
            )
        if getattr(view_func, "view_class", None) is Logout:
            return redirect(settings.LOGOUT_REDIRECT_URL)  # out already: no way back to a logout
        if request.method == "POST":
            keep_form(request)
        return super().handle_no_permission(request, view_func)


class ActivityMiddleware:
    """Notes in the session that its user does something, and whose it was once it has ended.

    Every request counts, as no page of ours asks by itself. It is noted after the answer is made.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = self.get_response(request)
        session = request.session
        if session.accessed and session.session_key is None:
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                remember_author(request, answer)
            return answer
        if not isinstance(session, SessionStore) or not session.is_read:
            return answer
        if has_author(request) and SESSION_KEY in session:
            forget_author(answer)
        # One that is saved anyway is noted with it.
        if not session.modified:
            session.note_act()
        return answer


class LoginForm(AuthenticationForm):
    """Django's form, which says too where somebody is known elsewhere and not let in."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": (
            "利用者名かパスワードが違います。大文字と小文字を確かめて、もう一度入力してください。"
        ),
    }
    is_unavailable = False

    def clean(self) -> dict[str, Any]:
        """Name and password; that nobody could be asked is no wrong password."""
        try:
            return super().clean()
        except Unavailable as down:
            self.is_unavailable = True
            raise ValidationError(str(down), code="unavailable") from down

    def get_invalid_login_error(self) -> ValidationError:
        """Why, to whom the directory knows; else nothing that helps to guess."""
        refused = refusal_of(self.request)
        if refused:
            return ValidationError(str(refused), code="not_let_in")
        return super().get_invalid_login_error()


class Login(LoginView):
    """The one login page; it leads to what is to be done first, then to where one wanted to go."""

    authentication_form = LoginForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
        user = form.get_user()
        ask_for_own_password(self.request, user)
        if has_kept_form(user):
            answer.headers["Location"] = reverse("kept_form")
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again; 503 where nobody could be asked."""
        answer = super().form_invalid(form)
        if form.is_unavailable:
            answer.status_code = 503
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            has_ldap=settings.LDAP is not None,
            has_oidc=settings.OIDC is not None,
            has_proxy_login=settings.REMOTE_USER is not None,
        )


class Logout(LogoutView):
    """Ends the session, and the one at the OpenID provider by which it began."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = ""
        if settings.OIDC is not None:
            from accounts.sign_on.oidc import logout_address  # noqa: PLC0415 - needs the extra

            address = logout_address(request)
        answer = super().post(request, *args, **kwargs)
        return HttpResponseRedirect(address) if address else answer


def remember_login(sender: object, request: HttpRequest, **_signal: Any) -> None:
    """Begin the 12 hours after which a session ends; receives user_logged_in."""
    request.session[BEGAN] = int(timezone.now().timestamp())


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
