"""How many wrong passwords are taken: from one address, for one name, and for one name from it.

Wrong passwords of the login page and of the password page count alike. All three counts forget
what is older than `AXES_COOLOFF_TIME`.
"""

from typing import Any

from axes.conf import settings
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import (
    get_client_username,
    get_cool_off,
    get_credentials,
    get_lockout_response,
)
from axes.models import AccessAttempt
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse

from accounts.models import AuditEntry, Kind
from accounts.sign_on.refusals import refusal_of

# An office behind one proxy shares an address: so many people may mistype in 15 minutes.
FROM_AN_ADDRESS = 50
# Guesses at one name from many addresses.
FOR_A_NAME = 20


class ThrottlingHandler(AxesDatabaseHandler):  # type: ignore[misc] # untyped
    """The count of axes, of a name from an address, and two wider ones.

    Whoever guesses at a colleague's name from many addresses would lock it out everywhere, and
    that would be an attack too. So a name that is guessed at stays open to addresses from which
    it has logged in before, where its own limit of 5 holds, and is closed to all others.
    """

    def user_login_failed(
        self, sender: str, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Count a guess: no sign-on elsewhere that names nobody, or is refused for another reason.

        Five colleagues who aren't registered would lock the way in for their whole office.
        """
        refused = refusal_of(request)
        is_guess = refused.is_guess if refused else bool(credentials.get("username"))
        if is_guess:
            super().user_login_failed(sender, credentials, request=request, **kwargs)

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The count of axes, or its limit where one of the wider ones is reached."""
        failures: int = super().get_failures(request, credentials)
        if failures < settings.AXES_FAILURE_LIMIT and self._is_guessing(request, credentials):
            return int(settings.AXES_FAILURE_LIMIT)
        return failures

    def _is_guessing(self, request: Any, credentials: dict[str, Any] | None) -> bool:
        address = request.axes_ip_address
        since = request.axes_attempt_time - get_cool_off(request)
        recent = AccessAttempt.objects.filter(attempt_time__gte=since)
        if address and _total(recent.filter(ip_address=address)) >= FROM_AN_ADDRESS:
            return True
        name = get_client_username(request, credentials)
        if not name or _total(recent.filter(username=name)) < FOR_A_NAME:
            return False
        logins = AuditEntry.objects.filter(kind=Kind.LOGIN, login=name, address=address)
        return not logins.exists()


def refusal_while_locked_out(request: HttpRequest, username: str) -> HttpResponse | None:
    """What is answered where no further try is taken; None where it is.

    For pages that ask no backend, as Django's `authenticate` does, which is refused by axes.
    """
    credentials = get_credentials(username)
    if AxesProxyHandler.is_allowed(request, credentials):
        return None
    answer: HttpResponse = get_lockout_response(request, credentials=credentials)
    return answer


def _total(attempts: Any) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
