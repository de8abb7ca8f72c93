"""What the environment says of signing on elsewhere: LDAP, OpenID Connect, a proxy's user.

Each is off unless its first variable is set. One that is half configured, would send passwords
in the clear, or lacks its package stops the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from accounts.role_names import ROLES
from accounts.sign_on.configs import LOOPBACK, Ldap, OpenIdConnect, ProxyUser, is_safe_url
from omuta_strategy.secret_key import weakness

_INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements-sign-on.txt"


@dataclass(frozen=True, slots=True)
class Environment:
    """How settings.py reads a variable: a text, and a switch."""

    text: Callable[..., str]
    switch: Callable[[str], bool]

    def group(self, *names: str) -> dict[str, str]:
        """The texts of several variables, by name; empty where one isn't set."""
        return {name: self.text(name, default="").strip() for name in names}


def read_ldap(env: Environment) -> Ldap | None:
    """The directory; None without LDAP_URL."""
    values = env.group(
        "LDAP_URL", "LDAP_STARTTLS", "LDAP_CA_FILE", "LDAP_BIND_DN", "LDAP_BIND_PASSWORD",
        "LDAP_SEARCH_BASE", "LDAP_FILTER", "LDAP_ATTRIBUTES", "LDAP_ROLES", "LDAP_CREATE_USERS",
    )  # fmt: skip
    if not _is_on(values, needs=("LDAP_URL", "LDAP_SEARCH_BASE")):
        return None
    if bool(values["LDAP_BIND_DN"]) != bool(values["LDAP_BIND_PASSWORD"]):
        raise ImproperlyConfigured(
            "LDAP_BIND_DN and LDAP_BIND_PASSWORD belong together: set both, or neither where the "
            "directory may be searched anonymously."
        )
    _needs_package("ldap3", "LDAP_URL")
    starttls = env.switch("LDAP_STARTTLS")
    servers = tuple(part.strip() for part in values["LDAP_URL"].split(","))
    for server in servers:
        _check_ldap_url(server, starttls=starttls)
    return Ldap(
        servers=servers,
        search_base=values["LDAP_SEARCH_BASE"],
        starttls=starttls,
        ca_file=_file(values, "LDAP_CA_FILE"),
        bind_dn=values["LDAP_BIND_DN"],
        bind_password=values["LDAP_BIND_PASSWORD"],
        person_filter=_filter(values["LDAP_FILTER"] or Ldap.person_filter),
        attributes=_attributes(values["LDAP_ATTRIBUTES"]),
        roles=_roles(values["LDAP_ROLES"]),
        creates_users=env.switch("LDAP_CREATE_USERS"),
    )


def read_oidc(env: Environment) -> OpenIdConnect | None:
    """The OpenID provider; None without OIDC_ISSUER."""
    values = env.group(
        "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_USERNAME_CLAIM",
        "OIDC_CA_FILE", "OIDC_CREATE_USERS",
    )  # fmt: skip
    if not _is_on(values, needs=("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")):
        return None
    if not is_safe_url(values["OIDC_ISSUER"]):
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is {values['OIDC_ISSUER']!r}: write the provider's https:// address, "
            "as its /.well-known/openid-configuration names it."
        )
    _needs_package("mozilla_django_oidc", "OIDC_ISSUER")
    return OpenIdConnect(
        issuer=values["OIDC_ISSUER"],
        client_id=values["OIDC_CLIENT_ID"],
        client_secret=values["OIDC_CLIENT_SECRET"],
        username_claim=values["OIDC_USERNAME_CLAIM"] or OpenIdConnect.username_claim,
        ca_file=_file(values, "OIDC_CA_FILE"),
        creates_users=env.switch("OIDC_CREATE_USERS"),
    )


