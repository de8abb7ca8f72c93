"""The backends of the ways to sign on; the settings list those that are configured."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts.backends import DemoShutOut
from accounts.models import Way
from accounts.sign_on.people import Person, account_of, known_as, may_come_in
from accounts.sign_on.refusals import NotLetIn, keep_refusal


class _Elsewhere(DemoShutOut):
    """What the three have in common: somebody is known, and now their account is looked for."""

    way: Way

    def let_in(self, request: Any, person: Person, *, may_create: bool) -> User | None:
        try:
            return account_of(person, self.way, may_create=may_create)
        except NotLetIn as refused:
            keep_refusal(request, refused)
            return None


class LdapBackend(_Elsewhere):
    """Name and password, as a directory has them."""

    way = Way.LDAP

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. Raises Unavailable where no directory answers.

        The directory is asked of those alone whom it could let in: passwords of accounts of this
        app, and names that nobody has here, don't go there.
        """
        directory = settings.LDAP
        if directory is None or not username or not password:
            return None
        user = known_as(username)
        if not (may_come_in(user, self.way) if user else directory.creates_users):
            return None
        from accounts.sign_on.ldap import find_person  # noqa: PLC0415 - needs the extra

        person = find_person(directory, username, password)
        if person is None:
            return None
        return self.let_in(request, person, may_create=directory.creates_users)


class OidcBackend(_Elsewhere):
    """A code from the OpenID provider."""

    way = Way.OIDC

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        *,
        nonce: str = "",
        code_verifier: str = "",
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. Raises Unavailable where the provider doesn't answer."""
        if request is None or not nonce or not code_verifier:
            return None
        from accounts.sign_on.oidc import Flow, provider  # noqa: PLC0415 - needs the extra

        try:
            person = Flow().person(request, nonce, code_verifier)
        except NotLetIn as refused:
            keep_refusal(request, refused)
            return None
        if person is None:
            return None
        return self.let_in(request, person, may_create=provider().creates_users)


class ProxyBackend(_Elsewhere):
    """A name from the proxy, which `accounts.sign_on.proxy` has made sure of."""

    way = Way.PROXY

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        *,
        named_by_proxy: bool = False,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. Accounts are never made: the proxy knows but a name."""
        if not username or not named_by_proxy:
            return None
        return self.let_in(request, Person(username), may_create=False)
