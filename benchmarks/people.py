"""The account that the benchmark logs in with, on databases that last as long as a run."""

PLANNER_NAME = "keisoku"
PASSWORD = "only-for-benchmarks-2024"  # noqa: S105 - of a throw-away database
