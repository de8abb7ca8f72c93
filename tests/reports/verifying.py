"""`manage.py verify`, and what somebody with the database's password could do behind the app."""

import io
import re

from django.core.management import CommandError, call_command
from django.db import connection

_OF_A_CONTENT = re.compile("：残した内容は「|^締めた年度の内容：ほかに")


def verified(*arguments):
    """Exit code and what the command says."""
    said = io.StringIO()
    try:
        call_command("verify", *arguments, stdout=said)
    except CommandError as error:
        return error.returncode, f"{said.getvalue()}{error}"
    return 0, said.getvalue()


def problems(*arguments):
    """The problems that the command names, but for what today's rows say of closed years."""
    return [line for line in _problems(*arguments) if not _OF_A_CONTENT.search(line)]


def differing(*arguments):
    """In what today's rows differ from what was kept of closed years, as the command names it."""
    return [line for line in _problems(*arguments) if _OF_A_CONTENT.search(line)]


def _problems(*arguments):
    code, said = verified(*arguments)
    lines = [line.removeprefix("・") for line in said.splitlines() if line.startswith("・")]
    found = [line for line in lines if not line.startswith("お知らせ")]
    assert code == (1 if found else 0), said
    return found


def notes(*arguments):
    """What the command only notes."""
    said = verified(*arguments)[1].splitlines()
    return [line.removeprefix("・お知らせ　") for line in said if line.startswith("・お知らせ")]


def written(sql, *values):
    """Write into the database itself; returns how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
