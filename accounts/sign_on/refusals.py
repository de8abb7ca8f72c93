"""Why somebody who is known elsewhere isn't let in, and what to say when nobody can be asked."""

from typing import Any


class Unavailable(Exception):
    """What would know who somebody is doesn't answer; its text is the sentence for the person."""


class NotLetIn(Exception):
    """Somebody is known elsewhere and has no way in here; its text is the sentence for them.

    `username` is the name by which they were looked for in the app; empty where there is none.
    `is_guess`: nobody has proved to be somebody, so that it counts like a wrong password.
    """

    def __init__(self, sentence: str, username: str = "", *, is_guess: bool = False) -> None:
        super().__init__(sentence)
        self.username, self.is_guess = username, is_guess


def keep_refusal(request: Any, refused: NotLetIn) -> None:
    """Let the login page and the audit know why `authenticate` returns nobody."""
    request.not_let_in = refused


def refusal_of(request: Any) -> NotLetIn | None:
    """Why this request's sign-on was refused; None where it was a wrong password or nothing."""
    return getattr(request, "not_let_in", None)
