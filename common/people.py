"""People's names as pages print them, and when somebody saved something."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from common.reading.texts import clean_text


def name_of(person: Any) -> str:
    """`山田太郎` of a user, the login name where no name is kept; empty for None."""
    if person is None:
        return ""
    return clean_text(f"{person.last_name}{person.first_name}") or str(person.get_username())


def name_with_login(person: Any) -> str:
    """`山田太郎（yamada）` for choosing between people, or the login name alone."""
    name = f"{person.last_name}{person.first_name}"
    return f"{name}（{person.get_username()}）" if name else str(person.get_username())


def person_name(name: str) -> str:
    """A person with さん, by the name they had when they acted; ほかの人 where none is kept."""
    return f"{name}さん" if name else "ほかの人"


def moment(when: datetime) -> str:
    """`14時05分` of today, `6月1日14時05分` of another day."""
    local = timezone.localtime(when)
    day = "" if local.date() == timezone.localdate() else f"{local.month}月{local.day}日"
    return f"{day}{local:%H時%M分}"
