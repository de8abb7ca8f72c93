"""The figures of a report's file, read back from its bytes with the place of each."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What a figure is about (P1, P1-2), or a number as any format prints it: sign, thousands
# separators, decimals, percent sign. The numbers of tables, charts, notes, annexes (資料) and
# listings, as (3), are no figures.
_SUBJECT_OR_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?P<subject>[A-Z]{1,2}\d{1,4}(?:-\d{1,5})?)(?![A-Za-z0-9])"
    r"|(?<![A-Za-z\d.,(表図注料])(?P<number>[△▲−-]?\d[\d,]*(?:\.\d+)?%?)"
)
# How a line of the table of contents ends: page numbers are no figures either.
_PAGE_NUMBER = re.compile(r"(?:(?:\. ?){4,}|\t)\d+\s*$", re.MULTILINE)
# The operators of a PDF that put text on the page.
_SHOWS_TEXT = (b"Tj", b"TJ", b"'", b'"')
_KEY = ("指標コード", "会計年度（年）")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or a data file's cell, and where it stands.

    `subject` is the code that was named last before it, empty for none.
    """

    place: str
    subject: str
    text: str
    is_cell: bool = False


# Pieces of text in reading order with the place of each; None begins anew without a subject.
_Pieces = Iterable[tuple[str, str] | None]


def read_back(name: str, content: bytes) -> list[Figure]:
    """All figures of a file in its order. For bytes that are no such file its reader raises."""
    extension = name.rpartition(".")[2]
    if extension == "csv":
        return list(_cells(content))
    if extension == "zip":
        return list(_members(content))
    readers = {"xlsx": _xlsx, "docx": _docx, "pdf": _pdf}
    return list(_figures(readers.get(extension, _text)(content)))


def _cells(content: bytes) -> Iterator[Figure]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    header = rows[0] if rows else []
    keys = [header.index(name) for name in _KEY if name in header]
    for number, row in enumerate(rows[1:], start=2):
        place = " ".join(row[at] for at in keys) or f"{number}行目"
        for head, cell in zip(header, row, strict=True):
            yield Figure(f"{place} {head}", "", cell, is_cell=True)


def _members(content: bytes) -> Iterator[Figure]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            for one in read_back(name, archive.read(name)):
                yield Figure(f"{name} {one.place}", f"{name} {one.subject}", one.text, one.is_cell)


def _figures(pieces: _Pieces) -> Iterator[Figure]:
    subject = ""
    for piece in pieces:
        if piece is None:
            subject = ""
            continue
        place, text = piece
        for match in _SUBJECT_OR_NUMBER.finditer(text):
            if match["subject"]:
                subject = match["subject"]
            else:
                yield Figure(place, subject, match["number"])


def _xlsx(content: bytes) -> _Pieces:
    import openpyxl  # noqa: PLC0415 - only where bytes differ

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        yield None
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield f"{sheet.title}!{cell.coordinate}", f"{cell.value}"


def _docx(content: bytes) -> _Pieces:
    import docx  # noqa: PLC0415 - only where bytes differ
    from docx.table import Table  # noqa: PLC0415

    tables = paragraphs = 0
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            # Not `cells`, which repeats merged ones.
            for at_row, row in enumerate(block._tbl.tr_lst, start=1):  # noqa: SLF001
                for at_column, cell in enumerate(row.tc_lst, start=1):
                    lines = (paragraph.text for paragraph in cell.p_lst)
                    yield f"表{tables}の{at_row}行{at_column}列", "\n".join(lines)
        else:
            paragraphs += 1
            yield f"段落{paragraphs}", _PAGE_NUMBER.sub("", block.text)


def _pdf(content: bytes) -> _Pieces:
    import pypdf  # noqa: PLC0415 - only where bytes differ
    from pypdf.generic import ContentStream, NameObject  # noqa: PLC0415

    reader = pypdf.PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, start=1):
        # As bytes: decoded here, the texts could not be mapped to characters any more.
        stream = ContentStream(page.get_contents(), reader, "bytes")
        stream.operations = list(_without_running_lines(stream.operations))
        page[NameObject("/Contents")] = stream
        yield f"{number}ページ", _PAGE_NUMBER.sub("", page.extract_text())


def _without_running_lines(operations: list) -> Iterator[tuple]:
    """A page's content without the text of its head and foot, where the page numbers are."""
    depth = 0
    for operands, operator in operations:
        if operator in (b"BDC", b"BMC"):
            starts = operands[0] == "/Artifact" and "/Pagination" in str(operands[1:])
            depth += 1 if depth or starts else 0
        elif operator == b"EMC" and depth:
            depth -= 1
        elif depth and operator in _SHOWS_TEXT:
            continue
        yield operands, operator


def _text(content: bytes) -> _Pieces:
    for number, line in enumerate(content.decode("utf-8-sig").splitlines(), start=1):
        yield f"{number}行", line
