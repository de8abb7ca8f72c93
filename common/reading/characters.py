"""Characters as they are usually typed: their width, what can't be seen, what stands for others."""

import re
import unicodedata

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_HALF_WIDTH = _FULL_WIDTH | _BLANKS
# Kana of half width, and the radicals that PDFs give for the characters they look like.
_OTHER_FORMS = re.compile("[\uff61-\uff9f\u2f00-\u2fdf]+")
# What Unicode calls ignorable when displayed: zero width, direction marks, variation selectors.
# Not the override U+202E: it turns round what people see, so that 12 looks like 21.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202d"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_NUMBERS_OF_OTHER_KINDS = ("No", "Nl")
_CONTROLS = ("Cc", "Cf")
_LONGEST_SHOWN = 20


def visible(text: str) -> str:
    """The text without characters that nobody sees, wherever they stand in it."""
    return _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """What was typed, for reading: letters, digits, signs and blanks in half width, kana in full.

    Only visible characters are left. A character that stands for others, such as ① or ½,
    stays what it is: it may be a footnote's mark (`stand_in` finds it).
    """
    seen = unicodedata.normalize("NFC", visible(text))
    usual = _OTHER_FORMS.sub(lambda run: unicodedata.normalize("NFKC", run[0]), seen)
    return usual.translate(_HALF_WIDTH)


def compatible(text: str) -> str:
    """The text with ㎡ as m2 and ① as 1: for comparing two texts, never for reading a figure."""
    return unicodedata.normalize("NFKC", visible(text))


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
        for character in visible(text).strip()[:_LONGEST_SHOWN]
    )
