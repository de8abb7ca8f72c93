"""Settings of every installation; what differs between them comes from the environment or `.env`.

`.env.example` lists the variables with their defaults. A missing or unreadable value
stops the start and says what would be right, rather than falling back to something unsafe.
"""

import re
import secrets
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from omuta_strategy.database.time_outs import postgresql_options, sqlite_options
from omuta_strategy.secret_key import weakness
from omuta_strategy.sign_on import Environment, backends, read_ldap, read_oidc, read_proxy_user

# Lets Django's generic classes be subscripted at run time: `ModelAdmin[Kpi]`.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.str("ENV_FILE", default="") or BASE_DIR / ".env")


def switch(name: str, *, default: bool = False) -> bool:
    """Read an on/off variable; a misspelt one must not silently mean off (`HTTPS=ture`)."""
    value = env.str(name, default="").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 (on) or 0 (off).")
    return default


def whole_number(name: str, *, default: int, least: int, most: int) -> int:
    """Read a number; one that is none, or outside its bounds, stops the start."""
    value = env.str(name, default="").strip() or str(default)
    if value.isascii() and value.isdigit() and least <= int(value) <= most:
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}: write a number from {least} to {most}.")


# What kind of installation this is

DEBUG = switch("DEBUG")
DEMO = switch("DEMO")  # demo users with a published password and fictitious actuals

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with\n"
            '    python -c "import secrets; print(secrets.token_urlsafe(50))"\n'
            "and write it into .env as SECRET_KEY=… (.env.example lists every variable)."
        )
    # A fixed key keeps a developer logged in when the server reloads. A demo can be reached
    # by others, so its key is never one that is printed here: `make run` writes a random one
    # to .env, and a demo started without it gets one that ends with the process.
    SECRET_KEY = "django-insecure-development-only" if DEBUG else secrets.token_urlsafe(50)
elif (_weakness := weakness(SECRET_KEY)) and not DEBUG:
    raise ImproperlyConfigured(
        f"SECRET_KEY {_weakness}: whoever guesses it signs in as anybody. Make one with\n"
        '    python -c "import secrets; print(secrets.token_urlsafe(50))"\n'
        "and write it into .env as SECRET_KEY=…; everybody has to log in again then."
    )

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Apps and what each request passes through

INSTALLED_APPS = [
    "common",
    "accounts",
    "projects",
    "kpis",
    "reports",
    "entry",
    "omuta_strategy",
    "omuta_strategy.admin_site.StrictAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "simple_history",
    "axes",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    # First: what comes after it is logged with the request's number.
    "omuta_strategy.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Static files are served here, before anything asks for a session or a login.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "omuta_strategy.compression.TextGZipMiddleware",
    "omuta_strategy.caching.PrivatePagesMiddleware",
    # Before a cookie or an address is looked up anywhere.
    "omuta_strategy.refused_requests.RefuseNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Django's LoginRequiredMiddleware with an answer that fits partial pages: every page needs
    # a login unless its view says otherwise, so a forgotten decorator is safe.
    "accounts.login.PartialLoginRequiredMiddleware",
    "accounts.login.ActivityMiddleware",
    "accounts.sign_on.proxy.SameUserMiddleware",
    "accounts.first_password.OwnPasswordFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Axes replaces the login view's answer when it locks out, so it has to be the innermost.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "omuta_strategy.urls"
WSGI_APPLICATION = "omuta_strategy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "omuta_strategy.context.site",
            ],
            # Nearly every template says the plan's words.
            "builtins": ["projects.templatetags.plan_words"],
        },
    },
]

# The database

# Seconds that a page waits for a lock or a connection; a query may take three times that.
_wait = env.str("DATABASE_WAIT", default="") or "5"
if not re.fullmatch(r"\d+(\.\d+)?", _wait, re.ASCII) or not 0.1 <= float(_wait) <= 60:
    raise ImproperlyConfigured(f"DATABASE_WAIT is {_wait!r}: write seconds from 0.1 to 60.")
DATABASE_WAIT = float(_wait)

database = env.db_url_config(
    env.str("DATABASE_URL", default="") or "sqlite:///data/db.sqlite3",
)
# Threads keep their connection from one request to the next.
database["CONN_MAX_AGE"] = None
if database["ENGINE"] == "django.db.backends.sqlite3":
    if database["NAME"] != ":memory:":
        database["NAME"] = BASE_DIR / database["NAME"]
        database["NAME"].parent.mkdir(parents=True, exist_ok=True)
    database["OPTIONS"] = sqlite_options(DATABASE_WAIT)
