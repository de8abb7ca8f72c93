"""Ratings that people give, as fields of a row: which it has, what they hold, how they are read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from common.reading.characters import plain
from entry.sheet.forms import ExplanationField, RowForm
from kpis.recording import KEPT
from kpis.recording.judgements import not_a_mark
from projects.scales import Scale

PROPOSAL = {"proposed_place": "評価の案", "proposal_reason": "評価の案の理由"}
DECISION = {"decided_place": "評価", "decision_reason": "評価の理由"}
PROJECTS = {"rating_place": "評価", "rating_reason": "評価の理由"}
EXPERTS = {"external_place": "外部有識者の評価"}
RATINGS = PROPOSAL | DECISION | PROJECTS | EXPERTS

Choices = list[tuple[str, str, bool]]


def is_place(name: str) -> bool:
    """Whether a field holds a mark; the others hold its reason."""
    return name.endswith("_place")


def text_of(record: Any, name: str, scale: Scale) -> str:
    """What a field holds of a record (None: nothing is recorded): a place as digits, or a text.

    A place that the scale hasn't got any more is none.
    """
    if record is None:
        return ""
    stated = getattr(record, name)
    if not is_place(name):
        return str(stated)
    return "" if scale.at(stated) is None else str(stated)


def choices_of(scale: Scale, chosen: str) -> Choices:
    """(value, label, chosen) of a field for a mark; the blank one says that there is none."""
    marks = [(str(place), band.text) for place, band in enumerate(scale.marks, start=1)]
    return [(value, label, value == chosen) for value, label in (("", "未定"), *marks)]


def spoken(scale: Scale, text: str) -> str:
    """The mark that a field's text stands for; empty without one."""
    band = scale.at(int(text)) if text.isascii() and text.isdigit() else None
    return band.text if band else text


class PlaceField(forms.CharField):
    """A mark by its place; cleans to int, or None where there is none."""

    def __init__(self, called: str, scale: Scale) -> None:
        super().__init__(required=False)
        self.called = called
        self.scale = scale

    def clean(self, value: str) -> int | None:
        """Raise ValidationError with a sentence that names the marks."""
        text = plain(super().clean(value)).strip()
        if not text:
            return None
        place = int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0
        if not self.scale.is_by_people:
            return place  # which the recording refuses
        if self.scale.at(place) is None:
            raise forms.ValidationError(not_a_mark(self.called, self.scale))
        return place


def add_fields(form: RowForm, posted: QueryDict, scales: Mapping[str, Scale]) -> None:
    """Give a form the fields for ratings that were posted, offered or not.

    `scales` are those of the names that a row of this kind can have.
    """
    for name, scale in scales.items():
        if form.add_prefix(name) in posted:
            is_mark = is_place(name)
            form.fields[name] = PlaceField(RATINGS[name], scale) if is_mark else ExplanationField()


def read(form: RowForm, saved: Any, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """What a valid form states of ratings; what it has no field for stays as it stands.

    So does a place that the scale hasn't got any more, as long as no other is chosen.
    """
    stated = {}
    for name, scale in scales.items():
        said = form.cleaned_data.get(name, KEPT)
        if said is None and is_place(name) and saved is not None:
            before = getattr(saved, name)
            said = KEPT if before is not None and scale.at(before) is None else None
        stated[name] = said
    return stated


_DIGITS = 4
