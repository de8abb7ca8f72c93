"""Lines of the log, as JSON for machines or plain for people, and each says whose request it is."""

import json
import logging
import time
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.client_address import address_of
from omuta_strategy.watching import Watch, current


def about(watch: Watch) -> dict[str, Any]:
    """What every line says of the request in whose answering it is written."""
    request = watch.request
    return {
        "request": watch.number,
        "user": watch.user or _user_name(request),
        "method": request.method,
        "path": request.path,
        "address": address_of(request) or "",
    }


def milliseconds_since(started: float) -> float:
    """Milliseconds since a moment of `time.monotonic()`, to a tenth."""
    return round((time.monotonic() - started) * 1000, 1)


def _user_name(request: Any) -> str:
    """The login name, where somebody has asked for the user already: no query for a log."""
    user = request.__dict__.get("_cached_user")
    return user.get_username() if user is not None and user.is_authenticated else ""


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    Always `time` (ISO 8601 with zone), `level`, `logger`, `message`; within a request `request`
    (its number), `user`, `method`, `path`, `address`; the line that ends it `status` and `ms`;
    `exception` holds a traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": _moment(record.created).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (watch := current.get()) is not None:
            line |= about(watch)
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainFormatter(logging.Formatter):
    """For somebody who watches: time, level, message, and who asked for it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with a traceback on lines of its own."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        watch = current.get()
        known = about(watch) | fields if watch is not None else fields
        told = [known[name] for name in ("request", "user", "address") if known.get(name)]
        if "ms" in known:
            told.append(f"{known['ms']:.0f} ms")
        message = _one_line(record.getMessage())
        behind = _one_line(f" [{' '.join(map(str, told))}]") if told else ""
        moment = f"{_moment(record.created):%H:%M:%S}"
        line = f"{moment} {record.levelname} {record.name}: {message}{behind}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.get_default_timezone())


def _one_line(text: str) -> str:
    """The text without what would begin a line of its own or move the cursor."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
