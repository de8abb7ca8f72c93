"""What somebody typed into a form that was not saved, to be sent again or copied."""

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from common.typed_texts import Text, typed_texts

_OF_THE_FORM = ("csrfmiddlewaretoken", "next")


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """The fields as they were posted, the texts among them, the names of file fields."""

    fields: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]
    files: tuple[str, ...]


def returned_form(request: HttpRequest) -> ReturnedForm | None:
    """The form that a request posted; None where it may not or can't be given back.

    It comes back with a valid token, so it has to have come with one: else another site's form
    would only need somebody to press the button. Passwords are never given back.
    """
    posted = _posted(request)
    if posted is None or not getattr(request, "csrf_processing_done", False):
        return None
    fields, files = posted
    return ReturnedForm(fields, typed_texts(fields), files) if fields or files else None


def texts_of(request: HttpRequest) -> tuple[Text, ...]:
    """What was typed, to be copied alone: nothing can be sent with it, so it needs no token."""
    posted = _posted(request)
    return typed_texts(posted[0]) if posted else ()


def _posted(request: HttpRequest) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]] | None:
    """Fields and the names of files; None for what can't be read, or has a password in it."""
    try:
        fields = [(name, text) for name in request.POST for text in request.POST.getlist(name)]
        files = tuple(request.FILES)
    except (SuspiciousOperation, TooManyFilesSent, MultiPartParserError, UnreadablePostError):
        return None
    if any("password" in name for name, _text in fields):
        return None
    return tuple(field for field in fields if field[0] not in _OF_THE_FORM), files
