"""Numbers in a query string."""

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest

_NUMBER = re.compile("[1-9][0-9]{0,8}")


def asked_number(request: HttpRequest, name: str, label: str, *, most: int = 10**9) -> int | None:
    """The number in `?name=`, 1 to `most`; None without one. BadRequest for everything else."""
    written = request.GET.getlist(name)
    if not written:
        return None
    if len(written) > 1 or _NUMBER.fullmatch(written[0]) is None or int(written[0]) > most:
        raise BadRequest(f"{label}（{name}）は、1から始まる数字ひとつで指定してください。")
    return int(written[0])
