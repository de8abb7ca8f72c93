"""`move_database`: every row of every table arrives, there and back."""

import hashlib
import io
import shutil
import sqlite3
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connections

from kpis.models import Kpi, YearlyActual
from omuta_strategy.database_copies.counters import last_number
from omuta_strategy.database_copies.moving import move_database
from omuta_strategy.database_copies.places import (
    building,
    database_at,
    snapshot,
)
from reports.models import Edition, EditionFile
from tests.database_copies.conftest import MANY_DIGITS, MOMENT, ODD_TEXT
from tests.database_copies.whole import fingerprints, numbers


def moved(source, target):
    """What the command says; or its exit code and why it refused."""
    said = io.StringIO()
    call_command("move_database", source, target, stdout=said)
    return said.getvalue()


def refusal(source, target):
    with pytest.raises(CommandError) as refused:
        call_command("move_database", source, target)
    assert refused.value.returncode == 1
    return str(refused.value)


def check_values(address):
    """To the microsecond, the last digit and the last byte; and who is gone stays gone."""
    with snapshot(database_at(address)) as there:
        kpis = Kpi.objects.using(there).filter(number__gte=10).order_by("number")
        assert [kpi.name for kpi in kpis] == [ODD_TEXT] * 4
        assert [kpi.final_targets.get().value for kpi in kpis] == MANY_DIGITS
        actual = YearlyActual.objects.using(there).get(fiscal_year=2026)
        assert (actual.value, actual.analysis) == (Decimal("12345678901.2345"), ODD_TEXT)
        assert User.objects.using(there).get(username="kikaku").date_joined == MOMENT
        pdf = EditionFile.objects.using(there).get(name="annual-report.pdf")
        assert hashlib.sha256(pdf.content).hexdigest() == pdf.sha256
        edition = Edition.objects.using(there).get()
        assert hashlib.sha256(edition.document.encode()).hexdigest() == edition.document_sha256
        gone = Kpi.history.using(there).filter(number=8).latest()
        assert (gone.history_type, gone.name) == ("-", "指標8")
        assert not Kpi.objects.using(there).filter(pk=gone.id).exists()
        leaver = last_number(connections[there], User)
        assert leaver > max(User.objects.using(there).values_list("pk", flat=True))


def test_a_database_moves_there_and_back_unchanged(plan, empty, empty_file):
    """From SQLite to SQLite here; with --postgres through PostgreSQL and back."""
    there = move_database(database_at(plan), database_at(empty))
    said = moved(empty, empty_file)
    with (
        snapshot(database_at(plan)) as before,
        snapshot(database_at(empty)) as between,
        snapshot(database_at(empty_file)) as back,
    ):
        expected = fingerprints(before)
        assert fingerprints(between) == expected
        assert fingerprints(back) == expected
        assert numbers(between) == numbers(back) == numbers(before)
    assert there.compared.tables.keys() == expected.keys() | {"django_migrations"}
    assert there.compared.rows > 300
    for table, found in expected.items():
        assert f"{table:<40} {found.rows:>8,}行  SHA-256 {found.sha256}" in said
    total = f"{len(expected) + 1}の表、{there.compared.rows:,}行"
    assert f"{total}を1行ずつ比べ、すべて同じです" in said
    check_values(empty)


def test_what_forbids_changing_rows_lets_them_be_moved_and_holds_afterwards(plan, empty_file):
    """What a trigger would do to a copied row was done before."""
    with building(database_at(plan).path) as alias, connections[alias].cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER no_more_groups BEFORE INSERT ON auth_group"
            " BEGIN SELECT RAISE(ABORT, 'グループは3つです'); END"
        )
    move_database(database_at(plan), database_at(empty_file))
    with (
        sqlite3.connect(database_at(empty_file).path) as file,
        pytest.raises(sqlite3.IntegrityError, match="グループは3つです"),
    ):
        file.execute("INSERT INTO auth_group (name) VALUES ('新しいもの')")
    file.close()


def test_a_database_that_people_worked_in_is_not_overwritten(plan, everything, tmp_path):
    shutil.copy(everything, tmp_path / "other.sqlite3")
    before = everything.read_bytes()
    target = f"sqlite:///{tmp_path}/other.sqlite3"
    assert "空ではありません。何も変えていません" in refusal(plan, target)
    assert database_at(target).path.read_bytes() == before


def test_a_database_of_something_else_is_not_overwritten(plan, empty_file):
    path = database_at(empty_file).path
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE books (title TEXT)")
    file.close()
    before = path.read_bytes()
    assert "空ではありません" in refusal(plan, empty_file)
    assert path.read_bytes() == before


def test_a_file_that_somebody_has_open_is_not_moved(plan, empty_file):
    with sqlite3.connect(database_at(plan).path) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("SELECT count(*) FROM auth_user").fetchone()
        assert "使われています" in refusal(plan, empty_file)
    server.close()
    assert not database_at(empty_file).path.exists()


def changed(address, *statements):
    with sqlite3.connect(database_at(address).path) as file:
        for statement in statements:
            file.execute(statement)
    file.close()


UNKNOWN = "INSERT INTO django_migrations (app, name, applied) VALUES ('kpis', '9999', '2031-01-01')"


def test_a_database_of_a_newer_program_is_not_moved(plan, empty_file):
    changed(plan, UNKNOWN, "ALTER TABLE kpis_kpi ADD COLUMN colour TEXT")
    assert "新しい版のものです（kpis.9999）" in refusal(plan, empty_file)
    assert not database_at(empty_file).path.exists()


def test_a_migration_folded_into_another_since_is_no_newer_program(plan, empty_file):
    changed(plan, UNKNOWN)
    moved(plan, empty_file)
    with snapshot(database_at(plan)) as before, snapshot(database_at(empty_file)) as after:
        assert fingerprints(after) == fingerprints(before)


def test_a_column_that_no_program_knows_is_not_lost_silently(plan, empty_file):
    changed(plan, "ALTER TABLE kpis_kpi ADD COLUMN colour TEXT")
    assert "移行で作られたものと違う表があります（kpis_kpi）" in refusal(plan, empty_file)


def test_a_table_that_no_program_knows_is_named(plan, empty_file):
    changed(plan, "CREATE TABLE watching (seen TEXT)")
    assert "このアプリのものでない表は写していません：watching" in moved(plan, empty_file)


@pytest.mark.usefixtures("open_databases")
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("mysql://a@b/c", "データベースの指定を読めません"),
        ("sqlite://:memory:", "データベースの指定を読めません"),
        ("これは何", "データベースの指定を読めません"),
        ("sqlite:////nowhere/db.sqlite3", "がありません。場所を確かめてください"),
        ("postgresql://nobody@127.0.0.1:1/nowhere", "データベースが応じません"),
    ],
)
def test_what_is_no_database_is_refused_in_words(empty_file, source, words):
    assert words in refusal(source, empty_file)
    assert not database_at(empty_file).path.exists()


def test_nothing_moves_onto_itself(empty_file):
    assert "同じデータベースです" in refusal(empty_file, empty_file)
