"""The app's own settings, with pages more that take long or answer much."""

from benchmarks.settings import *  # noqa: F403 - settings are read by name

ROOT_URLCONF = "tests.faults.pages"
LOGGING["root"]["level"] = "INFO"  # noqa: F405 - the log is looked at
