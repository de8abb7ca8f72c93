"""The admin's forms of a user, with the way by which the account comes in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User

from accounts.models import Way
from accounts.ways import way_of

_HELP = (
    "パスワード以外を選ぶと、このシステムのパスワードはなくなり、今のログインは終わります。"
    "利用者名は、選んだ先での利用者名と同じにします（大文字と小文字も）。"
)


def ways_in() -> list[Way]:
    """The ways that this installation has."""
    configured = {Way.LDAP: settings.LDAP, Way.OIDC: settings.OIDC, Way.PROXY: settings.REMOTE_USER}
    return [Way.PASSWORD, *(way for way, config in configured.items() if config)]


def way_field(way: Way = Way.PASSWORD) -> forms.ChoiceField:
    """A choice between the ways that there are, and what the account has; no answer keeps that."""
    offered = [one for one in Way if one in ways_in() or one == way]
    return forms.ChoiceField(
        label="ログインの方法",
        choices=[(one.value, one.label) for one in offered],
        initial=way.value,
        required=False,
        help_text=_HELP,
    )


class PersonForm(UserChangeForm[User]):
    """A user who is there."""

    sign_on = forms.ChoiceField(required=False)  # which the admin looks for on the class

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sign_on"] = way_field(way_of(self.instance))


class NewPersonForm(AdminUserCreationForm[User]):
    """A new user, who gets no password here where they sign on elsewhere."""

    sign_on = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sign_on"] = way_field()

    def clean(self) -> dict[str, Any]:
        """Ask for a password where it is the way in."""
        if self.cleaned_data.get("sign_on") not in {None, "", Way.PASSWORD}:
            self.cleaned_data["usable_password"] = "false"  # noqa: S105 - a choice
        return super().clean() or self.cleaned_data
