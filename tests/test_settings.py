"""What an installation refuses to start with, and what it starts as."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.test import RequestFactory

from accounts.client_address import client_address
from accounts.hashers import Argon2LightHasher
from entry.demo import seed_demo
from entry.plan_file.loading import load_plan
from omuta_strategy.secret_key import weakness
from tests.factories import PASSWORD

ROOT = Path(__file__).parent.parent
KEY = "k0_" + "abcdefghij" * 5
PRODUCTION = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "strategy.city.example.lg.jp",
    "DATABASE_URL": "sqlite://:memory:",
}
# Which read the environment.
SOURCES = ("settings.py", "sign_on.py")
# A port at which nothing listens.
NO_DATABASE = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"


def python(*arguments, **environment):
    """Run Python in the project with these variables and none of the tests' own."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "PYTHONUTF8": "1", "ENV_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def setting(name, **environment):
    """A setting's value in an installation with these variables."""
    code = f"from omuta_strategy import settings; print(repr(getattr(settings, {name!r}, None)))"
    result = python("-c", code, **{**PRODUCTION, **environment})
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def get(path, headers="{}", **environment):
    """Status, type, caching and body of a page in an installation with these variables."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        f"response = Client(raise_request_exception=False).get({path!r}, headers={headers})\n"
        "for name in ('Content-Type', 'Cache-Control', 'Location'):\n"
        "    print(response.headers.get(name))\n"
        "print(response.status_code, response.content.decode())\n"
    )
    result = python(
        "-c",
        code,
        **{**PRODUCTION, "ALLOWED_HOSTS": "testserver", **environment},
        DJANGO_SETTINGS_MODULE="omuta_strategy.settings",
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_start_without_secret_key_is_refused_and_says_how_to_make_one():
    result = python("manage.py", "check", **{**PRODUCTION, "SECRET_KEY": ""})

    assert result.returncode == 1
    assert "ImproperlyConfigured: SECRET_KEY is not set." in result.stderr
    command = re.search(r'python -c "(.+)"', result.stderr)
    assert len(python("-c", command[1]).stdout.strip()) >= 50


def test_development_without_secret_key_keeps_its_key_when_the_server_reloads():
    assert (
        setting("SECRET_KEY", SECRET_KEY="", DEBUG="1")
        == setting("SECRET_KEY", SECRET_KEY="", DEBUG="1")
        == "'django-insecure-development-only'"
    )


def test_demo_without_secret_key_never_gets_a_known_one():
    first = setting("SECRET_KEY", SECRET_KEY="", DEMO="1")
    second = setting("SECRET_KEY", SECRET_KEY="", DEMO="1")

    assert first != second
    assert "insecure" not in first + second
    assert len(first) > 50


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("short-k3y", "has 9 characters, fewer than 50"),
        ("ab" * 40, "has only 2 different characters"),
        ("django-insecure-" + KEY, "has 'django-insecure' in it, as examples have"),
        ("ChangeMe" + KEY, "has 'changeme' in it, as examples have"),
        ("…", "has 1 characters, fewer than 50"),
    ],
)
def test_weak_secret_key_is_found(key, what):
    assert weakness(key) == what


@pytest.mark.parametrize("kind", [{}, {"DEMO": "1"}], ids=["production", "demo"])
def test_weak_secret_key_is_refused_with_the_remedy(kind):
    result = python(
        "-c", "import omuta_strategy.settings", **{**PRODUCTION, **kind, "SECRET_KEY": "short-k3y"}
    )

    assert result.returncode == 1
    assert "ImproperlyConfigured: SECRET_KEY has 9 characters, fewer than 50" in result.stderr
    assert "secrets.token_urlsafe(50)" in result.stderr


def test_keys_as_the_remedy_makes_them_are_strong():
    assert {weakness(secrets.token_urlsafe(50)) for _key in range(200)} == {""}


@pytest.mark.parametrize("minutes", ["721", "３０"])
def test_idle_time_that_is_no_number_of_minutes_is_refused(minutes):
    result = python("-c", "import omuta_strategy.settings", **PRODUCTION, IDLE_MINUTES=minutes)

    assert f"IDLE_MINUTES is {minutes!r}: write a number from 1 to 720." in result.stderr


def test_idle_time_is_half_an_hour_unless_told_otherwise():
    assert settings.IDLE_MINUTES == 30
    assert setting("IDLE_MINUTES", IDLE_MINUTES="10") == "10"


def test_deployment_check_names_what_a_demo_left_behind(db, settings):
    settings.DEMO = True
    load_plan("omuta_2024_2028")
    assert seed_demo() == ""
    is_on = {one.id: one.msg for one in run_checks(include_deployment_checks=True)}
    assert is_on["accounts.W001"].startswith("DEMO=1 です。")
    settings.DEMO = False

    left = {one.id: one.msg for one in run_checks(include_deployment_checks=True)}
    assert "accounts.W001" not in left
    assert "デモの利用者が残っています：kanri、kikaku、tantou。" in left["accounts.W002"]
    assert left["entry.W001"].startswith("デモが入れた実績（架空）が36件あります。")


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/plans/mihon/history/", "/nothing/", "/audit.csv"]
)
def test_nothing_of_a_page_is_kept_on_the_way_or_in_the_browser(planner, path):
    caching = planner.get(path).headers["Cache-Control"].split(", ")

    assert {"private", "no-store"} <= set(caching)


def test_switch_that_is_neither_on_nor_off_is_refused():
    result = python("manage.py", "check", **PRODUCTION, HTTPS="ture")

    assert result.returncode == 1
    assert "HTTPS is 'ture': write 1 (on) or 0 (off)." in result.stderr


def test_database_that_is_neither_sqlite_nor_postgresql_is_refused():
    result = python("manage.py", "check", **{**PRODUCTION, "DATABASE_URL": "mysql://db/omuta"})

    assert result.returncode == 1
    assert "DATABASE_URL has to begin with sqlite:/// or postgresql://" in result.stderr


def test_word_template_that_is_not_there_is_refused():
    result = python("manage.py", "check", **PRODUCTION, REPORT_TEMPLATE="hinagata.docx")

    assert result.returncode == 1
    assert "REPORT_TEMPLATE is 'hinagata.docx', and there is no such file." in result.stderr


def test_word_template_that_lacks_something_is_refused(tmp_path):
    path = tmp_path / "hinagata.docx"
    docx.Document().save(path)
    result = python("manage.py", "check", **PRODUCTION, REPORT_TEMPLATE=str(path))

    assert result.returncode == 1
    assert f"Wordのひな型 {path} は使えません（REPORT_TEMPLATE）。" in result.stderr
    assert "・スタイル「要旨」がありません。" in result.stderr


def test_deployment_check_finds_nothing_in_a_production_environment():
    result = python("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "System check identified no issues (2 silenced).\n"


def test_example_environment_lists_every_variable_that_the_settings_read():
    root = ROOT / "omuta_strategy"
    settings_py, sign_on = ((root / name).read_text("utf-8") for name in SOURCES)
    read = set(re.findall(r'(?:env\.\w+|switch|whole_number)\(\s*"([A-Z_]+)"', settings_py))
    for group in re.findall(r"env\.group\(([^)]+)\)", sign_on):
        read |= set(re.findall(r'"([A-Z_]+)"', group))
    assert "LDAP_URL" in read
    listed = re.findall(
        r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(listed) == sorted(read)


def test_env_file_is_read_and_the_environment_wins_over_it(tmp_path):
    env_file = tmp_path / "production.env"
    env_file.write_text(f"SECRET_KEY={KEY}\nALLOWED_HOSTS=from.file,second\n", encoding="utf-8")

    file = {"ENV_FILE": str(env_file), "SECRET_KEY": KEY[::-1]}
    assert setting("SECRET_KEY", **file) == repr(KEY[::-1])
    assert setting("ALLOWED_HOSTS", **file) == "['strategy.city.example.lg.jp']"
    result = python("manage.py", "check", ENV_FILE=str(env_file), DATABASE_URL="sqlite://:memory:")
    assert result.returncode == 0, result.stderr


def test_relative_sqlite_file_lies_in_the_project_and_its_folder_is_made(tmp_path):
    assert setting("DATABASES", DATABASE_URL="").count(repr(ROOT / "data" / "db.sqlite3")) == 1

    file = tmp_path / "new" / "folder" / "db.sqlite3"
    setting("DATABASES", DATABASE_URL=f"sqlite:///{file}")
    assert file.parent.is_dir()


@pytest.mark.parametrize(
    ("variables", "secure"),
    [
        ({}, "True"),
        ({"DEMO": "1"}, "False"),
        ({"DEBUG": "1"}, "False"),
        ({"DEMO": "1", "HTTPS": "on"}, "True"),
        ({"HTTPS": "0"}, "False"),
    ],
    ids=["production", "demo", "debug", "demo-https", "production-plain"],
)
def test_cookies_need_https_except_in_demo_and_debug(variables, secure):
    assert setting("SESSION_COOKIE_SECURE", **variables) == secure
    assert setting("CSRF_COOKIE_SECURE", **variables) == secure


def test_plain_http_is_redirected_to_https():
    _, _, location, status = get("/login/")

    assert (status.strip(), location) == ("301", "https://testserver/login/")


def test_forwarded_proto_is_believed_only_behind_a_proxy():
    headers = "{'X-Forwarded-Proto': 'https'}"

    # Over HTTPS a stranger is sent to the login, over HTTP to HTTPS first.
    assert get("/", headers)[2] == "https://testserver/"
    assert get("/", headers, PROXY="1")[2] == "/login/?next=/"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("not an address", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_client_address_is_what_the_proxy_saw(forwarded, address):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address


def test_healthz_answers_ok_without_login_over_plain_http_and_uncached():
    content_type, caching, _, answer = get("/healthz")

    assert answer == "200 ok"
    assert content_type == "text/plain; charset=utf-8"
    assert "no-store" in caching


def test_healthz_answers_ok_although_the_database_does_not_answer():
    _, caching, _, answer = get("/healthz", DATABASE_URL=NO_DATABASE)

    assert answer == "200 ok"
    assert "no-store" in caching


def test_readyz_answers_503_over_plain_http_when_the_database_does_not_answer():
    content_type, caching, _, answer, *more = get("/readyz", DATABASE_URL=NO_DATABASE)

    assert (answer, more) == ("503 database no", ["space ok", ""])
    assert content_type == "text/plain; charset=utf-8"
    assert "no-store" in caching


@pytest.mark.parametrize("wait", ["0", "61", "soon", "-5"])
def test_wait_that_is_no_number_of_seconds_is_refused(wait):
    result = python("manage.py", "check", **PRODUCTION, DATABASE_WAIT=wait)

    assert result.returncode == 1
    assert f"DATABASE_WAIT is '{wait}': write seconds from 0.1 to 60." in result.stderr


def test_address_that_is_none_is_refused():
    result = python("manage.py", "check", **PRODUCTION, METRICS_ALLOWED="10.0.0.0/8, kanshi")

    assert result.returncode == 1
    assert "METRICS_ALLOWED: 'kanshi' does not appear to be" in result.stderr


def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(client, db):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]


def test_passwords_are_hashed_with_19_mib_and_two_passes():
    hasher = Argon2LightHasher()

    assert setting("PASSWORD_HASHERS").startswith("['accounts.hashers.Argon2LightHasher'")
    encoded = hasher.encode("omuta-demo-2024", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_sqlite_writes_ahead_and_checks_foreign_keys(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own way")
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5_000,
    }
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_sixth_attempt_is_locked_out_from_that_address_only(client, db, django_user_model):
    django_user_model.objects.create_user("kikaku", password=PASSWORD)

    def log_in(password, address):
        return client.post(
            "/login/", {"username": "kikaku", "password": password}, REMOTE_ADDR=address
        )

    statuses = [log_in("wrong", "192.0.2.7").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]

    # The right password no longer helps there, and still does elsewhere.
    locked = log_in(PASSWORD, "192.0.2.7")
    assert locked.status_code == 429
    assert "registration/locked_out.html" in [template.name for template in locked.templates]
    assert log_in(PASSWORD, "192.0.2.8").headers["Location"] == "/"
