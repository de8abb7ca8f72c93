"""Who normalises what people write: `common.reading` alone."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "common", "entry", "kpis", "omuta_strategy", "projects", "reports")
# What is drawn, not read.
EXCEPTIONS = {
    "common/fonts.py",  # the composed letter has a glyph where its parts have none
    "common/spreadsheets/shift_jis.py",  # what an encoding keeps of a character
    "reports/charts/text.py",  # labels in half-width kana take the room of wide ones
}
NORMALISES = re.compile(r"unicodedata\.normalize\b|import normalize\b|\bis_normalized\b")


def test_only_reading_normalises():
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if NORMALISES.search(path.read_text(encoding="utf-8"))
    }
    assert {path for path in found if not path.startswith("common/reading/")} == EXCEPTIONS
