"""Write the `.env` of a demo on this computer; an existing one is left alone.

Usage: python scripts/write_env.py .env
"""

import os
import secrets
import sys

CONTENT = """\
# Written by `make run`: a demo on this computer. .env.example lists every variable.
SECRET_KEY={key}
DEMO=1
"""


def main(path: str) -> None:
    """Create the file, readable by its owner only, unless there is one."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "w", encoding="utf-8") as env:
        env.write(CONTENT.format(key=secrets.token_urlsafe(50)))
    print(f"{path} written: random SECRET_KEY, DEMO=1")


if __name__ == "__main__":
    main(sys.argv[1])
