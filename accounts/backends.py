"""Who gets in with a password, and whose session is still good."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

from accounts.models import Way
from accounts.passwords import DEMO_PASSWORD, is_shut_out
from accounts.ways import way_of


class DemoShutOut(ModelBackend):
    """What every way of signing on has in common: a demo's account is let in where DEMO is on.

    A backend of another kind takes this for its base, before its own.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Whether the account is active, and no demo's left behind."""
        return super().user_can_authenticate(user) and not is_shut_out(user)

    def get_user(self, user_id: Any) -> User | None:
        """The session's user with their marks, in one query; None ends the session."""
        user = User.objects.select_related("account").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class PasswordBackend(DemoShutOut):
    """Name and password, as the database has them."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. A published password opens nothing where DEMO is off.

        Nor does any password for an account that signs on elsewhere.
        """
        if password == DEMO_PASSWORD and not settings.DEMO:
            return None
        user = super().authenticate(request, username, password, **kwargs)
        return user if way_of(user) == Way.PASSWORD else None
