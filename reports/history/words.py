"""What a row of the history changed, field by field, in the words of the pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from common.fiscal_year import wareki, wareki_date
from common.history import members_of
from kpis.achievement import display_value
from kpis.models import ActualState, Kpi, YearlyActual
from projects.forms import bands_as_lines, steps_as_lines
from projects.models import (
    Correction,
    Department,
    FiscalYearClosing,
    InitiativeListing,
    Project,
)
from reports.history.marks import PLACES
from reports.history.names import PlanNames

UNRECORDED = "（記録なし）"
_CLOSED, _OPEN, _CORRECTED = "締め済み", "締めていない", "改めている"
# Of these a project is where they stand, of others whose row it is.
_PLACED = (Kpi, InitiativeListing)
# What says which row it is, or how it was written, and not what it states.
_NO_CONTENT = frozenset(
    [
        "id",
        "kpi",
        "initiative",
        "strategy",
        "version",
        "updated_at",
        "updated_by",
        "updated_by_name",
    ]
)
_BANDS = frozenset(["bands", "project_bands", "external_bands"])
_YEARS = frozenset(
    [
        *("baseline_year", "effective_from", "fiscal_year", "first_year", "last_year"),
        *("held_until", "target_year", "value_year"),
    ]
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's name, what it said and what it says; empty where it said nothing."""

    label: str
    old: str
    new: str


# Of rows of a history, by its id and the field's name: the departments that it led to, by id.
Links = Mapping[tuple[int, str], frozenset[int]]


def differences(
    row: Any,
    before: Any,
    *,
    year_field: str,
    kpis: tuple[Any, Any],
    names: PlanNames,
    links: Links,
) -> tuple[FieldChange, ...]:
    """What a row of a history changed in the version before it (None: none is recorded).

    `kpis` are the versions of the KPI whose unit and decimals the figures before and
    after have; None for what belongs to no KPI and has no such figures.
    """
    model = row.instance_type
    if model is FiscalYearClosing:
        closed = row.history_type != "-"
        return (FieldChange("状態", *((_OPEN, _CLOSED) if closed else (_CLOSED, _OPEN))),)
    if model is Correction:
        years = "、".join(map(wareki, row.years))
        was, now = (_CORRECTED, _CLOSED) if row.ending else (_CLOSED, _CORRECTED)
        return (FieldChange(years, was, now),)
    changes = []
    for field in model._meta.concrete_fields:
        if field.name in _NO_CONTENT or (field.name == "project" and model not in _PLACED):
            continue
        if field.name == year_field and (row.history_type != "~" or before is None):
            continue  # the change itself is named for that year
        old, new = _values(field, row, before)
        if old == new:
            continue
        written = (
            _words(field, old, row, kpis[0], names),
            _words(field, new, row, kpis[1], names),
        )
        changes.append(FieldChange(names.words.put(str(field.verbose_name)), *written))
    return (*changes, *_linked(row, before, links, names))


def _linked(row: Any, before: Any, links: Links, names: PlanNames) -> Iterator[FieldChange]:
    """What changed in the fields that lead to several departments."""
    if row.history_type == "-" or (row.history_type == "~" and before is None):
        return
    for field, _kept in members_of(type(row)):
        old, new = (
            frozenset() if one is None else links.get((one.history_id, field.name), frozenset())
            for one in (before if row.history_type == "~" else None, row)
        )
        if old != new:
            written = ("、".join(sorted(map(names.department, pks))) for pks in (old, new))
            yield FieldChange(str(field.verbose_name), *written)


_UNKNOWN = object()


def _values(field: models.Field[Any, Any], row: Any, before: Any) -> tuple[Any, Any]:
    """What a field held before and after; empty values of every kind are None."""
    own = _value(field, row)
    is_state = field.model is YearlyActual and field.name == "state"
    nothing = ActualState.MISSING.value if is_state else None
    if row.history_type == "+":
        # What a new row doesn't have is not worth a word.
        return nothing, (None if own is False else own)
    if row.history_type == "-":
        return own, nothing
    if before is None:
        # Loaded without a history: what it was is not known, only what it became.
        return (own if own is None else _UNKNOWN), own
    return _value(field, before), own


def _value(field: models.Field[Any, Any], row: Any) -> Any:
    value = getattr(row, field.attname)
    return None if value in ("", []) else value


def _words(field: models.Field[Any, Any], value: Any, row: Any, kpi: Any, names: PlanNames) -> str:
    if value is None:
        return ""
    if value is _UNKNOWN:
        return UNRECORDED
    if field.name in PLACES:
        return names.marks.said(row, field.name, value)
    if field.choices:
        return names.words.put(str(dict(field.flatchoices).get(value, value)))
    if isinstance(field, models.ForeignKey):
        named = {Department: names.department, Project: names.project, Kpi: names.other_kpi}
        return named[field.related_model](value)
    return _plain_words(field, value, kpi)


def _plain_words(field: models.Field[Any, Any], value: Any, kpi: Any) -> str:
    if isinstance(field, models.DecimalField):
        places, unit = (kpi.decimal_places, kpi.unit) if kpi else (field.decimal_places, "")
        return f"{display_value(value, places)}{unit}"
    if field.name in _BANDS:
        return bands_as_lines(value)
    if field.name == "rating_steps":
        return steps_as_lines(value)
    if isinstance(value, bool):
        value = "はい" if value else "いいえ"
    if isinstance(field, models.DateField):
        return wareki_date(value)
    if field.name in _YEARS:
        return wareki(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