elif database["ENGINE"] == "django.db.backends.postgresql":
    # A connection that died while idle (a restart, a firewall) is replaced, not handed out.
    database["CONN_HEALTH_CHECKS"] = True
    # What the URL says behind its question mark wins.
    database["OPTIONS"] = postgresql_options(DATABASE_WAIT) | database.get("OPTIONS", {})
    database["ENGINE"] = "omuta_strategy.database.postgresql"
else:
    raise ImproperlyConfigured(
        "DATABASE_URL has to begin with sqlite:/// or postgresql:// (see .env.example)."
    )

DATABASES = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Logging in

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses whoever is locked out
    "accounts.backends.PasswordBackend",
]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2LightHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # accounts brought from elsewhere
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.NewPasswordValidator"},
]

# One name from one address: a colleague's typing errors lock nobody else out. Two wider limits,
# of an address and of a name, stand with the handler.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Trying again too early doesn't start the 15 minutes anew.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HANDLER = "accounts.throttling.ThrottlingHandler"
# axes keeps what was posted, but not these.
AXES_SENSITIVE_PARAMETERS = [
    "username", "ip_address", "old_password", "new_password1", "new_password2",
]  # fmt: skip
AXES_VERBOSE = False  # a line for each lock-out, not four for each login

# A session ends with the browser, 12 hours after the login (a working day with overtime), or
# after so many minutes in which its user did nothing.
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
IDLE_MINUTES = whole_number("IDLE_MINUTES", default=30, least=1, most=720)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# What protects the traffic and the pages

HTTPS = switch("HTTPS", default=not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Monitoring asks from inside, where there is no certificate.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SILENCED_SYSTEM_CHECKS = [
    # This app can't promise HTTPS for other hosts under its name: they are the city's.
    "security.W005",
    # Browsers' preload lists name hosts on the internet, and this one isn't.
    "security.W021",
]

# Only where the variable is set: without a proxy that overwrites them, a client could
# send these headers itself and pass for HTTPS or for another address.
PROXY = switch("PROXY")
if PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_CLIENT_IP_CALLABLE = "accounts.client_address.client_address"

# Signing on elsewhere; None where it is off

_environment = Environment(env.str, switch)
LDAP = read_ldap(_environment)
OIDC = read_oidc(_environment)
REMOTE_USER = read_proxy_user(_environment, behind_proxy=PROXY)
AUTHENTICATION_BACKENDS += backends(ldap=LDAP, oidc=OIDC, proxy_user=REMOTE_USER)

CSRF_FAILURE_VIEW = "omuta_strategy.error_pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Logging out posts a form that leads on to the provider, to be logged out there too.
        "form-action": [SELF, *([OIDC.origin] if OIDC else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# Django counts the fields and bytes of a form to stop floods. The entry page posts eight
# fields a KPI, so a plan with 600 of them stays within these, explanations included
# (a Japanese character takes nine bytes in a posted form).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Language and time

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "omuta_strategy.storage.HashedStaticFilesStorage"
        ),
    },
}

# Tables, history

DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# The reason for reopening a year is a sentence or two; the default column takes 100 characters.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# The report in Word

# An office's own template; None for that of the app.
REPORT_TEMPLATE: Path | None = None
if _template := env.str("REPORT_TEMPLATE", default=""):
    REPORT_TEMPLATE = BASE_DIR / _template
    if not REPORT_TEMPLATE.is_file():
        raise ImproperlyConfigured(
            f"REPORT_TEMPLATE is {_template!r}, and there is no such file. Write the path of the "
            "Word template (.docx), or leave it empty for the app's own."
        )

# Figures for Prometheus

METRICS = switch("METRICS")
try:
    METRICS_ALLOWED = [
        ip_network(one.strip(), strict=False)
        for one in env.list("METRICS_ALLOWED", default=[]) or ["127.0.0.1", "::1"]
    ]
except ValueError as error:
    raise ImproperlyConfigured(
        f"METRICS_ALLOWED: {error}. Write addresses or networks, separated by commas."
    ) from error

# Mail and log

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "webmaster@localhost"
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://"))

# A demo and a developer read it themselves, an installation's log is searched.
LOG_FORMAT = env.str("LOG_FORMAT", default="") or ("plain" if DEBUG or DEMO else "json")
_FORMATTERS = {
    "json": "omuta_strategy.logs.JsonFormatter",
    "plain": "omuta_strategy.logs.PlainFormatter",
}
if LOG_FORMAT not in _FORMATTERS:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}: write json or plain.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": _FORMATTERS[LOG_FORMAT]}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would print a line twice and mail errors to nobody.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # The request's line has the status; only what nobody handled is told beside it.
        "django.request": {"level": "ERROR"},
        # A login is told in its request's line (omuta_strategy/login_log.py).
        "axes": {"level": "ERROR"},
    },
}
