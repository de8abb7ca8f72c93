"""How a directory, a provider, a proxy is reached; the settings hold one of each, or None."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Ldap:
    """A directory that knows who somebody is by name and password.

    `servers` are URLs, asked in this order. `attributes` are those of login name, family name,
    given name and mail. `roles` are pairs of a role's name and a group's DN; without any, roles
    are given in the app. Empty: `ca_file` (the system's authorities), `bind_dn` (anonymous).
    """

    servers: tuple[str, ...]
    search_base: str
    starttls: bool = False
    ca_file: str = ""
    bind_dn: str = ""
    bind_password: str = field(default="", repr=False)
    person_filter: str = "(objectClass=person)"
    attributes: tuple[str, str, str, str] = ("uid", "sn", "givenName", "mail")
    roles: tuple[tuple[str, str], ...] = ()
    creates_users: bool = False


@dataclass(frozen=True)
class OpenIdConnect:
    """An OpenID provider, and how this app is registered with it.

    `username_claim` is the claim that holds the login name. `ca_file` may be empty.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    username_claim: str = "preferred_username"
    ca_file: str = ""
    creates_users: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a content security policy names them."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class ProxyUser:
    """The header in which the proxy names who has signed on there, and the proxy's own secret."""

    header: str
    secret: str = field(repr=False)


def is_safe_url(url: str) -> bool:
    """Whether it is https, or stays on this machine."""
    parts = urlsplit(url)
    is_http = parts.scheme == "http" and parts.hostname in LOOPBACK
    return (parts.scheme == "https" and bool(parts.hostname)) or is_http
