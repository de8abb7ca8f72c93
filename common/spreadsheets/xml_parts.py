"""The elements of an XLSX's parts, by their local names.

By local names, because Strict Open XML has other namespaces than what Excel writes as a rule,
and some writers put a prefix before every element.
"""

from collections.abc import Container, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from common.spreadsheets.archive import TOO_LARGE
from common.spreadsheets.refusals import BROKEN, FileRefused

# Honest parts have a tenth of these; what has more is made to cost time or memory.
_MOST = 1_000_000
# All of Excel's 64,000 cell formats; a row has 16,384 cells.
_MOST_TOGETHER = 150_000
_DEEPEST = 100
# Of elements, attributes and namespaces; the parser remembers each for ever.
_MOST_NAMES = 2000
# Between two ends of tags: more than the longest text, each character of it written as a number.
# The parser reads an unfinished tag again with every piece of it that comes.
_LONGEST_PIECE = 512 * 1024
_END_OF_TAG = b">"


def elements(part: IO[bytes], names: Container[str]) -> Iterator[Element]:
    """The elements of these names, each once it is whole, and none that stands within another.

    Nothing of the part is kept behind it. Raises FileRefused for more than is meant, and what
    the parser raises: ParseError, and LookupError or ValueError for an unknown encoding.
    """
    opened: list[Element] = []
    wanted: Element | None = None
    # Asked for each of a million elements.
    local_names: dict[str, str] = {}
    others: set[Any] = set()
    count = first = 0
    # The archive has refused document types, and with them all entities.
    for event, element in iterparse(_Watched(part), ("start", "end", "start-ns")):  # noqa: S314
        if event == "start-ns":
            others.add(element)
            continue
        if event == "start":
            opened.append(element)
            tag = element.tag
            name = local_names.get(tag) or local_names.setdefault(tag, local_name(tag))
            element.tag = name
            others.update(element.attrib)
            if len(local_names) + len(others) > _MOST_NAMES:
                raise FileRefused(TOO_LARGE)
            if wanted is None and name in names:
                wanted, first = element, count
            count += 1
            if len(opened) > _DEEPEST:
                raise FileRefused(BROKEN)
            if count > _MOST or (wanted is not None and count - first > _MOST_TOGETHER):
                raise FileRefused(TOO_LARGE)
            continue
        opened.pop()
        if wanted is not None and wanted is element:
            yield wanted
            wanted = None
        if wanted is None and opened:
            opened[-1].clear()


class _Watched:
    """A part's bytes, as long as tags end in them. Raises FileRefused where none does for long."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part
        self._unended = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._part.read(size)
        end = piece.rfind(_END_OF_TAG)
        self._unended = len(piece) - end if end >= 0 else self._unended + len(piece)
        if self._unended > _LONGEST_PIECE:
            raise FileRefused(TOO_LARGE)
        return piece


def local_name(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def is_on(element: Element, name: str, *, default: str = "0") -> bool:
    """Whether an attribute says yes."""
    return element.get(name, default) in ("1", "true", "on")
