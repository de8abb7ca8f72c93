"""Refuses XLSX files that could harm who unpacks them, before anything does.

An XLSX is a ZIP archive. Its parts are counted and unpacked piece by piece,
none of them kept, because what an archive says about its own sizes may be a lie.
"""

import io
import struct
import zipfile
import zlib

MOST_TIMES = 20
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
_PIECE = 64 * 1024
_DOCTYPE = b"<!DOCTYPE"
_ENCRYPTED = 0x1
BROKEN = (
    "Excel のファイルとして読み取れません。壊れていないか確かめ、"
    "「Excel ブック（.xlsx）」で保存し直してください。"
)
_TOO_LARGE = (
    f"展開すると元の{MOST_TIMES}倍か{MOST_UNPACKED // 1024 // 1024}MBを超えるファイルです。"
    "新しいブックに必要な行だけを値で貼り付け、保存し直してください。"
)

# What `zipfile` raises for archives that are none, or are broken on purpose.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError, struct.error,
)  # fmt: skip


class UnsafeFileError(ValueError):
    """A file is not unpacked; the message says why and what to do, in Japanese."""


def check_xlsx(content: bytes) -> None:
    """Raise UnsafeFileError, a ValueError, unless the file is safe to unpack."""
    most = min(MOST_TIMES * len(content), MOST_UNPACKED)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, most)
            left = most
            for part in parts:
                left -= _unpacked(archive, part, left)
    except UnsafeFileError:
        raise
    except _UNREADABLE:
        raise UnsafeFileError(BROKEN) from None


def _check_parts(parts: list[zipfile.ZipInfo], most: int) -> None:
    """Refuse by what the archive says of itself, before any of it is unpacked."""
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
        raise UnsafeFileError(_TOO_LARGE)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnsafeFileError(
            "パスワード付きのファイルです。パスワードを外して保存し直してください。"
        )
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnsafeFileError(
            "マクロの入ったファイルは取り込めません。"
            "「Excel ブック（.xlsx）」で保存し直してください。"
        )
    if any("externallinks/" in name for name in names):
        raise UnsafeFileError(
            "ほかのファイルへのリンクが入っています。"
            "「データ」の「リンクの編集」でリンクを解除し、保存し直してください。"
        )
    if len(set(names)) < len(names) or "[content_types].xml" not in names:
        raise UnsafeFileError(BROKEN)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """The size a part really has. Raises UnsafeFileError if it is more than `most` bytes."""
    size = 0
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                raise UnsafeFileError(_TOO_LARGE)
            # No spreadsheet writes one; whoever does means to define entities.
            if _DOCTYPE in before + piece:
                raise UnsafeFileError(BROKEN)
            before = piece[-len(_DOCTYPE) :]
    return size
