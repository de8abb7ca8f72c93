"""The port of a start: its own, or none."""

import errno
import socket
import sys
from contextlib import suppress

from omuta_strategy.serving.server import MOST_CONNECTIONS

_REASONS = {
    errno.EADDRINUSE: (
        "ほかのプログラムが使っています。すでに動いているサーバーを止めるか、"
        "--port で別の番号を指定してください。"
    ),
    errno.EACCES: "使う権限がありません。1024以上の番号を --port で指定してください。",
    errno.EADDRNOTAVAIL: (
        "このコンピューターのアドレスではありません。--host を直してください（例：127.0.0.1）。"
    ),
}


class CannotListen(Exception):
    """The port can't be had; the message is a Japanese sentence for the operator."""


def listen(host: str, port: int) -> socket.socket:
    """Bind a port that nobody else gets as long as it is open, and begin to listen."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"--host {host} を解決できません（{error}）。") from error
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let two programs share the port, and this is its opposite.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Only lets connections of the run before, which are still closing, be.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        listening.close()
        reason = _REASONS.get(error.errno or 0, f"使えません（{error}）。")
        raise CannotListen(f"{host} のポート {port} は、{reason}") from error
    return listening


def address(listening: socket.socket) -> str:
    """The address to type into a browser of this computer."""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def most_connections() -> int:
    """How many connections a process may hold, its limit of open files raised if need be.

    An answer may hold a file beside its socket; the rest is for the database and the code.
    """
    files = 2 * MOST_CONNECTIONS + 200
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < files:
            wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return min(MOST_CONNECTIONS, (files - 200) // 2)
