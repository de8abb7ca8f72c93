"""The signs that plans print before the names of their parts: 基本目標1, 施策1-2, (3), Ⅱ."""

import re
from typing import NamedTuple

from common.reading.characters import plain

_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_WORDS = (
    "基本目標|政策目標|重点目標|戦略目標|基本方針|基本方向|基本的方向|基本施策|重点施策|具体的施策|主要施策|"
    "重点プロジェクト|プロジェクト|重点戦略|基本戦略|戦略|政策|施策の方向|施策|目標|分野|柱|方針|方向性?|取組|事業"
)
_NUMBER = rf"[0-9]{{1,3}}(?:\s*[-.]\s*\(?[0-9]{{1,3}}\)?)*|[{_ROMAN}]|[{_CIRCLED}]"
_SIGN = re.compile(
    rf"(?P<sign>(?P<word>第?(?:{_WORDS})?)\s*(?P<open>[(\[【]?)\s*(?P<number>{_NUMBER})"
    r"(?P<close>\s*[)\]】])?)(?P<between>\s*[.:、,・|\-―—]?\s*)(?P<name>.*)",
    re.DOTALL,
)
_SHOWN_SIGN = 20


class Signed(NamedTuple):
    """A part's text: its sign as printed, the word and the number in it, and its name.

    `number` is None where the sign has none or several (1-2). Without a sign all is the name.
    """

    sign: str
    word: str
    number: int | None
    name: str


def signed(text: str) -> Signed:
    """Take a part's text apart: 「基本目標1　しごとをつくる」 is number 1, しごとをつくる."""
    whole = " ".join(text.split())
    found = _SIGN.fullmatch(" ".join(plain(text).split()))
    if found is None:
        return Signed("", "", None, whole)
    is_set_off = (
        found["word"] or found["close"] or found["between"] or not found["number"].isascii()
    )
    if not is_set_off or len(found["sign"]) > _SHOWN_SIGN:
        return Signed("", "", None, whole)
    name = found["name"].strip(" 「」")
    word = found["word"].removeprefix("第")
    return Signed(found["sign"].replace(" ", ""), word, _number(found["number"]), name or whole)


def word_in(heading: str) -> str:
    """What a heading calls the parts in its column: 施策 of 「施策名」; empty where it does not."""
    found = re.fullmatch(rf"({_WORDS})(?:の?名称?|区分)?", "".join(plain(heading).split()))
    return found[1] if found else ""


def _number(written: str) -> int | None:
    if written in _ROMAN:
        return _ROMAN.index(written) + 1
    if written in _CIRCLED:
        return _CIRCLED.index(written) + 1
    return int(written) if written.isdecimal() else None
