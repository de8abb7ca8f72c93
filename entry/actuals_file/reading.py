"""Reads a file of actuals into a table of cells that are ready to be read one by one.

Whatever makes a file no table at all raises FileRefused, a ValueError with a sentence in
Japanese; what is wrong in one cell stays in that cell.
"""

from common.reading.texts import clean_text
from common.spreadsheets.cells import Cell
from common.spreadsheets.reading import read_sheet
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.table import Table
from common.spreadsheets.table import read_table as read_rows
from common.spreadsheets.writing import unguard
from entry.actuals_file.columns import CONTENT, EXPECTED, HEADINGS, RATINGS, REQUIRED
from projects.words import OWN_WORDS, PlanWords

MOST_ROWS = 2000


def read_table(
    content: bytes, words: PlanWords = OWN_WORDS, *, with_ratings: bool = False
) -> Table:
    """The table in an XLSX or CSV file, told apart by its first bytes; `words` for refusals.

    `with_ratings` reads the columns for ratings by people too, which other plans ignore.
    """
    rated = RATINGS if with_ratings else ()
    table = read_rows(
        read_sheet(content),
        (*HEADINGS, *rated),
        REQUIRED,
        most_rows=MOST_ROWS,
        of=words.put("この年度の指標"),
    )
    contents = (*CONTENT, *rated)
    if not any(heading in table.letters for heading in contents):
        raise FileRefused(f"取り込む列がありません。使える見出し：{'、'.join(contents)}。")
    for number, row in table.rows.items():
        table.rows[number] = {heading: _ready(heading, cell) for heading, cell in row.items()}
    return table


def _ready(heading: str, cell: Cell) -> Cell:
    """A cell of a known column: a day may be a date cell there, and marks are taken off."""
    if cell.is_day and heading == EXPECTED:
        return Cell(cell.text)
    return cell if cell.problem else Cell(unguard(clean_text(cell.text)))
