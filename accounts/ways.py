"""By which way an account comes in."""

from typing import Any

from accounts.models import Way


def way_of(user: Any) -> Way:
    """The account's one way; a password where nothing is said of it."""
    account = getattr(user, "account", None)
    return Way(account.sign_on) if account is not None else Way.PASSWORD
