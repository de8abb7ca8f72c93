"""Memory that the threads share."""

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h


def share_one_arena() -> None:
    """Let the threads to come take their memory from one pool, as MALLOC_ARENA_MAX=1 does.

    Each would else keep what only it needed for a moment. To be called before there are
    threads; where the C library isn't glibc it does nothing.
    """
    if sys.platform.startswith("linux"):
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
