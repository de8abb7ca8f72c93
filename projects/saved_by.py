"""Who saved something, and when, as sentences say it."""

from datetime import datetime
from typing import Any

from django.utils import timezone


def person_name(person: Any) -> str:
    """A person with さん; ほかの人 where the account is gone or nobody is named."""
    if person is None:
        return "ほかの人"
    return f"{f'{person.last_name}{person.first_name}' or person.get_username()}さん"


def moment(when: datetime) -> str:
    """`14時05分` of today, `6月1日14時05分` of another day."""
    local = timezone.localtime(when)
    day = "" if local.date() == timezone.localdate() else f"{local.month}月{local.day}日"
    return f"{day}{local:%H時%M分}"
