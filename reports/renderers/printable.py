"""A report's texts as the font can print them.

PDF/UA allows no character without a glyph, so a typed emoji would otherwise
stop the whole report. Such a character becomes 〓 and is listed at the end;
control characters and marks that are never seen are left out.
"""

import dataclasses
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from common.fonts import compose_marks, has_glyph
from reports.annual.document import AnnualReport

SUBSTITUTE = "〓"
# What no line may break within, and is longer than a narrow column: long words without a
# blank, such as addresses, and rows of marks that may not begin or end a line.
UNBREAKABLE = (
    "[!-~\u00a1-\u024f]{16,}|[ーー〜～・、。，．！？!?…‥―—（）「」『』【】〈〉《》々ゝゞヽヾ]{8,}"
)
_INVISIBLE = {"Cc", "Cf", "Cs"}
# Of emoji; those of kanji (異体字) are left to the typesetter, which knows them.
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_KANJI_VARIANTS = range(0xE0100, 0xE01F0)
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"


def printable(report: AnnualReport) -> tuple[AnnualReport, tuple[str, ...]]:
    """The report with what can't be printed replaced, and the characters that became 〓."""
    missing = _without_glyph(report)
    if any(unicodedata.combining(character) for character in missing):
        report = _changed(report, compose_marks)
        missing = _without_glyph(report)
    if not missing:
        return report, ()
    table = {ord(character): _instead_of(character) for character in missing}
    replaced = tuple(character for character in missing if table[ord(character)] == SUBSTITUTE)
    return _changed(report, lambda text: text.translate(table)), replaced


def _without_glyph(report: AnnualReport) -> list[str]:
    """The characters of the report that the font can't show, in order of their code points."""
    typed = set().union(*_texts(report)) - {"\n"}
    return sorted(
        character
        for character in typed
        if not has_glyph(character) and ord(character) not in _KANJI_VARIANTS
    )


def _instead_of(character: str) -> str:
    """What is printed in a missing character's place."""
    if character in _LINE_ENDS:
        return "\n"
    if character == "\t":
        return " "
    is_invisible = unicodedata.category(character) in _INVISIBLE
    return "" if is_invisible or ord(character) in _VARIATION_SELECTORS else SUBSTITUTE


def _texts(value: Any) -> Iterator[str]:
    """Every text in a report, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed, at any depth."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value)(
            **{
                field.name: _changed(getattr(value, field.name), change)
                for field in dataclasses.fields(value)
            }
        )
    return value
