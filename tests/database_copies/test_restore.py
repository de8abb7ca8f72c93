"""`restore`: a backup becomes the database, or nothing changes."""

import gc
import io
import os
import shutil
import sqlite3
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from omuta_strategy.database_copies.places import database_at, live_database, snapshot
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.restoring import restore
from projects.models import Strategy
from tests.database_copies.whole import fingerprints, numbers
from tests.factories import make_strategy


@pytest.fixture
def backup(everything, tmp_path, open_databases):
    """The path of a backup of the plan with everything."""
    return Path(shutil.copy(everything, tmp_path))


def let_other_tests_connections_go():
    """Wait for what a browser still asks of a test before, and drop what its threads held."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(
        "process_request_thread" in thread.name for thread in threading.enumerate()
    ):
        time.sleep(0.1)
    gc.collect()


def refusal(file, address, **options):
    with pytest.raises(DatabaseProblem) as refused:
        restore(file, database_at(address), **options)
    return str(refused.value)


def test_all_but_the_sessions_comes_back(plan, backup, empty_file):
    placed = restore(backup, database_at(empty_file)).placed
    with snapshot(database_at(plan)) as before, snapshot(database_at(empty_file)) as after:
        expected, found = fingerprints(before), fingerprints(after)
        assert numbers(after) == numbers(before)
    assert (expected.pop("accounts_session").rows, found.pop("accounts_session").rows) == (1, 0)
    assert found == expected
    assert (placed.compared.left_out, placed.aside) == ("accounts_session", None)
    assert placed.compared.tables.keys() == expected.keys() | {"django_migrations"}


def test_sessions_come_back_when_asked_for(plan, backup, empty_file):
    restore(backup, database_at(empty_file), with_sessions=True)
    with snapshot(database_at(plan)) as before, snapshot(database_at(empty_file)) as after:
        assert fingerprints(after) == fingerprints(before)


@pytest.mark.django_db(transaction=True)
def test_the_command_replaces_the_live_database_and_keeps_the_old_one(backup):
    """On PostgreSQL with --postgres: tables aside, migrations, rows, in one transaction."""
    make_strategy(name="これまでの計画")
    let_other_tests_connections_go()
    said = io.StringIO()
    with pytest.raises(CommandError, match="空ではありません。何も変えていません"):
        call_command("restore", str(backup))
    assert Strategy.objects.get().name == "これまでの計画"
    call_command("restore", str(backup), "--replace", stdout=said)
    assert Strategy.objects.get().name == "見本市総合戦略"
    with snapshot(database_at(f"sqlite:///{backup}")) as before:
        expected, found = fingerprints(before), fingerprints("default")
        assert numbers("default") == numbers(before)
    assert expected.pop("accounts_session") != found.pop("accounts_session")
    assert found == expected
    assert f"{live_database()} に戻しました。" in said.getvalue()
    aside = said.getvalue().partition("これまでのデータベース：")[2].splitlines()[0]
    assert names_in_the_old_one(aside) == ["これまでの計画"]


def names_in_the_old_one(aside):
    """The plans in what was kept aside, which goes with it."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(aside)) as old:
            return [name for (name,) in old.execute("SELECT name FROM projects_strategy")]
    schema = aside.removeprefix("スキーマ ")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {schema}.projects_strategy")  # noqa: S608
        found = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
    return found


def test_a_restored_file_belongs_to_whom_the_old_one_belonged(backup, plan):
    path = database_at(plan).path
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    before = path.stat()
    restore(backup, database_at(plan), replaces=True)
    after = path.stat()
    assert after.st_ino != before.st_ino
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (
        before.st_uid,
        before.st_gid,
        0o640,
    )


def test_a_log_beside_the_old_file_goes_with_it(backup, plan):
    """An old WAL beside a restored file would corrupt it."""
    path = database_at(plan).path
    with closing(sqlite3.connect(path)) as killed, killed:
        killed.execute("PRAGMA journal_mode=WAL")
        killed.execute("UPDATE projects_strategy SET name = 'まだログの中'")
        killed.commit()
        logs = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
        kept = [log.read_bytes() for log in logs]
        database = path.read_bytes()
    path.write_bytes(database)
    for log, content in zip(logs, kept, strict=True):
        log.write_bytes(content)
    placed = restore(backup, database_at(plan), replaces=True).placed
    assert not any(log.exists() for log in logs)
    assert names_in_the_old_one_file(placed.aside) == ["まだログの中"]
    assert names_in_the_old_one_file(path) == ["見本市総合戦略"]


def names_in_the_old_one_file(path):
    with closing(sqlite3.connect(path)) as file:
        return [name for (name,) in file.execute("SELECT name FROM projects_strategy")]


def test_a_damaged_database_is_replaced_and_kept_as_it_is(backup, plan):
    path = database_at(plan).path
    path.write_bytes(b"x" * 5000)
    assert "空ではありません" in refusal(backup, plan)
    placed = restore(backup, database_at(plan), replaces=True).placed
    assert Path(placed.aside).read_bytes() == b"x" * 5000
    assert names_in_the_old_one_file(path) == ["見本市総合戦略"]


def test_a_running_servers_file_is_not_replaced(backup, plan):
    path = database_at(plan).path
    with closing(sqlite3.connect(path)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("SELECT count(*) FROM auth_user").fetchone()
        assert "サーバーと、つながっているほかのものを止めて" in refusal(
            backup, plan, replaces=True
        )
    assert names_in_the_old_one_file(path) == ["見本市総合戦略"]


def change(path, old, new):
    """Some bytes of a file, as a failing disk would."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def test_a_letter_that_changed_in_the_backup_is_noticed(backup, empty_file):
    """SQLite itself finds nothing wrong with it."""
    change(backup, "しごとの創生".encode(), "しごとの創世".encode())
    assert (
        "取ったときのものと違います（projects_historicalpillar、projects_pillar、reports_edition、"
        "reports_keptcontent）" in refusal(backup, empty_file)
    )
    assert not database_at(empty_file).path.exists()


def test_a_damaged_page_is_noticed(backup, empty_file):
    content = bytearray(backup.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    backup.write_bytes(content)
    assert "壊れています" in refusal(backup, empty_file)
    assert not database_at(empty_file).path.exists()


def test_a_backup_cut_short_is_noticed(backup, empty_file):
    backup.write_bytes(backup.read_bytes()[:20000])
    assert "壊れています" in refusal(backup, empty_file)
    assert not database_at(empty_file).path.exists()


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"SQLite format 3"])
def test_what_is_no_backup_is_refused(tmp_path, empty_file, content):
    file = tmp_path / "file"
    file.write_bytes(content)
    assert "バックアップではありません" in refusal(file, empty_file)


def test_a_backup_of_an_older_program_comes_back_and_has_to_be_migrated(backup, empty_file):
    with closing(sqlite3.connect(backup)) as file, file:
        file.execute("DROP TABLE axes_accessattemptexpiration")
        file.execute("DELETE FROM django_migrations WHERE app = 'axes' AND name >= '0010'")
        file.execute("DROP TABLE backup_manifest")
        file.execute("DROP TABLE backup_origin")
    restored = restore(backup, database_at(empty_file))
    assert not restored.is_current
    assert restored.manifest is None
    with snapshot(database_at(empty_file)) as after:
        tables = connections[after].introspection.table_names()
    assert "axes_accessattempt" in tables
    assert "axes_accessattemptexpiration" not in tables