def read_proxy_user(env: Environment, *, behind_proxy: bool) -> ProxyUser | None:
    """How the proxy names its user; None without REMOTE_USER_HEADER."""
    values = env.group("REMOTE_USER_HEADER", "REMOTE_USER_SECRET")
    if not _is_on(values, needs=("REMOTE_USER_HEADER", "REMOTE_USER_SECRET")):
        return None
    header = values["REMOTE_USER_HEADER"]
    if not behind_proxy:
        raise ImproperlyConfigured(
            "REMOTE_USER_HEADER is set and PROXY is off: only a proxy in front of the app may say "
            "who somebody is. Set PROXY=1, or take REMOTE_USER_HEADER away."
        )
    if not header.replace("-", "").isalnum() or not header.isascii():
        raise ImproperlyConfigured(
            f"REMOTE_USER_HEADER is {header!r}: write a header's name, e.g. X-Remote-User."
        )
    if wrong := weakness(values["REMOTE_USER_SECRET"]):
        raise ImproperlyConfigured(
            f"REMOTE_USER_SECRET {wrong}: whoever guesses it signs on as anybody. Make one with\n"
            '    python -c "import secrets; print(secrets.token_urlsafe(50))"\n'
            "and write it into .env and into the proxy's configuration (X-Proxy-Secret)."
        )
    return ProxyUser(header=header, secret=values["REMOTE_USER_SECRET"])


def backends(
    *, ldap: Ldap | None, oidc: OpenIdConnect | None, proxy_user: ProxyUser | None
) -> list[str]:
    """Those of the configured ways, to stand behind the one of passwords."""
    ways = {"LdapBackend": ldap, "OidcBackend": oidc, "ProxyBackend": proxy_user}
    return [f"accounts.sign_on.backends.{name}" for name, way in ways.items() if way]


def _is_on(values: Mapping[str, str], *, needs: tuple[str, ...]) -> bool:
    """Whether the first of what is needed is set; raise if the rest doesn't fit."""
    given = [name for name, value in values.items() if value]
    missing = [name for name in needs if not values[name]]
    if given and missing:
        raise ImproperlyConfigured(
            f"{given[0]} is set and {' and '.join(missing)} is not: set it too, or take "
            f"every {needs[0].partition('_')[0]}_… away (.env.example)."
        )
    return bool(given)


def _needs_package(module: str, variable: str) -> None:
    if find_spec(module) is None:
        raise ImproperlyConfigured(
            f"{variable} is set, and the package {module} is not installed. Install it with\n"
            f"    {_INSTALL}"
        )


def _check_ldap_url(url: str, *, starttls: bool) -> None:
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in {"ldap", "ldaps"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        is_url = False
    if not is_url or parts.path.strip("/") or parts.query or parts.username:
        raise ImproperlyConfigured(
            f"LDAP_URL has {url!r}: write ldaps://server or ldap://server:389, several separated "
            "by commas; the search base goes into LDAP_SEARCH_BASE."
        )
    if starttls and parts.scheme == "ldaps":
        raise ImproperlyConfigured("LDAP_STARTTLS is for ldap://; ldaps:// is encrypted already.")
    if parts.scheme == "ldap" and not starttls and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            f"LDAP_URL has {url!r}, which would carry passwords in the clear: write ldaps://, or "
            "set LDAP_STARTTLS=1."
        )


def _file(values: Mapping[str, str], name: str) -> str:
    if values[name] and not Path(values[name]).is_file():
        raise ImproperlyConfigured(
            f"{name} is {values[name]!r}, and there is no such file. Write the path of the "
            "authority's certificate (PEM), or leave it empty for the system's own."
        )
    return values[name]


def _filter(text: str) -> str:
    if not (text.startswith("(") and text.endswith(")")) or text.count("(") != text.count(")"):
        raise ImproperlyConfigured(
            f"LDAP_FILTER is {text!r}: write a filter in brackets, e.g. (objectClass=person)."
        )
    return text


def _attributes(text: str) -> tuple[str, str, str, str]:
    if not text:
        return Ldap.attributes
    match [part.strip() for part in text.split(",")]:
        case [name, family, given, mail] if name and family and given and mail:
            return name, family, given, mail
    raise ImproperlyConfigured(
        f"LDAP_ATTRIBUTES is {text!r}: write those of login name, family name, given name and "
        "mail, e.g. sAMAccountName,sn,givenName,mail."
    )


def _roles(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        role, _, group = part.partition("=")
        if role.strip() not in ROLES or "=" not in group:
            raise ImproperlyConfigured(
                f"LDAP_ROLES has {part!r}: write a role ({'、'.join(ROLES)}), = and a group's DN, "
                "several separated by semicolons."
            )
        pairs.append((role.strip(), group.strip()))
    return tuple(pairs)
