"""Many people save into the same KPIs at once, through the production server, on a copy."""

import subprocess
import sys

from django.db import connection

from benchmarks.stress_recording import stress


def test_every_acknowledged_save_is_in_the_history_and_every_refusal_says_so():
    outcome = stress(writers=6, saves=30, servers=2, postgres=connection.vendor == "postgresql")

    assert outcome.errors == []
    assert (outcome.acknowledged, outcome.lost, outcome.unasked, outcome.twice) == (30, 0, 0, 0)
    assert outcome.tried == outcome.acknowledged + outcome.refused
    assert outcome.refused > 0


def test_run_never_loads_the_settings_of_the_installation_it_is_started_in():
    asked = "import sys, benchmarks.stress_recording; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
