"""OpenID Connect: the authorization code flow with PKCE, state and nonce, by mozilla-django-oidc.

The library's flow asks the provider's addresses of settings; here they come from the provider's
own description. Its backend looks people up by mail and checks neither issuer nor audience: here
the ID token has to be this provider's, for this app, and a claim named by a setting is the name.
"""

import logging
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from accounts.kept_forms import has_kept_form
from accounts.sign_on.configs import OpenIdConnect, is_safe_url
from accounts.sign_on.outages import is_out, note_outage
from accounts.sign_on.people import Person
from accounts.sign_on.refusals import NotLetIn, Unavailable

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5  # for each answer of the provider
_KEPT_SECONDS = 3600  # what the provider says of itself
_ID_TOKEN = "oidc_id_token"  # noqa: S105 - where the library keeps it in the session
_ADDRESSES = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
}

DOWN = (
    "庁内の認証基盤が応答しないため、ログインできません。しばらくしてから、もう一度お試しください。"
    "続くときは、システムの管理者に知らせてください。"
)

_described: dict[str, tuple[float, dict[str, Any]]] = {}


def provider() -> OpenIdConnect:
    """How the provider is reached; only asked where there is one."""
    if settings.OIDC is None:
        raise ImproperlyConfigured("OIDC_ISSUER is not set.")
    return settings.OIDC


def description() -> dict[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery), at most an hour old.

    Raises Unavailable where it doesn't answer, or with what can't be trusted.
    """
    issuer = provider().issuer
    asked_at, kept = _described.get(issuer, (0.0, {}))
    if kept and monotonic() - asked_at < _KEPT_SECONDS:
        return kept
    if is_out(issuer):
        raise Unavailable(DOWN)
    try:
        answer = requests.get(
            f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            verify=provider().ca_file or True,
            timeout=WAIT_SECONDS,
        )
        answer.raise_for_status()
        said = answer.json()
        _check_description(said)
    except (requests.RequestException, ValueError) as error:
        note_outage(issuer)
        logger.error("The OpenID provider can't be asked: %s", error)  # noqa: TRY400
        raise Unavailable(DOWN) from error
    _described[issuer] = (monotonic(), said)
    return dict(said)


def _check_description(said: Any) -> None:
    """Raise ValueError for another issuer's, or with an address that is no https."""
    if not isinstance(said, dict) or said.get("issuer") != provider().issuer:
        raise ValueError(f"OIDC_ISSUER is {provider().issuer!r}, and it says {said!r:.200}")
    for name in _ADDRESSES.values():
        if name == "userinfo_endpoint" and name not in said:
            continue
        if not is_safe_url(str(said.get(name))):
            raise ValueError(f"its {name} is {said.get(name)!r}")


def library_setting(name: str, *default: Any) -> Any:
    """What mozilla-django-oidc calls a setting."""
    if name in _ADDRESSES:
        return description().get(_ADDRESSES[name], "")
    values = {
        "OIDC_RP_CLIENT_ID": provider().client_id,
        "OIDC_RP_CLIENT_SECRET": provider().client_secret,
        "OIDC_RP_SIGN_ALGO": "RS256",  # which every provider has
        "OIDC_RP_SCOPES": "openid profile email",
        "OIDC_USE_PKCE": True,
        "OIDC_VERIFY_SSL": provider().ca_file or True,
        "OIDC_TIMEOUT": WAIT_SECONDS,
        "OIDC_STORE_ID_TOKEN": True,  # which the provider wants to see at the logout
        "OIDC_AUTHENTICATION_CALLBACK_URL": "oidc_callback",
        "LOGIN_REDIRECT_URL": settings.LOGIN_REDIRECT_URL,
    }
    if name == "OIDC_TOKEN_USE_BASIC_AUTH":
        taken = description().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in taken
    if name in values:
        return values[name]
    if not default:
        raise ImproperlyConfigured(f"mozilla-django-oidc asks for {name}.")
    return default[0]


