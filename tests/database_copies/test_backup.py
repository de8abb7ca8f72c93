"""`backup`: a file that is the whole database, or no file."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from kpis.models import Kpi
from omuta_strategy.database_copies.backups import back_up
from omuta_strategy.database_copies.files import UNFINISHED, sha256_of
from omuta_strategy.database_copies.places import building, database_at, snapshot
from projects.models import Project
from reports.models import Seal
from tests.database_copies.conftest import ODD_TEXT


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "backups"
    path.mkdir()
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def refusal(folder, *options):
    with pytest.raises(CommandError) as refused:
        call_command("backup", str(folder), *options)
    assert refused.value.returncode == 1
    return str(refused.value)


def test_the_command_says_what_it_compared_and_where_the_file_is(backed_up):
    path, said = backed_up
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = said.splitlines()
    assert lines[-1] == (f"{path}（{path.stat().st_size:,}バイト）SHA-256 {sha256_of(path)}")
    with closing(sqlite3.connect(path)) as file:
        counted = dict(file.execute("SELECT name, row_count FROM backup_manifest"))
        for table, rows in counted.items():
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)  # noqa: S608
    assert counted["auth_group"] == 3
    assert f"{len(counted)}の表、{sum(counted.values()):,}行を1行ずつ比べ、すべて同じです" in said
    assert [line.split()[:2] for line in lines[:-2]] == [
        [table, f"{rows:,}行"] for table, rows in counted.items()
    ]


def test_people_write_on_while_a_backup_is_made(plan, folder):
    """What was written after the backup began is not in it, and nobody waited."""
    live = database_at(plan)
    with building(live.path) as alias, connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
    with snapshot(live) as reading:
        before = Project.objects.using(reading).get().name
        with closing(sqlite3.connect(live.path, timeout=0)) as writer, writer:
            writer.execute("UPDATE projects_project SET name = 'あとから書いた名前'")
        assert Project.objects.using(reading).get().name == before
    made = back_up(live, folder, keep=1)
    with snapshot(database_at(f"sqlite:///{made.path}")) as copy:
        assert Project.objects.using(copy).get().name == "あとから書いた名前"
        assert Kpi.objects.using(copy).get(number=13).name == ODD_TEXT


def test_the_newest_are_kept_and_nothing_of_others_goes(plan, folder):
    for day in range(1, 5):
        (folder / f"strategy-2026010{day}-030000.sqlite3").touch()
    others = ["memo.txt", "strategy-20250101-030000.sqlite3.old", "strategy-.sqlite3"]
    for name in others:
        (folder / name).touch()
    (folder / "strategy-20250101-000000.sqlite3").mkdir()
    (folder / "strategy-20250102-000000.sqlite3").symlink_to(folder / "memo.txt")
    made = back_up(database_at(plan), folder, keep=3)
    assert [path.name for path in made.removed] == [
        "strategy-20260101-030000.sqlite3",
        "strategy-20260102-030000.sqlite3",
    ]
    assert names(folder) == sorted(
        [
            *others,
            "strategy-20250101-000000.sqlite3",
            "strategy-20250102-000000.sqlite3",
            "strategy-20260103-030000.sqlite3",
            "strategy-20260104-030000.sqlite3",
            made.path.name,
        ]
    )


def test_a_clock_set_back_does_not_cost_the_backup_just_made(plan, folder):
    (folder / "strategy-20990101-030000.sqlite3").touch()
    made = back_up(database_at(plan), folder, keep=1)
    assert names(folder) == [made.path.name]


def test_what_a_killed_run_left_goes_after_a_day(plan, folder):
    for name, age in (("old", 25 * 3600), ("young", 60)):
        left = folder / f"{UNFINISHED}{name}"
        left.mkdir()
        (left / "db.sqlite3").touch()
        then = left.stat().st_mtime - age
        os.utime(left, (then, then))
    made = back_up(database_at(plan), folder, keep=1)
    assert names(folder) == [f"{UNFINISHED}young", made.path.name]


@pytest.mark.django_db
def test_what_is_not_backed_up_is_not_sealed(tmp_path):
    refusal(tmp_path / "nowhere")
    assert not Seal.objects.exists()


@pytest.mark.usefixtures("open_databases")
def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    """A disk that isn't mounted would otherwise be filled where it hangs."""
    assert "がありません。作ってから" in refusal(tmp_path / "nowhere")
    assert names(tmp_path) == []


@pytest.mark.usefixtures("open_databases")
@pytest.mark.parametrize("where", [*settings.STATICFILES_DIRS, settings.STATIC_ROOT])
def test_a_folder_that_everybody_can_open_is_refused(tmp_path, where, settings):
    inside = tmp_path / "static"
    (inside / "deep").mkdir(parents=True)
    if where == settings.STATIC_ROOT:
        settings.STATIC_ROOT = inside
    else:
        settings.STATICFILES_DIRS = [inside]
    for folder in (inside, inside / "deep", tmp_path / "x" / ".." / "static"):
        assert "誰でもブラウザーで開けます" in refusal(Path(os.path.normpath(folder)))
    assert names(inside) == ["deep"]


@pytest.mark.usefixtures("open_databases")
@pytest.mark.parametrize("number", ["0", "-1", "３", "many"])
def test_at_least_one_is_kept(folder, number):
    assert "1以上の数を書いてください" in refusal(folder, "--keep", number)
