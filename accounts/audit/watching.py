"""What is noted by itself: signing on and off, and every change of an account or a role.

Django's signals tell of it whatever the door: a page, the admin, a command, a shell. `update()`
and SQL go past them, as does `loaddata`, which brings a copy and not an act.
"""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError
from django.db.models.signals import post_save, pre_delete, pre_save
from django.http import HttpRequest

from accounts.audit.links import watch_links
from accounts.audit.writing import logger, note, request_now
from accounts.models import Kind, Way
from accounts.passwords import is_rehash, password_was_set
from accounts.sign_on.refusals import refusal_of
from accounts.ways import way_of
from common.people import name_with_login

_FLAGS = {"is_active": "有効", "is_staff": "スタッフ権限", "is_superuser": "スーパーユーザー"}
_NAMES = {"username": "利用者名", "last_name": "姓", "first_name": "名", "email": "メール"}
_WATCHED = (*_FLAGS, *_NAMES, "password")
_BEFORE = "_audited_before"


def watch_accounts() -> None:
    """Connect everything; called once, when the app is ready."""
    for signal, receiver in (
        (user_logged_in, _logged_in),
        (user_logged_out, _logged_out),
        (user_login_failed, _login_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"audit {receiver.__name__}")
    pre_save.connect(_before_saving, sender=User, dispatch_uid="audit before user")
    post_save.connect(_saved, sender=User, dispatch_uid="audit user")
    pre_delete.connect(_deleted, sender=User, dispatch_uid="audit user deleted")
    pre_save.connect(_before_role, sender=Group, dispatch_uid="audit before role")
    post_save.connect(_role_saved, sender=Group, dispatch_uid="audit role")
    pre_delete.connect(_role_deleted, sender=Group, dispatch_uid="audit role deleted")
    watch_links(
        User.groups.through,
        name="groups",
        what=lambda user: f"{_user(user)}の役割",
        linked=_roles,
    )
    watch_links(
        User.user_permissions.through,
        name="user_permissions",
        what=lambda user: f"{_user(user)}に直接与えた権限",
        linked=lambda user: _codes(user.user_permissions),
    )
    watch_links(
        Group.permissions.through,
        name="permissions",
        what=lambda group: f"役割「{group.name}」の権限",
        linked=lambda group: _codes(group.permissions),
    )


def note_lock_out(
    sender: object, request: HttpRequest, username: str | None = None, **_signal: Any
) -> None:
    """Tell that axes begins to refuse; it says so again at every further attempt."""
    if getattr(request, "axes_failures_since_start", None) is not None:
        what = "失敗が続いたため、しばらくログインを受け付けない"
        note(Kind.LOCK_OUT, what, user=_account(username) or AnonymousUser(), request=request)


def _logged_in(sender: object, request: HttpRequest, user: AbstractUser, **_signal: Any) -> None:
    way = way_of(user)
    what = "ログイン" if way == Way.PASSWORD else f"ログイン：{way.label}"
    note(Kind.LOGIN, what, user=user, request=request)


def _logged_out(
    sender: object, request: HttpRequest, user: AbstractUser | None, **_signal: Any
) -> None:
    """The note of a logout never keeps anybody in."""
    if user is None:
        return
    try:
        note(Kind.LOGOUT, "ログアウト", user=user, request=request)
    except DatabaseError as error:
        logger.warning("ログアウトを監査の記録に書けませんでした：%s（%s）", user, error)


def _login_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any
) -> None:
    """Who wasn't let in. A name that nobody has isn't kept: it may be a password typed early."""
    if request is None or getattr(request, "axes_locked_out", False):
        return
    refused = refusal_of(request)
    known = _account(credentials.get("username") or (refused.username if refused else ""))
    if refused:
        what = str(refused)
    elif sender == "accounts.password_page":
        what = "パスワードの変更で、今のパスワードが違う"
    elif not credentials.get("username"):
        what = "認証基盤の答えを受け付けられない"
    elif known is None:
        what = "登録のない利用者名"
    else:
        what = "パスワードが違うか、ログインできない利用者"
    # Whoever is logged in at that screen meanwhile is not who tried.
    note(Kind.FAILURE, what, user=known or AnonymousUser(), request=request)


