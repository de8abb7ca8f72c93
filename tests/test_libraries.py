"""What a server loads when it starts, which its process keeps for good."""

import os
import subprocess
import sys

import pytest

from omuta_strategy.libraries import as_if_missing

SERVE = "import sys, omuta_strategy.wsgi; print(*sorted({!r} & set(sys.modules)))"


def loaded_at_the_start(names, **environment):
    """Those of the modules that are loaded once the server can answer."""
    ran = subprocess.run(
        [sys.executable, "-c", SERVE.format(names)],
        env={**os.environ, "ENV_FILE": os.devnull, "DEBUG": "1", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split()


def test_server_on_sqlite_loads_no_postgresql_and_no_second_reader_of_excel_files():
    heavy = {"django_tables2", "openpyxl", "psycopg", "typst", "docx"}

    loaded = loaded_at_the_start(heavy, DATABASE_URL="sqlite://:memory:")

    assert loaded == ["django_tables2"]


def test_server_on_postgresql_loads_its_driver():
    url = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"

    assert loaded_at_the_start({"openpyxl", "psycopg"}, DATABASE_URL=url) == ["psycopg"]


def test_what_is_left_out_can_be_imported_later():
    with as_if_missing("wave"), pytest.raises(ImportError):
        import wave  # noqa: PLC0415 - the case

    import wave  # noqa: PLC0415 - likewise

    assert wave.__name__ == "wave"


def test_what_is_loaded_already_stays():
    with as_if_missing("sys"):
        import sys as again  # noqa: PLC0415 - the case

    assert again is sys
