"""Print where the app is about to listen and, in a demo, who can log in.

Usage: python scripts/announce.py PORT (from the repository's root)
"""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omuta_strategy.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- readable only after setup

DEMO_LOGINS = """
  user    role                              password
  kikaku  企画担当 (planner)                omuta-demo-2024
  tantou  所管課担当 (department editor)    omuta-demo-2024
  kanri   管理職 (manager)                  omuta-demo-2024

  The actuals are fictitious (実績値は架空です).
"""


def main(port: str) -> None:
    """Print the address, and the demo logins where DEMO is on."""
    scheme = "https" if settings.HTTPS else "http"
    print(f"\n  {scheme}://127.0.0.1:{port}  (Ctrl-C stops)")
    print(DEMO_LOGINS if settings.DEMO else "", flush=True)


if __name__ == "__main__":
    # A terminal that can't print Japanese gets ? for it, not an error.
    sys.stdout.reconfigure(errors="replace")
    main(sys.argv[1])
