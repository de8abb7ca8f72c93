"""The benchmark's settings without a line for each refused save; errors are still logged."""

from benchmarks.settings import *  # noqa: F403 - settings are read by name

LOGGING["loggers"]["django"]["level"] = "ERROR"  # noqa: F405
