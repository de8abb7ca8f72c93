"""The Japanese font of charts and PDFs: where its files are and which characters it has.

Noto Sans CJK JP comes in two Python packages, so that no machine needs a font
installed. The files (16 MB each) are not read here except for their character
maps.
"""

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FAMILY = "Noto Sans CJK JP"
_PACKAGES = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")
# Unicode platform with the full repertoire, and Windows likewise (OpenType, "cmap").
_FULL_UNICODE = ((0, 4), (0, 6), (3, 10))
_SEGMENTED_COVERAGE = 12
# A letter or kana and its marks as separate characters, as macOS names files.
_MARKED = re.compile(".[\u0300-\u036f\u3099\u309a]+")


def font_files() -> tuple[Path, ...]:
    """The font files, regular first, then bold."""
    return tuple(Path(str(import_module(package).FONT_PATH)) for package in _PACKAGES)


def font_folders() -> tuple[str, ...]:
    """The folders that hold the font files and no other font."""
    return tuple(str(file.parent) for file in font_files())


@cache
def typst_fonts() -> "typst.Fonts":
    """The two fonts and no other, for Typst, so that every machine sets the same page."""
    import typst  # noqa: PLC0415 (heavy: loaded with the first PDF or Word file)

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=list(font_folders()),
    )


def has_glyph(character: str) -> bool:
    """Whether both weights of the font can show a character."""
    code = ord(character)
    return all(_covers(ranges, code) for ranges in _coverage())


def compose_marks(text: str) -> str:
    """The text with a letter and its marks as one character, where there is one.

    Other characters stay as typed: the old form of a kanji in a name is not made the new one.
    """
    return _MARKED.sub(lambda marked: unicodedata.normalize("NFC", marked[0]), text)


def _covers(ranges: tuple[list[int], list[int]], code: int) -> bool:
    starts, ends = ranges
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@cache
def _coverage() -> tuple[tuple[list[int], list[int]], ...]:
    """First and last code points of the ranges that each weight covers, in order."""
    return tuple(_read_ranges(file) for file in font_files())


def _read_ranges(file: Path) -> tuple[list[int], list[int]]:
    """The covered ranges of one font file, from its character map alone."""
    with file.open("rb") as font:
        table_count = struct.unpack(">4xH6x", font.read(12))[0]
        directory = font.read(16 * table_count)
        for tag, offset, length in struct.iter_unpack(">4s4xII", directory):
            if tag == b"cmap":
                font.seek(offset)
                return _ranges_of(font.read(length))
    raise ValueError(f"{file.name} has no character map")


def _ranges_of(cmap: bytes) -> tuple[list[int], list[int]]:
    subtables = struct.unpack_from(">2xH", cmap)[0]
    for number in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * number)
        if (platform, encoding) not in _FULL_UNICODE:
            continue
        kind, groups = struct.unpack_from(">H10xI", cmap, offset)
        if kind != _SEGMENTED_COVERAGE:
            continue
        starts, ends = [], []
        for first, last, glyph in struct.iter_unpack(
            ">III", cmap[offset + 16 : offset + 16 + 12 * groups]
        ):
            if glyph:
                starts.append(first)
                ends.append(last)
        return starts, ends
    raise ValueError("the font's character map has no full Unicode table")
