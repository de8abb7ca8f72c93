"""A form that came after its session had ended: kept until whoever sent it is back and decides.

It is bound to the person whose session it was. Somebody else who logs in at that screen neither
sees nor sends it. Files and passwords are not kept.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import KeptForm
from accounts.sessions import former_user

logger = logging.getLogger(__name__)

_KEPT_FOR = timedelta(hours=12)
_MOST_CHARACTERS = 4_000_000
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
_SEND = "kept-form-send"
_DISCARD = "kept-form-discard"
_OURS = {_TOKEN, _SEND, _DISCARD}


def keep_form(request: HttpRequest) -> None:
    """Keep what was posted, if it is known whose it is; the newest takes the older one's place."""
    try:
        user = former_user(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        fields = _fields(request)
        if user is None or not fields:
            return
        KeptForm.objects.update_or_create(
            user_id=user,
            defaults={
                "path": request.get_full_path()[:2000],
                "fields": fields,
                "kept_at": timezone.now(),
            },
        )
    except (DatabaseError, SuspiciousOperation) as error:
        logger.warning("ログインの期限が切れたあとの入力を預かれませんでした：%s", error)


def has_kept_form(user: User | AnonymousUser) -> bool:
    """Whether something waits for the user's decision."""
    return _kept_of(user) is not None


@require_http_methods(["GET", "POST"])
def kept_form(request: HttpRequest) -> HttpResponseBase:
    """What was sent too late: shown, then sent where it was meant to go, or thrown away."""
    kept = _kept_of(request.user)
    if kept is None:
        raise Http404("預かっている入力はありません。")
    if request.method == "GET":
        texts = [(name, text) for name, text in kept.fields if len(text.strip()) > 1]
        return render(request, "accounts/kept_form.html", {"kept": kept, "texts": texts})
    path = kept.path
    kept.delete()
    if _SEND in request.POST:
        # The browser posts the same fields once more, to where the form belongs: what holds for
        # a form that comes in time (roles, versions, closed years) holds for this one.
        answer = HttpResponse(status=307)
        answer.headers["Location"] = path
        return answer
    messages.info(request, "預かっていた入力を破棄しました。")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _kept_of(user: User | AnonymousUser) -> KeptForm | None:
    return KeptForm.objects.filter(user=user.pk, kept_at__gt=timezone.now() - _KEPT_FOR).first()


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