class Flow(OIDCAuthenticationBackend):
    """The library's exchange of a code for what the provider says of somebody."""

    get_settings = staticmethod(library_setting)

    def person(self, request: HttpRequest, nonce: str, code_verifier: str) -> Person | None:
        """Who has signed on; None for a code or token that isn't what was asked for."""
        try:
            found: Person | None = super().authenticate(
                request, nonce=nonce, code_verifier=code_verifier
            )
        except (SuspiciousOperation, jwt.PyJWTError, KeyError, TypeError) as error:
            logger.warning("What the OpenID provider sent is not taken: %r", error)
            return None
        except requests.HTTPError as error:  # the code is an old one, or not ours
            logger.warning("The OpenID provider gives nothing for the code: %.300s", error)
            return None
        except requests.RequestException as error:
            logger.error("The OpenID provider can't be asked: %s", error)  # noqa: TRY400
            raise Unavailable(DOWN) from error
        return found

    def retrieve_matching_jwk(self, token: Any) -> jwt.PyJWK:
        """The provider's key that the token names, or its only one where it names none."""
        answer = requests.get(
            self.OIDC_OP_JWKS_ENDPOINT,
            verify=provider().ca_file or True,
            timeout=WAIT_SECONDS,
        )
        answer.raise_for_status()
        named = jwt.get_unverified_header(token).get("kid")
        keys = [
            key
            for key in answer.json()["keys"]
            if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
        ]
        fitting = [key for key in keys if named in {None, key.get("kid")}]
        if len(fitting) != 1:
            raise SuspiciousOperation(f"{len(fitting)} keys fit the ID token.")
        return jwt.PyJWK(fitting[0], algorithm=self.OIDC_RP_SIGN_ALGO)

    def _verify_jws(self, payload: Any, key: Any) -> dict[str, Any]:
        """The ID token's claims: signed by this provider, for this app, and not expired."""
        claims: dict[str, Any] = jwt.decode(
            payload,
            key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            audience=provider().client_id,
            issuer=provider().issuer,
            leeway=60,  # seconds between two clocks
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        if claims.get("azp", provider().client_id) != provider().client_id:
            raise SuspiciousOperation("The ID token is another app's.")
        return claims

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> Person:
        """Called by the library in the end: here it only reads the claims."""
        told: dict[str, Any] = {}
        if self.OIDC_OP_USER_ENDPOINT:
            told = self.get_userinfo(access_token, id_token, payload)
            if told.get("sub") != payload["sub"]:
                raise SuspiciousOperation("The provider speaks of two people.")
        return person_of({**told, **payload})


def person_of(claims: dict[str, Any]) -> Person:
    """Somebody by their claims; the mail is shown, and never tells who somebody is.

    Raises NotLetIn where the claim that is to be the name is missing.
    """
    name = claims.get(provider().username_claim)
    if not isinstance(name, str) or not name:
        raise NotLetIn(
            f"認証基盤が利用者名（{provider().username_claim}）を伝えていません。"
            "システムの管理者に知らせてください。"
        )
    texts = {key: value for key, value in claims.items() if isinstance(value, str)}
    return Person(
        username=name,
        last_name=texts.get("family_name", ""),
        first_name=texts.get("given_name", ""),
        email=texts.get("email", ""),
        subject=f"{provider().issuer} {claims['sub']}",
    )


class Start(OIDCAuthenticationRequestView):
    """Leads to the provider."""

    get_settings = staticmethod(library_setting)


class Callback(OIDCAuthenticationCallbackView):
    """Where the provider leads back to, with a code.

    Raises SuspiciousOperation for what this browser has not begun.
    """

    get_settings = staticmethod(library_setting)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Log in. Without a code nothing is done: the library would log out whoever is in."""
        if not (request.GET.get("code") and request.GET.get("state")):
            raise SuspiciousOperation(str(request.GET.get("error", "no code")))
        answer: HttpResponse = super().get(request)
        return answer

    def login_success(self) -> HttpResponse:
        """Begin the session with its note in the audit; both or none."""
        with transaction.atomic():
            answer: HttpResponse = super().login_success()
        return redirect("kept_form") if has_kept_form(self.user) else answer

    def login_failure(self) -> HttpResponse:
        """Nobody is let in; why is kept with the request."""
        raise SuspiciousOperation("nobody is let in")


def logout_address(request: HttpRequest) -> str:
    """Where the provider logs out whoever signed on there; empty where it has no such page.

    One on another host is none: the content security policy lets a form lead to the issuer's alone.
    """
    backend = request.session.get(BACKEND_SESSION_KEY, "")
    token = request.session.get(_ID_TOKEN)
    if not backend.endswith(".OidcBackend") or not token:
        return ""
    try:
        address = str(description().get("end_session_endpoint", ""))
    except Unavailable:
        return ""
    if not address.startswith(f"{provider().origin}/"):
        return ""
    back = request.build_absolute_uri(reverse("login"))
    query = {
        "id_token_hint": token,
        "client_id": provider().client_id,
        "post_logout_redirect_uri": back,
    }
    return f"{address}?{urlencode(query)}"
