"""The app's own settings, with one page more and the static files in the run's folder."""

import os

from omuta_strategy.settings import *  # noqa: F403 - settings are read by name

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = os.environ["BENCHMARK_STATIC_ROOT"]
LOGGING["root"]["level"] = "WARNING"  # noqa: F405 - no line for the login
