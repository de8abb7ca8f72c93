"""A backup: a file of SQLite with every row of the live database, made while people work."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from omuta_strategy.database_copies.comparing import Compared
from omuta_strategy.database_copies.files import UNFINISHED, compared_file, flush, sha256_of
from omuta_strategy.database_copies.places import Database, snapshot
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.schema import schema_of

_NAME = re.compile(r"strategy-\d{8}-\d{6}\.sqlite3")
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A finished backup, and the older ones that went for it."""

    path: Path
    size: int  # bytes
    sha256: str
    compared: Compared
    removed: list[Path]


def back_up(database: Database, folder: Path, *, keep: int) -> BackedUp:
    """Make one more backup in `folder` and leave the newest `keep`, this one included.

    DatabaseProblem, or an error of database or disk, leaves no file; the older ones stay.
    """
    check_folder(folder)
    _clear_away(folder)
    with snapshot(database) as source:
        made = compared_file(source, schema_of(source), folder, origin=str(database))
        with made as (file, compared):
            path = folder / f"strategy-{timezone.localtime():%Y%m%d-%H%M%S}.sqlite3"
            size, sha256 = file.stat().st_size, sha256_of(file)
            file.replace(path)
            flush(folder)
    return BackedUp(path, size, sha256, compared, _rotate(folder, path, keep))


def check_folder(folder: Path) -> None:
    """DatabaseProblem for a folder that isn't there, or from which the server hands out files."""
    if not folder.is_dir():
        raise DatabaseProblem(
            f"フォルダー {folder} がありません。作ってから（書き込むのはサーバーの利用者）、"
            "もう一度行ってください。別の機械のディスクなら、つながっているか確かめてください。"
        )
    public = (settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS)
    for one in map(str, filter(None, public)):
        if folder.resolve().is_relative_to(Path(one).resolve()):
            raise DatabaseProblem(
                f"{folder} のファイルは、誰でもブラウザーで開けます（{one}）。"
                "別のフォルダーにしてください。"
            )


def _rotate(folder: Path, newest: Path, keep: int) -> list[Path]:
    """Remove what is beyond `keep`; never the one just made, even by a clock set back."""
    older = sorted(
        path
        for path in folder.iterdir()
        if _NAME.fullmatch(path.name)
        and path != newest
        and path.is_file()
        and not path.is_symlink()
    )
    beyond = older[: max(len(older) - (keep - 1), 0)]
    for path in beyond:
        path.unlink()
    return beyond


def _clear_away(folder: Path) -> None:
    """Remove what a run that was killed left behind; one that still runs is younger."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if path.is_dir() and path.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(path, ignore_errors=True)
