"""When a start is refused, and what a start does beside serving."""

import os
import sqlite3
import subprocess

import pytest

from tests.faults.serving import begin, wait_for


def refusal(environment, *options, **popen) -> str:
    """What a start that is refused says."""
    process = begin(environment, *options, stderr=subprocess.PIPE, **popen)
    try:
        said = process.communicate(timeout=60)[1]
    finally:
        process.kill()
    assert process.returncode == 1
    return said


@pytest.fixture
def sqlite(environment, tmp_path):
    """A migrated file of SQLite in a folder of its own, and what a server on it gets."""
    if not environment["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("it is about the files of SQLite")
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "db.sqlite3"
    with sqlite3.connect(environment["DATABASE_URL"].removeprefix("sqlite:///")) as before:
        before.execute("VACUUM INTO ?", [str(file)])
    with sqlite3.connect(file) as made:
        made.execute("PRAGMA journal_mode=WAL")
    return file, environment | {"DATABASE_URL": f"sqlite:///{file}"}


# Root may write everywhere, unless it has given that up.
LIKE_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_start_on_the_same_port_fails_and_the_first_serves_on(serve, environment, workers):
    with serve(f"--workers={workers}") as server:
        for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - refused
            said = refusal(environment, f"--port={server.port}", f"--host={host}")
            assert f"{host} のポート {server.port} は、ほかのプログラムが使っています。" in said
        assert server.ask("/login/")[0] == 200


def test_a_file_that_may_only_be_read_is_refused(sqlite):
    file, environment = sqlite
    file.chmod(0o444)

    said = refusal(environment, before=LIKE_ANYBODY if os.geteuid() == 0 else ())

    assert f"データベース（{file}）に書き込めません。" in said


def test_a_folder_that_may_only_be_read_is_refused(sqlite):
    file, environment = sqlite
    file.parent.chmod(0o555)

    said = refusal(environment, before=LIKE_ANYBODY if os.geteuid() == 0 else ())

    assert f"データベース（{file}）に" in said
    assert "ファイルとそのフォルダー" in said


def test_a_full_or_broken_file_is_refused(sqlite):
    file, environment = sqlite
    file.write_bytes(b"not a database " * 1000)

    said = refusal(environment)

    assert f"データベース（{file}）に接続できません。" in said


def test_a_database_that_lacks_a_migration_is_refused(sqlite):
    file, environment = sqlite
    with sqlite3.connect(file) as made:
        made.execute("DELETE FROM django_migrations WHERE app = 'reports'")

    said = refusal(environment)

    assert "未適用のマイグレーション" in said
    assert "manage.py migrate を実行してください。" in said


def test_a_database_that_cannot_be_reached_is_refused(environment):
    nobody_there = "postgresql://nobody:never-said@127.0.0.1:1/nowhere"

    said = refusal(environment | {"DATABASE_URL": nobody_there})

    assert "データベース（127.0.0.1/nowhere）に接続できません。" in said
    assert "never-said" not in said


def test_a_postgresql_that_only_reads_is_refused(environment):
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        pytest.skip("it is about PostgreSQL")
    mark = "&" if "?" in url else "?"
    read_only = f"{url}{mark}options=-c%20default_transaction_read_only%3Don"

    said = refusal(environment | {"DATABASE_URL": read_only})

    assert "に書き込めません。" in said
    assert "read-only transaction" in said


def test_the_command_of_the_day_runs_at_the_start(serve):
    with serve("--daily=check") as server:
        wait_for(lambda: "no issues" in server.log or "identified" in server.log)
        assert server.ask("/login/")[0] == 200


@pytest.mark.parametrize("workers", [1, 2])
def test_a_command_of_the_day_that_fails_is_logged_and_stops_nothing(serve, workers):
    # Without a file to load it fails.
    with serve("--daily=loaddata", f"--workers={workers}") as server:
        wait_for(lambda: "The day's run (loaddata) ended with" in server.log)
        assert server.ask("/login/")[0] == 200
        assert server.log.count("The day's run") == 1
        assert server.stop() == 0


def test_a_command_that_there_is_none_of_is_said_and_stops_nothing(serve):
    with serve("--daily=no_such_command") as server:
        assert "There is no command 'no_such_command'" in server.log
        assert server.ask("/login/")[0] == 200
