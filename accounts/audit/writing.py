"""Writing an entry: who acts now, under which name, and from where."""

import getpass
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from simple_history.models import HistoricalRecords

from accounts.client_address import address_of
from accounts.models import AuditEntry, Kind
from common.history import acting_name, acting_person
from common.reading.texts import clean_text

logger = logging.getLogger(__name__)

COMMAND = "コマンド"
# Who acts before anybody is logged in: a directory that gives somebody a role.
_acting: ContextVar[str] = ContextVar("acting", default="")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as they are named today. Without an account `person` is None."""

    person: int | None
    login: str
    name: str
    address: str | None


def note(
    kind: Kind,
    what: str,
    *,
    before: str = "",
    after: str = "",
    user: Any = None,
    request: HttpRequest | None = None,
) -> None:
    """Add an entry, in the transaction that is open: what it tells of is undone without it.

    `user` is who acted, `request` the one that is being answered; without them both are found.
    Whatever is no request's is a command's, under the name of the system's user.
    """
    actor = actor_of(user, request)
    AuditEntry(
        kind=kind,
        what=clean_text(what),
        before=before,
        after=after,
        person_id=actor.person,
        login=actor.login,
        name=actor.name,
        address=actor.address,
    ).save()


def note_reading(kind: Kind, what: str, *, user: Any = None) -> None:
    """Add an entry about what was only read; where it can't be written, the log has it instead.

    One INSERT. A page is answered from a database that takes none, too.
    """
    try:
        with _savepoint():
            note(kind, what, user=user)
    except DatabaseError as error:
        logger.warning("監査の記録を書けませんでした：%s「%s」（%s）", kind.label, what, error)


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Note what is done meanwhile under this name, where nobody is logged in yet."""
    token = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(token)


def actor_of(user: Any = None, request: HttpRequest | None = None) -> Actor:
    """Who acts now: the user that is named, the one acted for, the request's, or a command's."""
    request = request or request_now()
    address = address_of(request) if request else None
    user = user or acting_person() or getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Actor(user.pk, user.get_username(), acting_name(user), address)
    if request is not None:
        return Actor(None, "", _acting.get(), address)
    return Actor(None, system_user(), acting_name(None) or COMMAND, None)


def request_now() -> HttpRequest | None:
    """The request that this thread answers, by simple-history's middleware; None for a command."""
    return getattr(HistoricalRecords.context, "request", None)


def system_user() -> str:
    """The name of the system's user that runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return ""


def _savepoint() -> AbstractContextManager[None]:
    """What keeps a failed INSERT from spoiling the transaction around it, if there is one."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
