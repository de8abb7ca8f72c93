"""The cheapest of tests/hostile_files.py in the suite; `make faults` measures all of them."""

import pytest

from common.spreadsheets.reading import read_sheet
from common.spreadsheets.refusals import FileRefused
from tests.hostile_files import FILES

QUICK = (
    "entities in UTF-8", "entities in UTF-16", "entities in UTF-16 without a mark",
    "entities in UTF-32", "entities in EBCDIC", "entities in UTF-7", "an external entity",
    "a million attributes", "one endless attribute", "endless different names",
    "endless attributes of different names", "endless prefixes", "a bomb that lies about its size",
    "names that share one content", "a column of nine letters", "a row with 400 digits",
    "a row with 40,000 digits", "a string's number with 40,000 digits", "5 MB of quotes",
    "5 MB of commas",
)  # fmt: skip


@pytest.mark.parametrize("name", QUICK)
def test_file_made_to_do_harm_is_refused_in_a_sentence(name):
    with pytest.raises(FileRefused, match=r"。$") as refused:
        read_sheet(FILES[name]())

    assert len(str(refused.value)) < 200


def test_long_string_in_every_cell_is_worked_out_once():
    sheet = read_sheet(FILES["one long string in 190,000 cells"]())

    cells = {id(cell) for row in sheet.rows.values() for cell in row.values()}
    assert (sheet.cells, len(cells)) == (189_900, 1)
