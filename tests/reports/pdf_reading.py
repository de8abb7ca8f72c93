"""What a test reads from a PDF: its text by two libraries, its tags, where its letters stand."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import ArrayObject, DictionaryObject

POINTS_PER_MILLIMETRE = 72 / 25.4


def reader_of(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def pages_by_pdfium(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def pages_by_pypdf(data: bytes) -> list[str]:
    return [page.extract_text() for page in reader_of(data).pages]


def lines(pages: list[str]) -> list[str]:
    """All lines of all pages, their gaps made single spaces."""
    return [" ".join(line.split()) for page in pages for line in page.splitlines()]


def body_text(data: bytes, *, top: float = 20, bottom: float = 15) -> str:
    """All text between the heads and feet (in millimetres) of the pages, without white space."""
    texts = []
    for page in pypdfium2.PdfDocument(data):
        width, height = page.get_size()
        text = page.get_textpage().get_text_bounded(
            0, bottom * POINTS_PER_MILLIMETRE, width, height - top * POINTS_PER_MILLIMETRE
        )
        texts.append(text)
    return "".join("".join(texts).split())


def outside_margins(data: bytes, *, sides: float, ends: float) -> list[tuple[int, str]]:
    """The letters, with their page, that stand nearer to an edge than so many millimetres."""
    found = []
    side, end = sides * POINTS_PER_MILLIMETRE, ends * POINTS_PER_MILLIMETRE
    for number, page in enumerate(pypdfium2.PdfDocument(data), start=1):
        width, height = page.get_size()
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, low, right, high = text.get_charbox(at)
            is_drawn = (left, low) != (right, high)
            is_inside = side <= left and right <= width - side and end <= low
            if is_drawn and not (is_inside and high <= height - end):
                found.append((number, text.get_text_range(at, 1)))
    return found


def elements(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Every element of the structure tree, in reading order."""
    return list(_below(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def children(element: DictionaryObject) -> list[DictionaryObject]:
    """The elements right below one."""
    below = element.get("/K", ArrayObject())
    below = below if isinstance(below, ArrayObject) else [below]
    found = [child.get_object() for child in below]
    return [one for one in found if isinstance(one, DictionaryObject) and "/S" in one]


def attribute(element: DictionaryObject, name: str) -> Any:
    """An attribute of an element such as `/Scope`; None where it has none of that name."""
    lists = element.get("/A", ArrayObject())
    lists = lists if isinstance(lists, ArrayObject) else [lists]
    return next((one.get_object()[name] for one in lists if name in one.get_object()), None)


def titles(outline: list[Any]) -> Iterator[tuple[int, str]]:
    """The bookmarks with their level."""
    for entry in outline:
        if isinstance(entry, list):
            yield from ((level + 1, title) for level, title in titles(entry))
        else:
            yield 1, entry.title


def _below(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _below(child)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        yield from _below(node.get("/K", ArrayObject()))
