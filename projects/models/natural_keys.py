"""How a fixture names a row without its number in the database."""

from typing import Any, TypeVar

from django.db import models

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class NaturalKeyManager(models.Manager[Row_co]):
    """Finds a row by the fields that name it in a fixture.

    `lookups` are the query lookups for each part of `natural_key()`, in order.
    """

    use_in_migrations = False

    def __init__(self, *lookups: str) -> None:
        super().__init__()
        self.lookups = lookups

    def get_by_natural_key(self, *parts: Any) -> Row_co:
        named = self.filter(**dict(zip(self.lookups, parts, strict=True)))
        if any(column.name == "last_year" for column in self.model._meta.fields):
            # A place that several rows had, one after another, names the one that has it last.
            row = named.order_by(models.F("last_year").desc(nulls_first=True)).first()
            if row is not None:
                return row
        return named.get()
