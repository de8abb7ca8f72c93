"""A password that somebody else chose is changed before anything else is done with it."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from accounts.backends import PasswordBackend
from accounts.partial import is_partial, refusal

_MUST_CHANGE = "must_change_password"  # in the session
_ALLOWED = {"password", "logout"}
SENTENCE = "はじめに、パスワードを自分だけが知るものに変えてください。"


def ask_for_own_password(request: HttpRequest, user: Any) -> None:
    """Let the session that has just begun lead to the password page, if it has to.

    Whoever signs on elsewhere has no password here to change.
    """
    by_password = user.backend == f"{PasswordBackend.__module__}.{PasswordBackend.__qualname__}"
    account = getattr(user, "account", None)
    if by_password and account is not None and account.must_change_password:
        request.session[_MUST_CHANGE] = True


def is_asked_for(request: HttpRequest) -> bool:
    """Whether the user has to change their password first."""
    return bool(request.session.get(_MUST_CHANGE))


def has_own_password(request: HttpRequest) -> None:
    """Let the session go on: the password is the user's own now."""
    request.session.pop(_MUST_CHANGE, None)


class OwnPasswordFirstMiddleware:
    """Leads every page to the password page while the password is not the user's own.

    An administrator's reset ends all sessions of the account, so to ask at the login is enough.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = self.get_response(request)
        return answer

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """None for the pages that stay open; a script gets 403 and the sentence."""
        is_open = not getattr(view_func, "login_required", True)
        match = request.resolver_match
        if is_open or (match and match.view_name in _ALLOWED) or not is_asked_for(request):
            return None
        if is_partial(request):
            return refusal(SENTENCE, 403)
        return redirect("password")
