"""What stops a backup, a restore or a move, in sentences for whoever typed the command."""

import errno
import sqlite3

from django.db import Error as DjangoDatabaseError

_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
ERRORS = (DjangoDatabaseError, sqlite3.Error, OSError)


class DatabaseProblem(Exception):
    """A Japanese sentence that names what is wrong and the remedy."""


def said(error: Exception) -> str:
    """What an error of the database or the disk means, with its own words at the end."""
    text = " ".join(str(error).split())
    if "disk is full" in text or (isinstance(error, OSError) and error.errno in _FULL):
        return f"ディスクに空きがありません。空けてから、もう一度行ってください（{text}）。"
    if isinstance(error, PermissionError) or "readonly database" in text:
        return f"書き込めません。フォルダーの持ち主と権限を確かめてください（{text}）。"
    if "disk I/O error" in text:
        return f"ディスクに読み書きできません。空きと故障を確かめてください（{text}）。"
    if "locked" in text or "lock timeout" in text:
        return (
            "ほかのものがデータベースを使っています。サーバーを止めてから、"
            f"もう一度行ってください（{text}）。"
        )
    if isinstance(error, OSError):
        return f"読み書きできません（{text}）。"
    return f"データベースが応じません（{text}）。"
