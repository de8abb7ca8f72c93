"""What simple-history keeps of a row: who acted, under the name they had then, and why."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from common.people import name_of

LONGEST_NAME = 301  # last and first name of a user


class NameAtTheTime(models.CharField[str, str]):
    """The name that a row's person, in the field `of`, has when the row is new; empty for nobody.

    It is filled by whatever inserts the row, in bulk too, and stays when the account is renamed,
    handed on or deleted.
    """

    def __init__(self, verbose_name: str, *, of: str) -> None:
        self.of = of
        super().__init__(verbose_name, max_length=LONGEST_NAME, blank=True, editable=False)

    def deconstruct(self) -> Any:
        """As the plain column that it is to the database."""
        name, _path, _args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", [], kwargs

    def clone(self) -> "NameAtTheTime":
        return NameAtTheTime(str(self.verbose_name), of=self.of)

    def pre_save(self, model_instance: models.Model, add: object) -> Any:
        """Find the name where a row is new and has none yet."""
        if add and not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, name_of(getattr(model_instance, self.of)))
        return super().pre_save(model_instance, bool(add))


class Act(models.Model):
    """What every row of a history has besides simple-history's columns."""

    acted_by = NameAtTheTime("変更した人の氏名", of="history_user")

    class Meta:
        abstract = True


class Rows(HistoryManager):  # type: ignore[misc]  # untyped
    """simple-history's manager, whose class is made once and not whenever `history` is read."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> type[Any]:
        """The manager with the methods of a queryset's class."""
        made: type[Any] = super().from_queryset(queryset_class, class_name)
        return made


class History(HistoricalRecords):  # type: ignore[misc]  # untyped
    """A model's history, whose rows name who acted as they were named then.

    Their order, and which is the latest, is that of writing: a clock may be set back.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=[Act], history_manager=Rows, **options)

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """simple-history's, by the rows' sequence and not by their date."""
        options: dict[str, Any] = super().get_meta_options(model)
        return options | {"ordering": ("-history_id",), "get_latest_by": "history_id"}

    def m2m_changed(
        self,
        instance: models.Model,
        action: str,
        attr: str,
        pk_set: set[Any] | None,
        reverse: bool,  # noqa: FBT001 - the signal's own name
        **signal: Any,
    ) -> None:
        """A row of history for each row whose links changed, from whichever side they were.

        simple-history takes the signal's instance for the row. Where the links were changed from
        the other side (`user.departments.remove(...)`) that is a user, and the rows are those
        named in `pk_set`; a `clear()` names none, so they are looked up before it.
        """
        if not reverse:
            super().m2m_changed(instance, action, attr, pk_set, reverse, **signal)
            return
        rows = signal["model"]._default_manager.using(signal["using"])  # noqa: SLF001
        kept = f"_{self.cls.__name__}_{attr}_cleared"
        if action == "pre_clear":
            setattr(instance, kept, list(rows.filter(**{attr: instance}).order_by("pk")))
        changed: Iterable[models.Model] = ()
        if action == "post_clear":
            changed = instance.__dict__.pop(kept, ())
        elif action in ("post_add", "post_remove"):
            changed = rows.filter(pk__in=pk_set or ()).order_by("pk")
        for row in changed:
            super().m2m_changed(row, action, attr, pk_set, False, **signal)


def tracked_models() -> Iterator[tuple[Any, Any]]:
    """Every model that has a history, with the model of its history's rows."""
    for model in apps.get_models():
        name = getattr(model._meta, "simple_history_manager_attribute", None)
        if name is not None:
            yield model, getattr(model, name).model


def members_of(history: Any) -> Iterator[tuple[Any, Any]]:
    """The fields to several rows that a history keeps, each with the model of what it kept."""
    for field in history._history_m2m_fields:  # noqa: SLF001 - documented for subclasses alone
        yield field, getattr(history, field.name).model


def sign_change(row: Any, user: Any, reason: str = "") -> None:
    """Let the history of a row's next save or deletion say who made it, and why."""
    # simple-history's documented attributes.
    row._history_user = user  # noqa: SLF001
    row._change_reason = reason  # noqa: SLF001


def follow_signature(row: Any, leader: Any, reason: str) -> None:
    """Sign a row's next save as that of another row is signed, which it follows."""
    row._change_reason = reason  # noqa: SLF001
    # Who isn't named there is the request's user.
    if hasattr(leader, "_history_user"):
        row._history_user = leader._history_user  # noqa: SLF001
