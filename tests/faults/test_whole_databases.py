"""Backups under load, killed and without space; restoring elsewhere. Both databases.

With --postgres the installation's database is PostgreSQL.
"""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest

from benchmarks.installation import ROOT, installed
from benchmarks.server import served

MOST_SECONDS = 120
SMALLEST = 200 * 1024  # bytes; a backup has more


@pytest.fixture(scope="module")
def postgres(pytestconfig):
    return pytestconfig.getoption("--postgres")


@pytest.fixture(scope="module")
def installation(postgres):
    with installed("real", postgres=postgres) as installation:
        yield installation


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "backups"
    path.mkdir()
    return path


def manage(installation, *arguments, limit=None, **environment):
    """A command in a process of its own; `limit` is the largest file that it may write."""

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=installation.environment | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
        preexec_fn=limited if limit else None,
    )


def started(installation, *arguments, stdout=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=installation.environment,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def backed_up(installation, folder):
    """Make a backup; its path."""
    before = set(folder.iterdir())
    made = manage(installation, "backup", str(folder))
    assert made.returncode == 0, made.stderr
    (path,) = set(folder.iterdir()) - before
    return path


def asked(path, question):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        return file.execute(question).fetchall()


def test_a_backup_while_people_save_has_whole_saves_and_all_acknowledged(
    installation, folder, tmp_path
):
    """Each save writes a figure and its history; backups are made during some hundred."""
    log = tmp_path / "acknowledged"
    found = []
    with log.open("wb") as file:
        writer = started(installation, "-m", "tests.faults.figures_written", "90", stdout=file)
    try:
        deadline = time.monotonic() + MOST_SECONDS
        while not acknowledged(log) and time.monotonic() < deadline:
            time.sleep(0.1)
        while writer.poll() is None and len(found) < 4:
            before = acknowledged(log)
            path = backed_up(installation, folder)
            found.append((path, before, writer.poll() is None))
    finally:
        writer.kill()
        writer.wait()
    assert [is_during for _path, _before, is_during in found].count(True) >= 2
    for path, before, _is_during in found:
        kept = dict(
            asked(path, "SELECT kpi_id, version FROM kpis_yearlyactual WHERE fiscal_year = 2025")
        )
        assert before
        assert {kpi: version for kpi, version in before.items() if kept[kpi] < version} == {}
        halves = asked(
            path,
            "SELECT a.kpi_id FROM kpis_yearlyactual a LEFT JOIN kpis_historicalyearlyactual h"
            " ON h.id = a.id AND h.version = a.version AND h.value = a.value"
            " AND h.analysis = a.analysis WHERE h.history_id IS NULL",
        )
        beyond = asked(
            path,
            "SELECT h.id FROM kpis_historicalyearlyactual h JOIN kpis_yearlyactual a"
            " ON a.id = h.id WHERE h.version > a.version",
        )
        assert (halves, beyond) == ([], [])


def acknowledged(log):
    """The last version by KPI."""
    lines = log.read_text().splitlines(keepends=True)
    pairs = [line.split() for line in lines if line.endswith("\n")]
    return {int(kpi): int(version) for kpi, version in pairs}


def test_a_full_disk_is_said_and_leaves_nothing(installation, folder):
    older = backed_up(installation, folder)
    before = older.read_bytes()
    refused = manage(installation, "backup", str(folder), "--keep", "1", limit=SMALLEST)
    assert refused.returncode == 1
    assert "ディスク" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(folder.iterdir()) == [older]
    assert older.read_bytes() == before


def test_a_disk_without_space_is_said_and_leaves_nothing(installation, folder):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALLEST}", "none", folder],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("Only root may mount a small disk.")
    try:
        refused = manage(installation, "backup", str(folder))
        assert refused.returncode == 1
        assert "ディスクに空きがありません" in refused.stderr
        assert list(folder.iterdir()) == []
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S607


def test_an_unwritable_folder_is_said(installation, folder):
    if os.geteuid() == 0:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "ro", "none", folder],  # noqa: S607
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip("Root may write everywhere, and can't mount anything here.")
    else:
        folder.chmod(0o500)
    try:
        refused = manage(installation, "backup", str(folder))
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", folder], check=True)  # noqa: S607
    assert refused.returncode == 1
    assert "書き込めません" in refused.stderr or "読み書きできません" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_backup_killed_at_any_moment_leaves_no_file_that_looks_like_one(installation, folder):
    for moment in (0.0, 0.1, 0.3, 0.6, 1.0, 1.6):
        running = started(installation, "manage.py", "backup", str(folder))
        deadline = time.monotonic() + MOST_SECONDS
        while not list(folder.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moment)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for path in folder.iterdir():
            if path.is_dir():
                assert path.name.startswith(".strategy-unfinished-")
                shutil.rmtree(path)
            else:
                # It was done before the signal came: then it is whole.
                assert running.returncode in {0, -signal.SIGKILL}
                assert asked(path, "PRAGMA integrity_check") == [("ok",)]
                path.unlink()
    backed_up(installation, folder)


def names_of_plans(installation):
    return installation.run(
        "-c",
        "import django; django.setup()\n"
        "from projects.models import Strategy\n"
        "print(*Strategy.objects.values_list('name', flat=True))",
    ).strip()


