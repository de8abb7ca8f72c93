"""What simple-history keeps of a row: who acted, under the name they had then, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.utils import get_m2m_field_name

from common.people import name_of

LONGEST_NAME = 301  # last and first name of a user
# Whose acts, and under which name, are kept meanwhile; without a name: whoever acts.
_acting: ContextVar[tuple[Any, str]] = ContextVar("acting for somebody", default=(None, ""))


@contextmanager
def acting_for(person: Any, name: str) -> Iterator[None]:
    """Keep what is done meanwhile as a person's act: what they prepared, and a day has brought.

    `name` is the one that they had then; their account (None: it is gone) may have another by
    now, or be somebody else's.
    """
    token = _acting.set((person, name))
    try:
        yield
    finally:
        _acting.reset(token)


def acting_name(person: Any) -> str:
    """The name under which a person's act is kept now; empty for nobody."""
    return _acting.get()[1] or name_of(person)


def acting_person() -> Any:
    """Whose account is acted for; None where nobody is, or the account is gone."""
    return _acting.get()[0]


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
            setattr(model_instance, self.attname, acting_name(getattr(model_instance, self.of)))
        return super().pre_save(model_instance, bool(add))


class Act(models.Model):
    """What every row of a history has besides simple-history's columns."""

    acted_by = NameAtTheTime("変更した人の氏名", of="history_user")

    class Meta:
        abstract = True


class _Manager(HistoryManager):  # type: ignore[misc]  # untyped
    """simple-history's, which forgets in bulk what rows are linked to.

    Its class with a queryset's methods is made once, and not whenever `history` is read.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> type[Any]:
        made: type[Any] = super().from_queryset(queryset_class, class_name)
        return made

    def bulk_history_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        """Write the rows, and for each kept field to several rows what it leads to now."""
        objs = list(objs)
        written: list[Any] = super().bulk_history_create(objs, *args, **options)
        for field, kept in members_of(self.model):
            _keep_links(field, kept, objs, written)
        return written


def _keep_links(field: Any, kept: Any, objs: list[Any], written: list[Any]) -> None:
    """Two queries, whatever the number of rows."""
    through = field.remote_field.through
    owner = get_m2m_field_name(field)
    columns = [one.attname for one in through._meta.concrete_fields]
    links: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for link in through.objects.filter(**{f"{owner}__in": [one.pk for one in objs]}).order_by("pk"):
        links[getattr(link, f"{owner}_id")].append(
            {column: getattr(link, column) for column in columns}
        )
    kept.objects.bulk_create(
        kept(history=row, **link)
        for one, row in zip(objs, written, strict=True)
        for link in links[one.pk]
    )


class History(HistoricalRecords):  # type: ignore[misc]  # untyped
    """A model's history, whose rows name who acted as they were named then.

    Their order, and which is the latest, is that of writing: a clock may be set back.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(bases=[Act], history_manager=_Manager, **options)

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
