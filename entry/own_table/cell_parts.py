"""A cell of a table taken apart: what stands before, in, behind and around its figure."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from common.reading.characters import plain
from common.reading.figures import read_number
from common.reading.years import without_years, years_within

_NUMBER = r"[-−△▲+]?[0-9][0-9,]*(?:\.[0-9]+)?"
_BRACKETS = re.compile(r"[(\[【〔<〈《]([^()\[\]【】〔〕<>〈〉《》]*)[)\]】〕>〉》]")
_PARTS = re.compile(rf"(?P<before>[^0-9]*?)\s*(?P<figure>{_NUMBER})\s*(?P<after>[^0-9]*)")
_IN_BRACKETS = re.compile(rf"(?P<figure>{_NUMBER})\s*[^0-9]{{0,2}}")
_RANGE = re.compile(
    rf"(?P<first>{_NUMBER})\s*(?P<unit>[^0-9~〜/-]*)[~〜/-]\s*(?P<last>{_NUMBER})(?P<after>[^0-9]*)"
)
# What says of a year outside of brackets what it is: R5実績 120.
_BESIDE_YEARS = re.compile("実績値?|時点|現在|までに")
_RELATIONS = {
    "以上": "以上", "以下": "以下", "未満": "未満", "超": "超", "超え": "超", "超える": "超",
    "以内": "以下", "≧": "以上", "≥": "以上", "≦": "以下", "≤": "以下", ">": "超", "<": "未満",
    "を上回る": "超", "を下回る": "未満",
}  # fmt: skip
_MARKS = re.compile(r"[※*†‡①-⑳¹²³⁴-⁹⑴-⒛]+(?:注)?[0-9]{0,2}")
_PERIOD = re.compile(r"[0-9]{1,2}(?:年間|[かヶヵケカ]年)(?:で|の|に)?")
# No figure with its unit and notes is longer.
_LONGEST = 100


@dataclass(slots=True)
class CellParts:
    """The parts of a cell with one figure; `brackets` are the contents of its brackets.

    `relation` is 以上, 以下, 超 or 未満, `mark` that of a note.
    """

    figure: str
    before: str = ""
    after: str = ""
    relation: str = ""
    mark: str = ""
    brackets: list[str] = field(default_factory=list)


def is_figure(text: str, unit: str = "") -> bool:
    """Whether a text is a figure as it stands, with nothing but the unit behind."""
    try:
        return read_number(text, unit) is not None
    except ValueError:
        return False


def decimals_of(text: str, unit: str = "") -> int:
    """The decimals that a figure needs, less noughts at its end; 0 for what is none."""
    try:
        value = read_number(text, unit)
    except ValueError:
        return 0
    exponent = (value or Decimal(0)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def plain_figure(text: str) -> str:
    """The figure of a cell without all that stands around it; empty where there is none."""
    parts = apart(text)
    return parts.figure if parts else ""


def unit_behind(text: str) -> str:
    """What stands behind the figure of a cell, less 以上 and brackets; blank where nothing does."""
    parts = apart(text)
    return parts.after if parts else ""


def apart(text: str) -> CellParts | None:
    """The parts of a cell with one figure outside of brackets; None for any other."""
    if len(text) > _LONGEST:
        return None
    written = plain_line(text)
    brackets = [one.strip() for one in _BRACKETS.findall(written) if one.strip()]
    rest = _BRACKETS.sub("", written).strip()
    marks = _MARKS.findall(rest)
    rest = _MARKS.sub("", rest).strip()
    period = _PERIOD.match(rest)
    rest = rest.removeprefix(period[0]) if period else rest
    found = _PARTS.fullmatch(rest)
    if found is None and len(set(years := years_within(rest))) == 1:
        brackets.append(str(years[0]))
        rest = _BESIDE_YEARS.sub("", without_years(rest)).strip(" :、")
        found = _PARTS.fullmatch(rest)
    if found is None:
        return None
    parts = CellParts(found["figure"], brackets=brackets, mark="".join(marks))
    parts.after, behind = _without_relation(found["after"].strip())
    parts.before, in_front = _without_relation(found["before"].strip())
    parts.before = f"{period[0] if period else ''}{parts.before}"
    parts.relation = behind or in_front
    return parts


def _without_relation(text: str) -> tuple[str, str]:
    for word in sorted(_RELATIONS, key=len, reverse=True):
        if text.endswith(word):
            return text.removesuffix(word).strip(), _RELATIONS[word]
    return text, ""


def range_in(text: str) -> tuple[str, str, str] | None:
    """First and last figure of 10〜15人, and the unit behind; None for what is no range."""
    found = _RANGE.fullmatch(plain_line(text)) if len(text) <= _LONGEST else None
    if found is None:
        return None
    return found["first"], found["last"], (found["after"] or found["unit"]).strip()


def figure_in_brackets(content: str) -> str:
    """The figure that is all of a bracket's content; empty where there is none."""
    found = _IN_BRACKETS.fullmatch(content)
    return found["figure"] if found else ""


def plain_line(text: str) -> str:
    """A cell in one line, as `plain` makes it."""
    return " ".join(plain(text).split())