def renamed(installation, name):
    installation.run(
        "-c",
        "import django; django.setup()\n"
        "from projects.models import Strategy\n"
        f"Strategy.objects.update(name={name!r})",
    )


def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(installation, folder):
    path = backed_up(installation, folder)
    backed = names_of_plans(installation)
    for moment in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0):
        renamed(installation, "これまでの計画")
        running = started(installation, "manage.py", "restore", str(path), "--replace")
        time.sleep(moment)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert names_of_plans(installation) in {"これまでの計画", backed}
        assert manage(installation, "check_plan").returncode == 0
    renamed(installation, "これまでの計画")
    restored = manage(installation, "restore", str(path), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert names_of_plans(installation) == backed


def test_the_database_of_a_running_server_is_not_replaced(installation, folder):
    path = backed_up(installation, folder)
    renamed(installation, "これまでの計画")
    with served(installation):
        refused = manage(installation, "restore", str(path), "--replace")
        assert refused.returncode == 1
        assert "使われています" in refused.stderr
        assert names_of_plans(installation) == "これまでの計画"
    restored = manage(installation, "restore", str(path), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert "これまでのデータベース：" in restored.stdout
    assert names_of_plans(installation) != "これまでの計画"
    with served(installation):
        pass


def test_a_backup_is_restored_on_the_other_database_and_moves_back(
    installation, folder, postgres, tmp_path
):
    """Elsewhere: SQLite's in PostgreSQL, PostgreSQL's in SQLite; the plan and its hashes hold."""
    path = backed_up(installation, folder)
    with installed("real", postgres=not postgres) as other:
        restored = manage(other, "restore", str(path), "--replace")
        assert restored.returncode == 0, restored.stderr
        checked = manage(other, "check_plan")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        # The installation is written without a history, of which `verify` tells here as there.
        there, here = (manage(one, "verify").stdout.splitlines() for one in (installation, other))
        assert [one for one in there if one.startswith("・")]
        assert here == there
        assert manage(other, "migrate", "--check").returncode == 0
        assert names_of_plans(other) == names_of_plans(installation)
        target = f"sqlite:///{tmp_path}/moved.sqlite3"
        moved = manage(other, "move_database", other.environment["DATABASE_URL"], target)
        assert moved.returncode == 0, moved.stderr
        with served(other):
            pass
    lines = [line.split() for line in moved.stdout.splitlines() if "SHA-256" in line]
    hashes = {table: sha256 for table, _rows, _name, sha256 in lines}
    kept = dict(asked(path, "SELECT name, sha256 FROM backup_manifest"))
    assert hashes == kept


def test_a_database_that_only_migrate_was_run_on_is_empty(installation, folder, tmp_path, postgres):
    path = backed_up(installation, folder)
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    if postgres:
        live = installation.environment["DATABASE_URL"]
        with psycopg.connect(live, autocommit=True) as server:
            server.execute("CREATE DATABASE new TEMPLATE template0 ENCODING 'UTF8'")
        url = live.replace("/postgres?", "/new?")
    assert manage(installation, "migrate", "-v0", DATABASE_URL=url).returncode == 0
    restored = manage(installation, "restore", str(path), DATABASE_URL=url)
    assert restored.returncode == 0, restored.stderr
    assert "これまでのデータベース" not in restored.stdout
    assert manage(installation, "check_plan", DATABASE_URL=url).returncode == 0
    again = manage(installation, "restore", str(path), DATABASE_URL=url)
    assert (again.returncode, "空ではありません" in again.stderr) == (1, True)


def test_functions_and_triggers_go_aside_with_their_tables(installation, folder, postgres):
    """What forbids changing rows neither stops a restore nor stays behind."""
    if not postgres:
        pytest.skip("SQLite keeps triggers inside the file that is put aside.")
    url = installation.environment["DATABASE_URL"]
    with psycopg.connect(url) as database:
        database.execute(
            "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no'; END $$"
        )
        database.execute(
            "CREATE TRIGGER fixed BEFORE DELETE OR UPDATE OR INSERT ON auth_group"
            " FOR EACH ROW EXECUTE FUNCTION forbid()"
        )
    path = backed_up(installation, folder)
    restored = manage(installation, "restore", str(path), "--replace")
    assert restored.returncode == 0, restored.stderr
    aside = restored.stdout.partition("スキーマ ")[2].split()[0]
    with psycopg.connect(url) as database:
        assert database.execute(
            "SELECT pronamespace::regnamespace::text FROM pg_proc WHERE proname = 'forbid'"
        ).fetchall() == [(aside,)]
        database.execute(f"DROP SCHEMA {aside} CASCADE")
    assert manage(installation, "check_plan").returncode == 0


def test_a_character_that_postgresql_cannot_hold_is_named(installation, folder, postgres):
    """SQLite takes it: there it comes back as it was."""
    path = backed_up(installation, folder)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE kpis_kpi SET name = 'a' || char(0) || 'b' WHERE id = 3")
        file.execute("DROP TABLE backup_manifest")
        file.execute("DROP TABLE backup_origin")
    before = names_of_plans(installation)
    restored = manage(installation, "restore", str(path), "--replace")
    if postgres:
        assert restored.returncode == 1
        assert "表 kpis_kpi の 3 の「指標名」に、PostgreSQLに入らない文字（NUL）" in restored.stderr
    else:
        assert restored.returncode == 0, restored.stderr
    assert names_of_plans(installation) == before
