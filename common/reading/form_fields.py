"""Form fields that read what people write, and admins made of them."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from common.fiscal_year import wareki
from common.ids import is_id
from common.reading.dates import read_date
from common.reading.figures import read_number
from common.reading.texts import clean_text
from common.reading.years import read_fiscal_year

_Read = TypeVar("_Read")


class ReadField(forms.CharField):
    """A field that counts as changed only where what is read differs from what stands."""

    def __init__(self, **kwargs: Any) -> None:
        # What Django hands over for a field of numbers; the model checks all of it.
        for name in ("max_digits", "decimal_places", "min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class FigureField(ReadField):
    """A figure, full width and with separators too; shown without idle decimals.

    A unit may stand behind it where `allow_unit` named it.
    """

    unit = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """A Decimal, None for an empty field."""
        text = super().to_python(value) or ""
        return _read(text, lambda written: read_number(written, self.unit))


def allow_unit(form: forms.BaseForm, name: str, unit: str) -> None:
    """Let a form's figure, if it has one of that name, carry a unit behind it."""
    field = form.fields.get(name)
    if isinstance(field, FigureField):
        field.unit = unit


class FiscalYearField(ReadField):
    """A fiscal year in any usual spelling, shown as 令和6年度: 2024, 令和6年度, R6."""

    def prepare_value(self, value: Any) -> Any:
        return wareki(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """An int, None for an empty field."""
        text = super().to_python(value)
        return _read(text, read_fiscal_year) if text else None


class DayField(forms.DateField):
    """A day in any usual spelling: 2026-08-20, 令和8年8月20日, R8.8.20."""

    def to_python(self, value: Any) -> date | None:
        return _read(value, read_date) if isinstance(value, str) else super().to_python(value)


class TextField(forms.CharField):
    """A text as it is kept: without control characters and radicals."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class KnownChoice(AutocompleteSelect):
    """A choice by autocompletion; what can be none is not looked for when it is shown again."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        model = self.field.remote_field.model
        return super().optgroups(name, [one for one in value if is_id(model, one)], attr)


class ReadsAsWritten(admin.options.BaseModelAdmin[Any]):
    """An admin or an inline whose figures, years, days and texts are read by the fields above."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in _YEARS:
            return db_field.formfield(form_class=FiscalYearField, help_text=_YEARS[db_field.name])
        if isinstance(db_field, models.DecimalField):
            return db_field.formfield(form_class=FigureField)
        if isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            kwargs["form_class"] = DayField
        if type(db_field) in (models.CharField, models.TextField) and not db_field.choices:
            kwargs["form_class"] = TextField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


_YEARS = {
    "first_year": "例：2024、令和6年度、R6",
    "last_year": "例：2028、令和10年度、R10",
    "baseline_year": "例：2023、令和5年度、R5",
    "effective_from": "例：2024、令和6年度、R6",
    "fiscal_year": "例：2025、令和7年度、R7",
}


def _read(text: str, reading: Callable[[str], _Read]) -> _Read:
    """What is read; raises ValidationError with the sentence of what can't be."""
    try:
        return reading(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
