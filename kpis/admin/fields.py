"""Form fields that read figures and fiscal years as people write them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db import models

from common.fiscal_year import parse_fiscal_year
from common.number_input import read_number


class FigureField(forms.CharField):
    """A figure, full width and with separators too; shown without idle decimals."""

    def __init__(self, **kwargs: Any) -> None:
        # What Django hands over for a DecimalField; the model checks both.
        for name in ("max_digits", "decimal_places"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # its meaning
        try:
            return read_number(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class FiscalYearField(forms.CharField):
    """A fiscal year in any usual spelling: 2024, 令和6年度, R6."""

    def __init__(self, **kwargs: Any) -> None:
        for name in ("min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override] # its meaning
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_fiscal_year(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


_YEARS = {
    "baseline_year": "例：2023、令和5年度、R5",
    "effective_from": "例：2024、令和6年度、R6",
    "fiscal_year": "例：2025、令和7年度、R7",
}


class FiguresMixin(BaseModelAdmin[Any]):
    """An admin or an inline whose figures and years are read by the fields above."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: Any, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.DecimalField):
            return db_field.formfield(form_class=FigureField)
        if db_field.name in _YEARS:
            return db_field.formfield(form_class=FiscalYearField, help_text=_YEARS[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)
