"""From somebody who is known elsewhere to their account here."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.audit.writing import acting_as, note
from accounts.models import Account, Kind, Way
from accounts.passwords import is_shut_out
from accounts.role_names import ROLES
from accounts.sign_on.refusals import NotLetIn
from accounts.ways import way_of
from common.people import name_with_login
from common.reading.texts import clean_text


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a directory or a provider describes them.

    A name or mail that is empty there leaves the app's own. `roles` is None where roles are given
    in the app. `subject` is what the provider never gives to another person, empty if it has none.
    """

    username: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    roles: frozenset[str] | None = None
    subject: str = ""


def known_as(username: str) -> User | None:
    """The account of exactly this name."""
    return User.objects.select_related("account").filter(username=username).first()


def may_come_in(user: User, way: Way) -> bool:
    """Whether the account may come in by this way. Superusers have passwords here."""
    return (
        user.is_active and not user.is_superuser and not is_shut_out(user) and way_of(user) == way
    )


def choose_way(user: User, way: Way) -> None:
    """Let the account come in by this way from now on: password and sessions of it end."""
    way = Way(way)  # a shell gives a text
    account, _made = Account.objects.get_or_create(user=user)
    before = Way(account.sign_on)
    if before == way:
        return
    with transaction.atomic():
        account.sign_on, account.subject = way, ""
        account.save()
        user.account = account
        user.set_unusable_password()
        user.save()
        what = f"利用者「{name_with_login(user)}」のログインの方法"
        note(Kind.USER, what, before=before.label, after=way.label)


def account_of(person: Person, way: Way, *, may_create: bool) -> User:
    """The account of somebody who has just proved who they are, brought up to date.

    Raises NotLetIn where there is none, or it is not theirs to use.
    """
    name = person.username
    if person.roles is not None and not person.roles:
        raise NotLetIn(
            f"利用者「{name}」は、このシステムの役割を与えるグループのどれにも入っていません。"
            "システムの管理者に問い合わせてください。",
            name,
        )
    with transaction.atomic(), acting_as(way.label):
        user = known_as(name) or (_create(name, way) if may_create else None)
        if user is None:
            raise NotLetIn(
                f"利用者「{name}」は、このシステムに登録されていません。"
                "企画担当に登録を頼んでください。",
                name,
            )
        _check(user, person, way)
        _bring_up_to_date(user, person)
    return user


def _create(name: str, way: Way) -> User:
    """A new account; one that is being made at the same moment will do as well."""
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        raise NotLetIn(f"「{name}」は、このシステムの利用者名にできません。") from None
    if len(name) > 150 or User.objects.filter(username__iexact=name).exists():
        raise NotLetIn(
            f"「{name}」は長すぎるか、大文字と小文字だけが違う利用者名がすでにあります。"
            "企画担当に登録を頼んでください。",
            name,
        )
    user, is_new = User.objects.get_or_create(
        username=name, defaults={"password": make_password(None)}
    )
    if is_new:
        Account.objects.update_or_create(user=user, defaults={"sign_on": way})
    return User.objects.select_related("account").get(pk=user.pk)


def _check(user: User, person: Person, way: Way) -> None:
    name = person.username
    if user.is_superuser or way_of(user) != way:
        raise NotLetIn(
            f"利用者「{name}」のログインの方法は、{way.label}ではありません。"
            "企画担当に問い合わせてください。",
            name,
        )
    if not may_come_in(user, way):
        raise NotLetIn(
            f"利用者「{name}」は、このシステムで無効になっています。"
            "企画担当に問い合わせてください。",
            name,
        )
    issuer, _, _subject = person.subject.partition(" ")
    bound = user.account.subject
    # What another provider said of the name binds nobody: whoever changes the provider means it.
    if bound.startswith(f"{issuer} ") and bound != person.subject:
        raise NotLetIn(
            f"利用者「{name}」は、前にこの名前でログインした人とは別の人として認証されました。"
            "同じ人なら、企画担当が「ログインの方法」を選び直してください。",
            name,
        )


def _bring_up_to_date(user: User, person: Person) -> None:
    """Write what differs, so that the audit tells of changes alone."""
    told = {
        "last_name": clean_text(person.last_name)[:150],
        "first_name": clean_text(person.first_name)[:150],
        "email": _mail(person.email),
    }
    changed = [name for name, text in told.items() if text and text != getattr(user, name)]
    for name in changed:
        setattr(user, name, told[name])
    if changed:
        user.save(update_fields=changed)
    if person.subject and user.account.subject != person.subject:
        user.account.subject = person.subject
        user.account.save()
    if person.roles is not None:
        _give_roles(user, person.roles)


def _give_roles(user: User, roles: frozenset[str]) -> None:
    """Exactly these of the three roles; other groups, a superuser's business, stay."""
    rest = user.groups.exclude(name__in=ROLES)
    user.groups.set(Group.objects.filter(name__in=roles) | Group.objects.filter(pk__in=rest))


def _mail(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""
