"""What the server (`manage.py serve`) runs."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omuta_strategy.settings")

_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Slots of eight bytes: Python takes a megabyte for them, and leaves the rest to what is called.
_ROOM = 70_000


def with_room(application: _Application) -> _Application:
    """The same application, with a piece of Python's stack that is large enough for a request.

    Python keeps the frames of its functions in pieces of 16 KiB. A call that needs a new piece gets
    it from the system and gives it back on returning: a page whose template loops just there does
    so thousands of times (14 of 35 ms were measured). Whatever a function calls that has a frame
    of its own as large as this one lies in one piece with it.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application(environ, start_response)

    answer.__code__ = answer.__code__.replace(co_stacksize=_ROOM)
    return answer


application = with_room(get_wsgi_application())

# The pages and the admin are loaded now, not with the first request, and what stays for good
# is set aside: else the garbage collector walks through all of it, for 50 ms and more, in
# the middle of somebody's page.
get_resolver().url_patterns  # noqa: B018 - reading it loads it
gc.collect()
gc.freeze()
