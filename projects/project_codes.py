"""What a project's code (記号) may be, and how a KPI番号 is made of it: pure.

A KPI番号 is `<code>-<n>`. A code may hold hyphens itself, so what stands behind the *last* one is
the number. No code is read by a spreadsheet as a date, a figure or a truth value, neither alone nor
with `-n` behind it.
"""

import re

from django.core.exceptions import ValidationError

LONGEST_CODE = 10
# For addresses: the length, dates and reserved codes are left to whoever looks a code up.
PROJECT_CODE = "[A-Z](?:-?[A-Z0-9]){0,9}"
KPI_CODE = f"{PROJECT_CODE}-[1-9][0-9]{{0,4}}"

_SHAPE = re.compile(r"[A-Z][A-Z0-9-]*", re.ASCII)
_WRITTEN_KPI_CODE = re.compile(f"{PROJECT_CODE}-[0-9]{{1,5}}")
# 数値目標 have these: `G0` of the whole plan, `G2` of its second pillar.
_OF_GOALS = re.compile(r"G[0-9]+")
_TRUTH_VALUES = ("TRUE", "FALSE")
_ANOTHER = "別の記号にしてください（例：P1）。"
_HEAD = re.compile(r"([A-Z]+)(.*)")
# `MAR`, `DEC1`, `SEPT-2024`: a month and figures.
_FIGURES = re.compile(r"[0-9-]*")
_MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
    "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_SHORTEST_NAME = 3
# `S5-2`, with `-n` behind it the second day of a month in 昭和5年. `S1-1`, of two parts, is none.
_ERA_DATE = re.compile(r"[MTSHR][0-9]+-[0-9]+(?:-[0-9]+)?")
# `MON6-12`, `MON6-MAR`: with `-n` behind it a date after its day of the week.
_AFTER_A_DAY = re.compile(r"[0-9]+-(?:[0-9]+|[A-Z]{3,})(?:-[0-9]+)?")


def code_problem(code: str) -> str:
    """Why a text can't be a project's code, as a sentence with the remedy; empty if it can.

    Those of 数値目標 can: whether a row may have one is `projects.rules.code_faults`.
    """
    if not _SHAPE.fullmatch(code) or len(code) > LONGEST_CODE:
        return (
            f"英大文字で始まる{LONGEST_CODE}字以内の英大文字・数字・ハイフンで書いてください"
            "（例：P1、SHISAKU-12）。"
        )
    if code.endswith("-") or "--" in code:
        return "ハイフンは、続けて書いたり、終わりに置いたりできません（例：SHISAKU-12）。"
    if code in _TRUTH_VALUES:
        return f"「{code}」は、表計算ソフトが真偽の値と読み違えます。{_ANOTHER}"
    if reads_as_date(code):
        return (
            f"「{code}」は、そのまま、または「{code}-1」の形で、表計算ソフトが日付と読み違えます。"
            f"{_ANOTHER}"
        )
    return ""


def validate_project_code(code: str) -> None:
    """Raise ValidationError for what can't be a project's code."""
    if problem := code_problem(code):
        raise ValidationError(problem)


def reads_as_date(code: str) -> bool:
    """Whether a spreadsheet may take a code for a date, alone or with `-n` behind it."""
    if _ERA_DATE.fullmatch(code):
        return True
    found = _HEAD.fullmatch(code)
    if found is None:
        return False
    head, rest = found.groups()
    if _begins_one(head, _MONTHS):
        return _FIGURES.fullmatch(rest) is not None
    return _begins_one(head, _DAYS) and _AFTER_A_DAY.fullmatch(rest) is not None


def is_of_goals(code: str) -> bool:
    """Whether a code is one of those that 数値目標 have: `G0`, `G2`."""
    return _OF_GOALS.fullmatch(code) is not None


def parts_of(code: str) -> tuple[str, int]:
    """The project's code and the number in a KPI番号, or in the code of an initiative's place."""
    project_code, _, number = code.rpartition("-")
    return project_code, int(number)


def parts_if_any(text: str) -> tuple[str, int] | None:
    """The same of what somebody wrote (`read_code`); None where it is no KPI番号."""
    return parts_of(text) if _WRITTEN_KPI_CODE.fullmatch(text) else None


def _begins_one(head: str, names: tuple[str, ...]) -> bool:
    """Whether letters are a name or its beginning, from three letters on."""
    return len(head) >= _SHORTEST_NAME and any(name.startswith(head) for name in names)
