"""Databases beside the tests' own: empty ones, and one with every kind of value in it."""

import io
import shutil
import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from accounts.models import Session
from kpis.recording import close_years_through, record_actual
from projects.models import Strategy
from reports.annual.editions import issue_edition
from tests.factories import final, make_kpi, make_plan, make_user
from tests.once_in_a_run import folder_of_the_run, once_in_a_run

ODD_TEXT = "改行\n、タブ\t、𠮷野家🏯、👩‍👩‍👧、'引用\"、%s、\\、\u2028、\u00a0、א"
MOMENT = datetime(2026, 3, 31, 14, 59, 59, 999999, tzinfo=UTC)
MANY_DIGITS = [Decimal(text) for text in ("12345678901.2345", "-99999999999.9999", "0.0001", "0")]


def make_everything():
    """A plan in use, with an edition, deleted rows that its history names, and odd values."""
    user = make_user("kikaku")
    strategy = make_plan(user)
    project = strategy.projects.get()
    gone = make_kpi(project, 8)
    gone.delete()
    leaver = make_user("yameta", "企画担当")
    leaver.delete()
    for number, value in enumerate(MANY_DIGITS, 10):
        odd = {"name": ODD_TEXT, "definition": ODD_TEXT, "decimal_places": 4}
        kpi = make_kpi(project, number, target=value, formula="from_baseline", baseline=1, **odd)
    record_actual(kpi, 2026, final(MANY_DIGITS[0], analysis=ODD_TEXT), user=user, version=0)
    close_years_through(strategy, 2025, user=user)
    issue_edition(Strategy.objects.get(), 2025, user=user)
    later = make_kpi(project, 9)
    kpi.source = later  # a row that is written after the one that names it
    kpi.save()
    User.objects.filter(pk=user.pk).update(date_joined=MOMENT, last_login=None)
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(User),
        object_id="1",
        object_repr="名前",
        action_flag=CHANGE,
        change_message=ODD_TEXT,
    )
    Session.objects.create(session_key="k" * 32, session_data=ODD_TEXT, expire_date=MOMENT)


@pytest.fixture(scope="session")
def backed_up(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of the tests' own database with every kind of value, and what the command said."""
    shared = folder_of_the_run(request, tmp_path_factory)
    folder, told = shared / "backups", shared / "backed-up.txt"

    def back_up():
        said = io.StringIO()
        folder.mkdir()
        make_everything()
        call_command("backup", str(folder), stdout=said)
        call_command("flush", interactive=False, verbosity=0)
        connection.close()
        told.write_text(said.getvalue(), encoding="utf-8")

    with django_db_blocker.unblock():
        once_in_a_run(shared, "backup", back_up)
    (path,) = folder.iterdir()
    return path, told.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def everything(backed_up):
    """The file of that backup."""
    return backed_up[0]


@pytest.fixture
def open_databases(django_db_setup, django_db_blocker):
    """Let a test open databases of its own; what it leaves in the common one stays there."""
    with django_db_blocker.unblock():
        yield
        connection.close()


@pytest.fixture
def plan(everything, tmp_path, open_databases):
    """The address of a database with all of it."""
    shutil.copy(everything, tmp_path / "plan.sqlite3")
    return f"sqlite:///{tmp_path}/plan.sqlite3"


@pytest.fixture
def empty_file(tmp_path):
    """The address of an SQLite database that isn't there yet."""
    return f"sqlite:///{tmp_path}/elsewhere.sqlite3"


@pytest.fixture
def empty(tmp_path, open_databases):
    """The address of an empty database of the tests' own kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/new.sqlite3"
        return
    name = f"new_{uuid.uuid4().hex}"
    folder = connection.settings_dict["OPTIONS"]["host"]  # of the socket
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield f"postgresql://postgres@/{name}?host={folder}"
    with connection.cursor() as cursor:
        # It waits for a checkpoint, which takes what the disk takes.
        cursor.execute("SET statement_timeout TO 0")
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        cursor.execute("RESET statement_timeout")