def _before_saving(
    instance: User, using: str, *, raw: bool, update_fields: Any = None, **_signal: Any
) -> None:
    if raw or (update_fields is not None and not set(update_fields) & set(_WATCHED)):
        return
    before = None
    if not instance._state.adding:  # noqa: SLF001 - Django documents it
        rows = User.objects.using(using).filter(pk=instance.pk)
        before = rows.values(*_WATCHED).first()
    setattr(instance, _BEFORE, before)


def _saved(instance: User, **_signal: Any) -> None:
    if _BEFORE not in instance.__dict__:
        return
    before = instance.__dict__.pop(_BEFORE)
    after = {name: getattr(instance, name) for name in _WATCHED}
    if before is None:
        note(Kind.USER, f"{_user(instance)}を登録", after=_flags(after))
        if instance.has_usable_password():
            password_was_set(instance, by_themselves=False)
        return
    if _names(before) != _names(after):
        note(
            Kind.USER,
            f"{_user(instance)}の氏名など",
            before=_names(before),
            after=_names(after),
        )
    if _flags(before) != _flags(after):
        note(Kind.ROLE, f"{_user(instance)}の権限", before=_flags(before), after=_flags(after))
    if before["password"] != after["password"] and not is_rehash(instance, before["password"]):
        _password_changed(instance)


def _password_changed(user: User) -> None:
    by_themselves = getattr(getattr(request_now(), "user", None), "pk", None) == user.pk
    password_was_set(user, by_themselves=by_themselves)
    if by_themselves:
        note(Kind.PASSWORD, "自分のパスワードを変えた")
    elif user.has_usable_password():
        note(Kind.PASSWORD, f"{_user(user)}のパスワードを決めた")
    else:
        note(Kind.PASSWORD, f"{_user(user)}のパスワードをなくした")


def _deleted(instance: User, **_signal: Any) -> None:
    flags = _flags({name: getattr(instance, name) for name in _FLAGS})
    roles = "、".join(sorted(_roles(instance))) or "なし"
    note(Kind.USER, f"{_user(instance)}を削除", before=f"{flags}（役割：{roles}）")


def _before_role(instance: Group, *, raw: bool, **_signal: Any) -> None:
    if not raw:
        name = Group.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
        setattr(instance, _BEFORE, name)


def _role_saved(instance: Group, **_signal: Any) -> None:
    if _BEFORE not in instance.__dict__:
        return
    before = instance.__dict__.pop(_BEFORE)
    if before is None:
        note(Kind.ROLE, f"役割「{instance.name}」を登録")
    elif before != instance.name:
        note(Kind.ROLE, "役割の名前", before=before, after=instance.name)


def _role_deleted(instance: Group, **_signal: Any) -> None:
    note(Kind.ROLE, f"役割「{instance.name}」を削除")


def _account(username: str | None) -> User | None:
    return User.objects.filter(username=username or "").first()


def _user(user: Any) -> str:
    return f"利用者「{name_with_login(user)}」"


def _roles(user: Any) -> list[str]:
    return list(user.groups.order_by().values_list("name", flat=True))


def _codes(permissions: Any) -> list[str]:
    rows: Any = Permission.objects.filter(pk__in=permissions.order_by().values("pk"))
    return [
        f"{app}.{code}"
        for app, code in rows.order_by().values_list("content_type__app_label", "codename")
    ]


def _flags(values: dict[str, Any]) -> str:
    """`有効、スタッフ権限`, `無効`."""
    marks = [word for name, word in _FLAGS.items() if values[name]]
    return "、".join(marks if values["is_active"] else ["無効", *marks])


def _names(values: dict[str, Any]) -> str:
    return "、".join(f"{word}：{values[name]}" for name, word in _NAMES.items() if values[name])
