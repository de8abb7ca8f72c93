"""What sealing and verifying take: `python -m benchmarks.seals` (and `--postgres`).

600 KPIs over five years, each year's figures saved three times; one seal over all of it, a seal
over one save, one over nothing, `manage.py verify`, and a page of the history.
"""

import argparse
import json
import sys

from benchmarks.installation import installed


def main() -> None:
    """Fill a database in a process of its own, and measure in another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    postgres = parser.parse_args().postgres
    with installed("large", postgres=postgres) as installation:
        installation.run("-m", "benchmarks.sealing", "fill")
        measured = json.loads(installation.run("-m", "benchmarks.sealing", "measure"))
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in measured.items()))


if __name__ == "__main__":
    main()
