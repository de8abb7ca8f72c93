"""Rows that are written once: neither changed nor deleted by anything that goes through a model."""

from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

from django.db import models


class RowIsFixed(Exception):
    """Somebody tried to change or delete a row that is written once."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(
            f"「{model._meta.verbose_name}」は、変えることも削除することもできません。"
        )


_Row = TypeVar("_Row", bound=models.Model)


class FixedQuerySet(models.QuerySet[_Row]):
    """Rows that are written once and only read from then on."""

    def update(self, **_fields: Any) -> NoReturn:
        raise RowIsFixed(self.model)

    def delete(self) -> NoReturn:
        raise RowIsFixed(self.model)

    delete.queryset_only = True  # type: ignore[attr-defined]

    def _update(self, _values: Any) -> int:
        """By which Django saves over a row, `loaddata` too; 0 where none is in the way."""
        if self.exists():
            raise RowIsFixed(self.model)
        return 0

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        raise RowIsFixed(self.model)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Django's, which could otherwise overwrite rows that are there."""
        if options.get("update_conflicts"):
            raise RowIsFixed(self.model)
        return super().bulk_create(objs, *args, **options)


class Fixed(models.Model):
    """A row that is written once; RowIsFixed for whoever tries it again."""

    objects = FixedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *, using: str | None = None, **_options: Any) -> None:
        """Insert the row. A primary key that is taken is refused by the database."""
        if not self._state.adding:
            raise RowIsFixed(type(self))
        super().save(force_insert=True, using=using)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise RowIsFixed(type(self))
