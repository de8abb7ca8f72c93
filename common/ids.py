"""Ids as somebody sent them, before they are compared with a column of numbers."""

from django.core.exceptions import ValidationError
from django.db.models import Model

_LONGEST = 40


def is_id(model: type[Model], text: object) -> bool:
    """Whether a row of the model could have this id: a number that its column holds."""
    if len(str(text)) > _LONGEST:
        return False
    try:
        model._meta.pk.clean(text, None)
    except ValidationError:
        return False
    return True
