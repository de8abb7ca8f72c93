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
    if not getattr(request, "csrf_processing_done", False):
        return None
    try:
        fields = [(name, text) for name in request.POST for text in request.POST.getlist(name)]
        files = tuple(request.FILES)
    except (SuspiciousOperation, TooManyFilesSent, MultiPartParserError, UnreadablePostError):
        return None
    if any("password" in name for name, _text in fields):
        return None
    kept = tuple(field for field in fields if field[0] not in _OF_THE_FORM)
    return ReturnedForm(kept, typed_texts(kept), files) if kept or files else None
