"""Mail servers for tests: `locmem` itself counts as none, because it brings mail to nobody."""

from django.core.mail.backends import locmem

WORKING = "tests.mail.WorkingServer"
BROKEN = "tests.mail.BrokenServer"


class WorkingServer(locmem.EmailBackend):
    """Puts what is sent into `mail.outbox`."""


class BrokenServer(locmem.EmailBackend):
    """Takes no connection."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody is listening")
