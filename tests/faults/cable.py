"""A network cable between the app and a PostgreSQL, that can be cut or fall silent."""

import socket
import threading
from contextlib import suppress

_CHUNK = 65536


class Cable:
    """Forwards 127.0.0.1:`port` to a socket of the file system."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.flows = threading.Event()
        self.flows.set()
        self.refuses = False
        self.ends: list[socket.socket] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self) -> None:
        """Nothing arrives any more, and nobody is told: a firewall that forgets."""
        self.flows.clear()

    def cut(self) -> None:
        """End what is open, and let nobody in."""
        self.refuses = True
        self.end_all()

    def mend(self) -> None:
        self.refuses = False
        self.flows.set()

    def end_all(self) -> None:
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def close(self) -> None:
        self.mend()
        self.listening.close()
        self.end_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                if self.refuses:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.path)
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while part := one.recv(_CHUNK):
                self.flows.wait()
                other.sendall(part)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)
