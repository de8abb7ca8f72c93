"""`manage.py` on a system without poll(), as Windows is."""

import os
import select
import sys
from pathlib import Path

del select.poll
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omuta_strategy.settings")

from django.core.management import execute_from_command_line  # noqa: E402 - without poll from here

execute_from_command_line(sys.argv)
