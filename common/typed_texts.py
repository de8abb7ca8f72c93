"""What somebody typed into a form, of the fields that it posted, under the words of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field

# What a form says to itself: nothing that anybody typed.
_UNSEEN = ("-version", "-was", "_FORMS", "-id", "seen")
_SIGNED = frozenset({"confirmed", "fingerprint", "import_file_name"})
_ROOMS = ("projects", "kpis", "reports", "auth")


@dataclass(frozen=True, slots=True)
class Text:
    """Something typed, under the words that the page calls its field by."""

    label: str
    text: str


def typed_texts(fields: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
    """The texts among the fields, in their order."""
    return tuple(_text(name, text) for name, text in fields if _is_typed(name, text))


def _is_typed(name: str, text: str) -> bool:
    is_own = name.startswith("_") or name.endswith(_UNSEEN) or name in _SIGNED
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
    # Of columns of one name that of what is entered on sheets, whose rows have versions, is last.
    models.sort(key=lambda model: hasattr(model, "version"))
    return [field for model in models for field in model._meta.concrete_fields]


@cache
def _labels() -> dict[str, str]:
    """The columns' words, by their names."""
    return {field.name: str(field.verbose_name) for field in _columns()}


@cache
def _chosen() -> frozenset[str]:
    """Columns that nobody types: they hold a code of a list, or the number of a row."""
    return frozenset(field.name for field in _columns() if field.choices or field.is_relation)
