"""What a proxy in front says of who has signed on there (Kerberos, SAML, a client certificate).

Anybody can send a header. So the proxy sends a secret of its own along (X-Proxy-Secret), and
without it nothing that names somebody is believed, from wherever the request comes.
"""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, logout
from django.http import HttpRequest, HttpResponseBase

SECRET_HEADER = "X-Proxy-Secret"  # noqa: S105 - a header's name


class Forged(Exception):
    """A request that names somebody and doesn't come from the proxy; `name` is what it says."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def named_by_proxy(request: HttpRequest) -> str:
    """The login name; empty where the proxy names nobody. Raises Forged."""
    config = settings.REMOTE_USER
    name = request.headers.get(config.header, "").strip() if config else ""
    if config is None or not name:
        return ""
    sent = request.headers.get(SECRET_HEADER, "")
    if not secrets.compare_digest(sent.encode(), config.secret.encode()):
        raise Forged(name)
    return name


class SameUserMiddleware:
    """Ends a session that began by the proxy's word once the proxy names somebody else.

    A proxy that names people on the login page alone names nobody later: the session goes on.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.REMOTE_USER is not None and _is_somebody_elses(request):
            logout(request)
        answer: HttpResponseBase = self.get_response(request)
        return answer


def _is_somebody_elses(request: HttpRequest) -> bool:
    if not request.session.get(BACKEND_SESSION_KEY, "").endswith(".ProxyBackend"):
        return False
    try:
        name = named_by_proxy(request)
    except Forged:
        return True
    return bool(name) and request.user.get_username() != name
