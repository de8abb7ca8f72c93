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
        return self.get(**dict(zip(self.lookups, parts, strict=True)))
