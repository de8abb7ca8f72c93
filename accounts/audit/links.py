"""Who is linked to what (roles, permissions, departments), before and after each change."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed

from accounts.audit.writing import note
from accounts.models import Kind

_CHANGED = {"post_add", "post_remove", "post_clear"}


def watch_links(
    through: Any,
    *,
    name: str,
    what: Callable[[Any], str],
    linked: Callable[[Any], Iterable[str]],
) -> None:
    """Note every change of a many-to-many field, from whichever side it is made.

    `name` is the field's, on the model that has it; `what` says of one of that model's rows
    what is noted (「利用者「…」の役割」), `linked` names what it is linked to at the moment.
    """
    kept = f"_audited_{name}"

    def owners(instance: Model, model: Any, pk_set: set[Any] | None, *, reverse: bool) -> list[Any]:
        """The rows whose links change; a clear() from the other side names none."""
        if not reverse:
            return [instance]
        rows = model._default_manager.order_by("pk")  # noqa: SLF001
        return list(rows.filter(**({name: instance} if pk_set is None else {"pk__in": pk_set})))

    def receive(
        instance: Model,
        *,
        action: str,
        reverse: bool,
        model: Any,
        pk_set: set[Any] | None,
        **_signal: Any,
    ) -> None:
        if action.startswith("pre_"):
            changing = owners(instance, model, pk_set, reverse=reverse)
            setattr(instance, kept, [(one, _words(linked(one))) for one in changing])
        elif action in _CHANGED:
            for owner, before in instance.__dict__.pop(kept, ()):
                after = _words(linked(owner))
                if after != before:
                    note(Kind.ROLE, what(owner), before=before, after=after)

    m2m_changed.connect(receive, sender=through, weak=False, dispatch_uid=f"audit {through}")


def _words(names: Iterable[str]) -> str:
    return "、".join(sorted(names)) or "なし"
