"""Does anything that is sent stop the app? `python -m benchmarks.fuzz [--seed 1] [--postgres]`.

Asks the readers, every page with every parameter, every form and both imports of a throw-away
installation of the real plan with values that nobody means (tests/hostile.py) and with broken
ones made from good ones. Prints how many were taken and how many refused. Fails, and exits with
1, on an answer of 500, an exception that is not a refusal in a sentence, what takes longer than a
minute, and a refusal after which the database is not as it was. The same seed asks the same.
"""

import argparse
import json
import subprocess
import sys

from benchmarks.installation import ROOT, installed


def main() -> int:
    """Run it in an installation of its own; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=10_000, help="texts and files at the readers")
    parser.add_argument("--forms", type=int, default=1_000, help="posts of the pages' forms")
    parser.add_argument("--files", type=int, default=500, help="files of actuals")
    parser.add_argument("--workbooks", type=int, default=100, help="workbooks of the plan")
    parser.add_argument("--values", type=int, default=0, help="values a parameter; 0: all of them")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    asked = parser.parse_args()
    with installed("real", postgres=asked.postgres) as installation:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.fuzzing", json.dumps(vars(asked))],
            cwd=ROOT,
            env=installation.environment,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
