"""Which passwords are refused beside Django's rules, and which are changed at first login."""

from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.hashers import check_password, identify_hasher
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from accounts.models import Account
from common.reading.names import comparable

# The demo's, which docs/interface.md prints: no account has it where DEMO is off.
DEMO_PASSWORD = "omuta-demo-2024"  # noqa: S105 - published
# Of ten characters of the one, this many are where the other has them.
_NEAR = 0.75
_SHORTEST_CORE = 5
_COMPARED = 200  # characters: comparing takes the square of them

SAME = "今と同じパスワードです。別のものにしてください。"
NEAR = "今のパスワードに似すぎています。数字や記号を変えるだけでなく、別のものにしてください。"
PUBLISHED = "デモで公開しているパスワードです。別のものにしてください。"


class NewPasswordValidator:
    """Refuses the password that the account has already, and the demo's, whoever sets it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with the sentence."""
        if password == DEMO_PASSWORD:
            raise ValidationError(PUBLISHED, code="password_published")
        # Not the user's own method, which would write the hash anew where it is an old one.
        if user is not None and user.pk and check_password(password, user.password):
            raise ValidationError(SAME, code="password_unchanged")

    def get_help_text(self) -> str:
        """For forms that list the rules."""
        return "今と同じパスワードは使えません。"


class OwnPasswordForm(PasswordChangeForm):
    """Django's form of one's own password, which knows the old one and refuses what is near it."""

    def clean(self) -> dict[str, Any]:
        """Name a password that is the old one with a change of its end, say."""
        cleaned = super().clean() or self.cleaned_data
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if old and new and old != new and is_near(old, new):
            self.add_error("new_password2", ValidationError(NEAR, code="password_near"))
        return cleaned


def is_near(old: str, new: str) -> bool:
    """Whether who knows the old password would guess the new one.

    Width and case don't count, nor do figures and signs at all (`kawara-2026` and `KAWARA_27`
    are near); nor does what is added to the whole of the other.
    """
    old, new = comparable(old)[:_COMPARED], comparable(new)[:_COMPARED]
    core = _letters(old)
    if core == _letters(new) and len(core) >= _SHORTEST_CORE:
        return True
    if len(old) >= _SHORTEST_CORE and (old in new or new in old):
        return True
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= _NEAR


def is_rehash(user: User, before: str) -> bool:
    """Whether Django wrote the same password under today's hash, as it does at a login."""
    if getattr(user, "_password", None) is not None:  # what set_password() was given
        return False
    try:
        old, new = identify_hasher(before), identify_hasher(user.password)
    except ValueError:  # no usable password before, or now
        return False
    return old.algorithm != new.algorithm or old.must_update(before)


def password_was_set(user: User, *, by_themselves: bool) -> None:
    """Keep whether the account's password is its owner's own, or has to be changed first."""
    account, _made = Account.objects.get_or_create(user=user)
    must_change = user.has_usable_password() and not by_themselves and not account.is_demo
    if account.must_change_password != must_change:
        account.must_change_password = must_change
        account.save()


def mark_as_demo(user: User) -> None:
    """Make an account the demo's: its password is published, and may stay while DEMO is on."""
    Account.objects.update_or_create(
        user=user, defaults={"is_demo": True, "must_change_password": False}
    )


def is_shut_out(user: Any) -> bool:
    """Whether the account is a demo's where DEMO is off."""
    if settings.DEMO:
        return False
    account = getattr(user, "account", None)
    return account is not None and account.is_demo


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
