"""What somebody typed into a form that was not saved, to be sent again or copied."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

_OF_THE_FORM = ("csrfmiddlewaretoken", "next")
# What a form says to itself: nothing that anybody typed.
_UNSEEN = ("-version", "_FORMS", "-id", "seen")
_ROOMS = ("projects", "kpis", "reports", "auth")


@dataclass(frozen=True, slots=True)
class Text:
    """Something typed, under the words that the page calls its field by."""

    label: str
    text: str


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
    texts = tuple(Text(_label(name), text) for name, text in kept if _is_typed(name, text))
    return ReturnedForm(kept, texts, files) if kept or files else None


def _is_typed(name: str, text: str) -> bool:
    return bool(text.strip()) and not name.startswith("_") and not name.endswith(_UNSEEN)


def _label(name: str) -> str:
    """`P1-1 要因分析` of the field `P1-1-analysis`; the name itself where no model has it."""
    place, _, column = name.rpartition("-")
    label = _labels().get(column, column)
    return f"{place} {label}".strip()


@cache
def _labels() -> dict[str, str]:
    """The columns' words, by their names."""
    return {
        field.name: str(field.verbose_name)
        for room in _ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
    }
