"""The pages between the login page and what knows people elsewhere; 404 where that is off."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.kept_forms import has_kept_form
from accounts.sign_on.proxy import Forged, named_by_proxy
from accounts.sign_on.refusals import NotLetIn, Unavailable, keep_refusal, refusal_of
from accounts.throttling import refusal_while_locked_out

_AGAIN = "ログインできませんでした。ログインのページから、もう一度お試しください。"
_NOBODY = (
    "プロキシーが利用者を伝えていないため、ログインできません。システムの管理者に知らせてください。"
)
_FORGED = "プロキシーの合い言葉のない要求が、この利用者を名乗った"


@never_cache
@login_not_required
@require_GET
def oidc_start(request: HttpRequest) -> HttpResponseBase:
    """To the OpenID provider."""
    if settings.OIDC is None:
        raise Http404("OpenID Connectは使われていません。")
    from accounts.sign_on.oidc import Start  # noqa: PLC0415 - needs the extra

    try:
        answer: HttpResponseBase = Start.as_view()(request)
    except Unavailable as down:
        return _back_to_login(request, str(down))
    return answer


@never_cache
@login_not_required
@require_GET
def oidc_callback(request: HttpRequest) -> HttpResponseBase:
    """From the OpenID provider."""
    if settings.OIDC is None:
        raise Http404("OpenID Connectは使われていません。")
    from accounts.sign_on.oidc import Callback  # noqa: PLC0415 - needs the extra

    try:
        answer: HttpResponseBase = Callback.as_view()(request)
    except Unavailable as down:
        return _back_to_login(request, str(down))
    except SuspiciousOperation:
        return _back_to_login(request, str(refusal_of(request) or _AGAIN))
    return answer


@never_cache
@login_not_required
@require_GET
def proxy_login(request: HttpRequest) -> HttpResponseBase:
    """Log in whom the proxy names. A header that isn't the proxy's is a failed login, and 403."""
    if settings.REMOTE_USER is None:
        raise Http404("プロキシーの認証は使われていません。")
    try:
        name = named_by_proxy(request)
    except Forged as forged:
        locked_out = refusal_while_locked_out(request, forged.name)
        if locked_out:
            return locked_out
        keep_refusal(request, NotLetIn(_FORGED, forged.name, is_guess=True))
        user_login_failed.send(
            sender=__name__, credentials={"username": forged.name}, request=request
        )
        raise PermissionDenied("プロキシーを通らない要求では、ログインできません。") from None
    if not name:
        return _back_to_login(request, _NOBODY)
    user = authenticate(request, username=name, named_by_proxy=True)
    if user is None:
        return _back_to_login(request, str(refusal_of(request) or _AGAIN))
    with transaction.atomic():
        login(request, user)
    return redirect("kept_form" if has_kept_form(user) else _asked_for(request))


def _asked_for(request: HttpRequest) -> str:
    """The page that one wanted to go to, if it is one of ours."""
    asked = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else settings.LOGIN_REDIRECT_URL


def _back_to_login(request: HttpRequest, sentence: str) -> HttpResponseBase:
    messages.error(request, sentence)
    asked = request.session.get("oidc_login_next") or request.GET.get(REDIRECT_FIELD_NAME)
    query = f"?{urlencode({REDIRECT_FIELD_NAME: asked}, safe='/')}" if asked else ""
    return redirect(f"{reverse('login')}{query}")
