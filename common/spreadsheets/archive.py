"""Opens an XLSX file as the ZIP archive that it is, unless unpacking it could do harm.

Its parts are counted and unpacked piece by piece, none of them kept, before any is read:
what an archive says about its own sizes may be a lie.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import ParseError

from common.spreadsheets.refusals import BROKEN, FileRefused

MOST_TIMES = 20
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
_PIECE = 64 * 1024
# Whoever writes one means to define entities; no spreadsheet does. In every encoding that an
# XML parser detects by itself.
_DOCTYPES = tuple("<!DOCTYPE".encode(one) for one in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST_DOCTYPE = max(len(one) for one in _DOCTYPES)
_ENCRYPTED = 0x1
TOO_LARGE = (
    f"展開すると元の{MOST_TIMES}倍か{MOST_UNPACKED // 1024 // 1024}MBを超えるファイルです。"
    "新しいブックに必要な行だけを値で貼り付け、保存し直してください。"
)


@contextmanager
def broken_refused() -> Iterator[None]:
    """Refuse what turns out to be no XLSX, or one that is broken on purpose."""
    try:
        yield
    except FileRefused:
        raise
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
        ValueError, LookupError, struct.error, ParseError,
    ):  # fmt: skip
        raise FileRefused(BROKEN) from None


class Archive:
    """The parts of an XLSX by their names. Raises FileRefused, and what `zipfile` raises."""

    def __init__(self, content: bytes) -> None:
        left = min(MOST_TIMES * len(content), MOST_UNPACKED)
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        parts = self._zip.infolist()
        _check_parts(parts, left)
        for part in parts:
            left -= self._unpacked_size(part, left)
        # The standard compares the names of parts without regard to case.
        self._parts = {part.filename.lower(): part for part in parts}

    def part(self, name: str) -> IO[bytes]:
        """A part's bytes. Raises LookupError if it isn't there."""
        return self._zip.open(self._parts[name.lower()])

    def _unpacked_size(self, part: zipfile.ZipInfo, most: int) -> int:
        """The size a part really has. Raises FileRefused if it is more than `most` bytes."""
        size = 0
        before = b""
        with self._zip.open(part) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise FileRefused(TOO_LARGE)
                seen = before + piece
                if any(doctype in seen for doctype in _DOCTYPES):
                    raise FileRefused(BROKEN)
                before = piece[-_LONGEST_DOCTYPE:]
        return size


def _check_parts(parts: list[zipfile.ZipInfo], most: int) -> None:
    """Refuse by what the archive says of itself, before any of it is unpacked."""
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
        raise FileRefused(TOO_LARGE)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused("パスワード付きのファイルです。パスワードを外して保存し直してください。")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "マクロの入ったファイルは取り込めません。"
            "「Excel ブック（.xlsx）」で保存し直してください。"
        )
    if any("externallinks/" in name for name in names):
        raise FileRefused(
            "ほかのファイルへのリンクが入っています。"
            "「データ」の「リンクの編集」でリンクを解除し、保存し直してください。"
        )
    if len(set(names)) < len(names) or "[content_types].xml" not in names:
        raise FileRefused(BROKEN)
