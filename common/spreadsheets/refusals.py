"""Why a file is not read at all."""

BROKEN = (
    "Excel のファイルとして読み取れません。壊れていないか確かめ、"
    "「Excel ブック（.xlsx）」で保存し直してください。"
)


class FileRefused(ValueError):
    """A file can't be read; the message says why and what to do, in Japanese."""
