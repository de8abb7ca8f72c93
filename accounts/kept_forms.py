"""A form that came after its session had ended: kept until whoever sent it is back and decides.

It is bound to the person whose session it was. Somebody else who logs in at that screen neither
sees nor sends it. Files and passwords are not kept.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import KeptForm
from accounts.sessions import former_user
from common.ids import is_id
from common.typed_texts import typed_texts

logger = logging.getLogger(__name__)

_KEPT_FOR = timedelta(hours=12)
_MOST_CHARACTERS = 4_000_000
_MOST_FORMS = 20  # of one person: as many tabs were open when the session ended
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
_SEND = "kept-form-send"
_DISCARD = "kept-form-discard"
_WHICH = "kept-form"
_AUTHOR = "session-ended-of"
_OURS = {_TOKEN, _SEND, _DISCARD, _WHICH}


def keep_form(request: HttpRequest) -> None:
    """Keep what was posted, if it is known whose it is."""
    if request.resolver_match and request.resolver_match.view_name == "kept_form":
        return  # what it decides about is kept already
    try:
        user = _author_of(request)
        fields = _fields(request)
        if user is None or not fields:
            return
        forget_old_forms()
        if KeptForm.objects.filter(user=user).count() < _MOST_FORMS:
            path = request.get_full_path()[:2000]
            KeptForm.objects.create(user_id=user, path=path, fields=fields)
    except (DatabaseError, SuspiciousOperation) as error:
        logger.warning("ログインの期限が切れたあとの入力を預かれませんでした：%s", error)


def remember_author(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a signed cookie say whose session has ended; Django takes the session's own away.

    So a form in another tab that is sent later still has its author.
    """
    user = _author_of(request)
    if user is not None:
        response.set_cookie(
            _AUTHOR,
            signing.dumps(user, salt=_AUTHOR),
            max_age=_KEPT_FOR,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def has_author(request: HttpRequest) -> bool:
    """Whether the browser has that cookie."""
    return _AUTHOR in request.COOKIES


def forget_author(response: HttpResponseBase) -> None:
    """Take that cookie away: somebody has logged in, by whichever way."""
    response.delete_cookie(_AUTHOR, samesite="Lax")


def forget_old_forms() -> None:
    """Delete what nobody came back for in time."""
    KeptForm.objects.filter(kept_at__lte=timezone.now() - _KEPT_FOR).delete()


def has_kept_form(user: User | AnonymousUser) -> bool:
    """Whether something waits for the user's decision."""
    return _kept_of(user).exists()


@require_http_methods(["GET", "POST"])
def kept_form(request: HttpRequest) -> HttpResponseBase:
    """What was sent too late: shown, then sent where it was meant to go, or thrown away."""
    waiting = _kept_of(request.user)
    if request.method == "POST":
        which = request.POST.get(_WHICH, "")
        waiting = waiting.filter(pk=which) if is_id(KeptForm, which) else waiting.none()
    kept = waiting.first()
    if kept is None:
        raise Http404("預かっている入力はありません。")
    if request.method == "GET":
        texts = typed_texts(kept.fields)
        context = {"kept": kept, "texts": texts, "others": waiting.count() - 1}
        return render(request, "accounts/kept_form.html", context)
    path = kept.path
    kept.delete()
    if _SEND in request.POST:
        # The browser posts the same fields once more, to where the form belongs: what holds for
        # a form that comes in time (roles, versions, closed years) holds for this one.
        answer = HttpResponse(status=307)
        answer.headers["Location"] = path
        return answer
    messages.info(request, "預かっていた入力を破棄しました。")
    return redirect("kept_form" if has_kept_form(request.user) else settings.LOGIN_REDIRECT_URL)


def _author_of(request: HttpRequest) -> int | None:
    user = former_user(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    if user is not None:
        return user
    try:
        signed = request.COOKIES.get(_AUTHOR, "")
        return int(signing.loads(signed, salt=_AUTHOR, max_age=_KEPT_FOR))
    except signing.BadSignature:
        return None


def _kept_of(user: User | AnonymousUser) -> QuerySet[KeptForm]:
    return KeptForm.objects.filter(user=user.pk, kept_at__gt=timezone.now() - _KEPT_FOR)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted pairs; nothing where there is a password among them, or too much."""
    pairs = [
        (name, str(text))
        for name, texts in request.POST.lists()
        for text in texts
        if name not in _OURS
    ]
    if any("password" in name for name, _text in pairs):
        return []
    return pairs if sum(len(text) for _name, text in pairs) <= _MOST_CHARACTERS else []
