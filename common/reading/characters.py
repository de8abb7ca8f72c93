"""Characters as they are usually typed: what nobody sees, their width, what stands for others."""

import re
import unicodedata

from common.reading.radicals import unify_radicals

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_HALF_WIDTH = _FULL_WIDTH | _BLANKS
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_NUMBERS_OF_OTHER_KINDS = ("No", "Nl")
_CONTROLS = ("Cc", "Cf")
_LONGEST_SHOWN = 20
# No figure, day or year is as long, whatever blanks stand around it: none is read beyond that.
LONGEST_READ = 1000
# What nobody sees and comes along when a figure or a name is copied: besides Unicode's format
# characters (zero width, soft hyphen, BOM, direction marks) joiners, fillers of Hangul, and what
# selects a variant of the character before.
_INVISIBLE = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810),
     *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)  # fmt: skip
# What no text of ours holds: control characters but tab and line feed, halves of pairs, and the
# code points that are no characters. XML forbids some of it, and one such breaks every export.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
# It turns round what people see: 12 behind it looks like 21. So it stays, and is refused.
_OVERRIDE = "\u202e"


def without_forbidden(text: str) -> str:
    """The text without what no XML document may hold and what is no character.

    Line feeds and tabs stay; every other way to end a line is to be turned into one before.
    Texts lose it on their way in (`clean_text`); what writes a file asks again, for what stood
    in the database before.
    """
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def without_invisible(text: str) -> str:
    """The text for a figure, code or name: in prose some of what nobody sees is meant."""
    if text.isascii():
        return text
    return "".join(
        char
        for char in text
        if char == _OVERRIDE or (unicodedata.category(char) != "Cf" and ord(char) not in _INVISIBLE)
    )


def plain(text: str) -> str:
    """What was typed, for reading: letters, digits, signs and blanks in half width, kana in full.

    Only visible characters are left. A character that stands for others, such as ① or ½,
    stays what it is: it may be a footnote's mark (`stand_in` finds it).
    """
    seen = unicodedata.normalize("NFC", unify_radicals(without_invisible(text)))
    usual = _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), seen)
    return usual.translate(_HALF_WIDTH)


def compatible(text: str) -> str:
    """The text with ㎡ as m2 and ① as 1: for comparing two texts, never for reading a figure."""
    return unicodedata.normalize("NFKC", unify_radicals(without_invisible(text)))


def stand_in(text: str) -> str:
    """The first character of a `plain` text that stands for others: ①, ¹, ½, Ⅳ; or empty."""
    for character in text:
        is_number = unicodedata.category(character) in _NUMBERS_OF_OTHER_KINDS
        if is_number or unicodedata.normalize("NFKC", character) != character:
            return character
    return ""


def shown(text: str) -> str:
    """The beginning of what was typed, as sentences about it show it; controls by their code."""
    return "".join(
        f"〔U+{ord(character):04X}〕" if unicodedata.category(character) in _CONTROLS else character
        for character in without_invisible(text[:LONGEST_READ]).strip()[:_LONGEST_SHOWN]
    )
