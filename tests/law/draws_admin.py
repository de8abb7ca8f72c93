"""The administration's forms and deletions: drawn.

Forms are those that the administration shows, filled in with what stands and one or two fields
typed anew: what it shows for reading alone can't be typed.
"""

from random import Random
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from common.history import sign_change
from kpis.models import Kpi
from omuta_strategy.acts import ACTS
from projects.models import Project
from projects.models.strategy import WORD_FIELDS
from tests.law.drawing import FIGURES, Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World

# What is typed into a field of a kind; choices are drawn from what the form offers.
_TEXTS = ("書き換えた", "指標A", "%", "人", "")
_WORDING = frozenset(
    (
        "name", "definition", "data_source", "note", "purpose", "kind", "pillar", "department",
        "office", "municipality", "municipality_code", "related_departments", *WORD_FIELDS,
    )
)  # fmt: skip
_MEASURING = frozenset(("aggregation", "direction", "formula", "unit", "decimal_places", "source"))
_YEARS = ("2023", "2024", "2025", "2026", "2028", "2030", "")
# By a part of the field's name.
_BY_NAME = {
    "bands": ("A,順調,100\nB,遅れ", "A,順調,90\nB,概ね,60\nC,遅れ"),
    "year": _YEARS,
    "effective_from": _YEARS,
    "due_on": ("2026-06-30", "2027-07-31"),
    "number": ("1", "2", "3", "4"),
    "position": ("1", "2", "3"),
    "decimal_places": ("0", "1", "2"),
    "baseline": (*FIGURES, ""),
    "value": FIGURES,
    "cap": ("100", "120", ""),
}


def _request(world: World) -> HttpRequest:
    request = RequestFactory().post("/")
    request.user = world.planner
    return request


def _typed(name: str, field: forms.Field, draw: Random) -> str:
    if isinstance(field, forms.ModelChoiceField):
        rows = list(field.queryset.order_by("pk")[:8]) if field.queryset is not None else []
        # Sometimes nothing, where that can be.
        is_blank = not rows or (not field.required and draw.random() < 0.3)
        return "" if is_blank else str(draw.choice(rows).pk)
    if isinstance(field, forms.ChoiceField):
        return str(draw.choice([key for key, _label in field.choices]))
    return draw.choice(next((texts for part, texts in _BY_NAME.items() if part in name), _TEXTS))


def _shown(form: Any) -> QueryDict:
    """What the page of a form would post unchanged."""
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(bound.html_name, [str(getattr(one, "pk", one)) for one in value])
        elif isinstance(value, bool):
            data.setlist(bound.html_name, ["on"] if value else [])
        else:
            data[bound.html_name] = "" if value is None else str(value)
    return data


def _save_form(world: World, draw: Random, model_admin: Any, row: Any | None) -> Drawn:
    request = _request(world)
    may = (
        model_admin.has_add_permission(request)
        if row is None
        else model_admin.has_change_permission(request, row)
    )
    form_class = model_admin.get_form(request, row, change=row is not None)
    shown = form_class(instance=row)
    data = _shown(shown)
    open_fields = sorted(name for name, field in shown.fields.items() if not field.disabled)
    if not open_fields:
        return None
    # What tells what a year says, beside what is wording.
    telling = [name for name in open_fields if name not in _WORDING]
    measuring = [name for name in open_fields if name in _MEASURING]
    kind = draw.random()
    if measuring and kind < 0.5:
        open_fields = measuring
    elif telling and kind < 0.8:
        open_fields = telling
    count = len(open_fields) if row is None else draw.choice([1, 1, 2])
    for name in draw.sample(open_fields, min(count, len(open_fields))):
        data[name] = _typed(name, shown.fields[name], draw)

    def act() -> object:
        if not may:
            raise PermissionDenied
        form = form_class(data, instance=row)
        if not form.is_valid():
            raise ValidationError(str(form.errors.as_data())[:120])
        with transaction.atomic():
            saved = form.save(commit=False)
            sign_change(saved, world.planner, REASON)
            saved.save()
            form.save_m2m()
        return saved

    return act


def _delete(world: World, model_admin: Any, row: Any) -> Drawn:
    request = _request(world)

    def act() -> object:
        if not model_admin.has_delete_permission(request, row):
            raise PermissionDenied
        sign_change(row, world.planner, REASON)
        with transaction.atomic():
            return row.delete()

    return act


def _draw_in_admin(model_admin: Any) -> Any:
    def drawn(world: World, draw: Random) -> Drawn:
        rows = list(model_admin.model.objects.order_by("pk"))
        kind = draw.random()
        if not rows or kind < 0.2:
            return _save_form(world, draw, model_admin, None)
        row = draw.choice(rows)
        if kind < 0.35:
            return _delete(world, model_admin, row)
        return _save_form(world, draw, model_admin, row)

    return drawn


for _act in ACTS:
    if isinstance(_act.does, type) and issubclass(_act.does, admin.ModelAdmin):
        # The site registers a stricter class of its own.
        _registered = next(
            one for one in admin.site._registry.values() if type(one).__mro__[2] is _act.does
        )
        draws(_act.does, {Kpi: 6, Project: 2}.get(_registered.model, 1))(
            _draw_in_admin(_registered)
        )
