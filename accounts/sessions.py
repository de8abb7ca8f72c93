"""The session engine: Django's, whose sessions end without an act, and after a working day.

A session that has ended is none, for whatever reads it; nothing has to be written to end it.
"""

import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Session

logger = logging.getLogger(__name__)

BEGAN = "began"  # in a session's data: seconds since 1970 of the login
_NOTED_EVERY = timedelta(minutes=1)
_REMEMBERED = timedelta(hours=24)


class SessionStore(db.SessionStore):
    """A session with the moment of its user's last act, None where nothing is stored."""

    seen_at: datetime | None = None

    @property
    def is_read(self) -> bool:
        """Whether it is known what it holds, so that no database is asked for it again."""
        return self.modified or self.seen_at is not None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Any:
        """The stored row, in Django's one query; None where the session has ended."""
        row: Any = super()._get_session_from_db()  # type: ignore[misc] # not in the stubs
        if row is not None and timezone.now() - row.seen_at >= idle_time():
            self._session_key = None
            return None
        self.seen_at = row.seen_at if row is not None else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to save, which is an act too."""
        row: Any = super().create_model_instance(data)
        row.seen_at = timezone.now()
        return row

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """12 hours after the login, however often the session is saved in between."""
        began = self.get(BEGAN)
        if began is None:
            return super().get_expiry_date(**kwargs)
        return datetime.fromtimestamp(began, UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    def note_act(self) -> None:
        """Keep that the user has just done something: once a minute, without waiting for anybody.

        Where the row or the database is locked, or takes no write, the next request tries again.
        """
        now = timezone.now()
        if self.seen_at is None or now - self.seen_at < _NOTED_EVERY:
            return
        try:
            with _without_waiting():
                if _is_free(self.session_key):
                    Session.objects.filter(pk=self.session_key).update(seen_at=now)
        except DatabaseError as error:
            logger.info("The last act of a session was not noted: %s", error)


def idle_time() -> timedelta:
    """How long a session lives without an act."""
    return timedelta(minutes=settings.IDLE_MINUTES)


def former_user(session_key: str | None) -> int | None:
    """Whose session it was that has ended; None for one unknown, open, or ended long ago."""
    if not session_key:
        return None
    since = timezone.now() - _REMEMBERED
    row = Session.objects.filter(session_key=session_key, seen_at__gt=since).first()
    user = row.get_decoded().get("_auth_user_id") if row is not None else None
    return int(user) if user is not None else None


@contextlib.contextmanager
def _without_waiting() -> Any:
    """A transaction that fails at once where another writes; PostgreSQL's rows are asked singly."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        (milliseconds,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")


def _is_free(session_key: str | None) -> bool:
    """Whether nobody holds the session's row; SQLite has no locks of rows."""
    if connection.vendor == "sqlite":
        return True
    rows = Session.objects.select_for_update(skip_locked=True).filter(pk=session_key)
    return rows.values_list("pk", flat=True).first() is not None
