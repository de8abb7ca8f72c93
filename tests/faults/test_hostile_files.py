"""Every hostile file is refused or read within five seconds and 150 MB, each in its own process."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile_files import FILES

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5
MEGABYTES = 150
# Time of the processor, so that a busy machine judges nothing; memory since the process began.
MEASURED = """
import resource, sys
from common.spreadsheets.reading import read_sheet
from common.spreadsheets.refusals import FileRefused
content = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF)
try:
    outcome = f"read {read_sheet(content).cells}"
except FileRefused:
    outcome = "refused"
after = resource.getrusage(resource.RUSAGE_SELF)
seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
# Of this program alone: the usage also counts the one that started it.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(f"{seconds:.2f}", int(status["VmHWM"].split()[0]) // 1024, outcome, sep="|")
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("name", FILES)
def test_hostile_file_takes_little_time_and_memory(tmp_path, name, record_property):
    file = tmp_path / "file"
    file.write_bytes(FILES[name]())

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, file],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip

    seconds, megabytes, outcome = done.stdout.strip().split("|")
    record_property("outcome", f"{seconds} s, {megabytes} MB, {outcome}")  # for --junit-xml
    assert float(seconds) < SECONDS, outcome
    assert int(megabytes) < MEGABYTES, outcome
