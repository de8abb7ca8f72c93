"""From where somebody asks, when a proxy stands in front too."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address that the proxy saw; used only where PROXY is set.

    A proxy appends what it saw to X-Forwarded-For, so the last entry is the proxy's
    own word and those before it are whatever the client chose to send. Without a
    readable entry it is the address of the connection itself.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(seen))
    except ValueError:
        return request.META.get("REMOTE_ADDR")


def address_of(request: HttpRequest) -> str | None:
    """The client's address as the database takes it; None where there is none (a socket file)."""
    seen = client_address(request) if settings.PROXY else request.META.get("REMOTE_ADDR")
    try:
        return str(ip_address((seen or "").partition("%")[0]))
    except ValueError:
        return None
