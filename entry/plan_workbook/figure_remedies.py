"""What to write instead of something that is nearly a figure: `約97件`, `100〜120件`, `380千人`."""

import re
from decimal import Decimal, InvalidOperation

from common.reading.characters import plain, shown
from common.reading.figures import read_number
from common.reading.names import comparable

_ABOUT = re.compile(r"約|およそ|おおよそ|概ね|おおむね|程度|前後|ほど$|[強弱]$|余り?$")
_SPAN = re.compile(r"[0-9][^0-9]*([~〜～\-－–—―]|から)[^0-9]*[0-9]")
_WITH_UNIT = re.compile(r"(?P<figure>[-△▲]?[0-9][0-9,.]*) *(?P<unit>\w{1,8}|[%％])")
_MULTIPLES = {"千万": 7, "百万": 6, "十万": 5, "億": 8, "兆": 12, "万": 4, "千": 3}


def remedy_of(text: str, unit: str) -> str:
    """What is wrong with it and the remedy, in sentences; empty where there is none to tell."""
    written = plain(text).strip()
    if not any(character.isdigit() for character in written):
        return ""
    if about := _ABOUT.search(written):
        return f"「{about[0]}」を消してください。"
    if _SPAN.search(written):
        return "片方の端だけを書いてください（例：100件以上）。"
    found = _WITH_UNIT.fullmatch(written)
    if found is None or any(one.isnumeric() and not one.isalpha() for one in found["unit"]):
        return ""
    return _of_unit(found["figure"], found["unit"], unit)


def number_remedy(text: str) -> str:
    """`1と書いてください。` for ①; empty for what stands for no number."""
    read = comparable(text)
    return f"{int(read)}と書いてください。" if read.isdecimal() and not text.isdecimal() else ""


def is_same_figure(read: str, text: str) -> bool:
    """Whether two figures differ in noughts and separators alone."""
    try:
        return Decimal(read) == read_number(text)
    except (InvalidOperation, ValueError):
        return False


def _of_unit(figure: str, written: str, unit: str) -> str:
    if comparable(written) == comparable(unit):
        return ""
    if not unit:
        return (
            f"指標に単位がありません。数字だけを書くか、シート「指標」に単位「{written}」を"
            "書いてください。"
        )
    differs = f"単位が指標の「{shown(unit)}」と違います。"
    (own, base), (other, written_base) = _parted(unit), _parted(written)
    if base != written_base or not base:
        return f"{differs}数字だけを書くか、シート「指標」の単位を直してください。"
    try:
        value = (read_number(figure) or Decimal(0)).scaleb(other - own)
    except ValueError:
        return differs
    same = f"{value.normalize() + 0:,f}"
    return f"{differs}{same}{unit}、または{same}と書いてください。"


def _parted(unit: str) -> tuple[int, str]:
    """A unit as a power of ten and what is counted: (4, 人) of 万人."""
    said = comparable(unit)
    for word, power in _MULTIPLES.items():
        if said.startswith(word):
            return power, said.removeprefix(word)
    return 0, said
