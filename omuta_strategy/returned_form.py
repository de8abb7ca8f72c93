"""What somebody typed into a form that was not saved, to be sent again or copied."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.db.models import Field
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
    texts = tuple(_text(name, text) for name, text in kept if _is_typed(name, text))
    return ReturnedForm(kept, texts, files) if kept or files else None


def _is_typed(name: str, text: str) -> bool:
    is_own = name.startswith("_") or name.endswith(_UNSEEN)
    return bool(text.strip()) and not is_own and _column(name) not in _chosen()


def _text(name: str, text: str) -> Text:
    """`P1-1 要因分析` for the field `P1-1-analysis`; the name itself where no model has it."""
    column = _column(name)
    place = name.removesuffix(column).removesuffix("-")
    return Text(f"{place} {_labels().get(column, column)}".strip(), text)


def _column(name: str) -> str:
    return name.rpartition("-")[2]


def _columns() -> list[Field[Any, Any]]:
    models = [model for room in _ROOMS for model in apps.get_app_config(room).get_models()]
    return [field for model in models for field in model._meta.concrete_fields]


@cache
def _labels() -> dict[str, str]:
    """The columns' words, by their names."""
    return {field.name: str(field.verbose_name) for field in _columns()}


@cache
def _chosen() -> frozenset[str]:
    """Columns that nobody types: they hold a code of a list, or the number of a row."""
    return frozenset(field.name for field in _columns() if field.choices or field.is_relation)
