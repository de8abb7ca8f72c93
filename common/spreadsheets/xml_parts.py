"""Walks an XML part of an XLSX by the local names of its elements.

By local names, because Strict Open XML has other namespaces than what Excel writes as a rule,
and some writers put a prefix before every element.
"""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from common.spreadsheets.archive import TOO_LARGE
from common.spreadsheets.refusals import BROKEN, FileRefused

Attributes = dict[str, str]
Starts = Mapping[str, Callable[[Attributes], None]]
Ends = Mapping[str, Callable[[], None]]
# Honest parts have a tenth of these; what has more is made to cost time or memory.
MOST_ELEMENTS = 1_000_000
_MOST_CHARACTERS = 10_000_000
_DEEPEST = 100


def walk(
    pieces: Iterable[bytes],
    starts: Starts,
    ends: Ends,
    on_text: Callable[[str], None] | None = None,
    *,
    most_elements: int = MOST_ELEMENTS,
) -> None:
    """Call what `starts` and `ends` name for each element, `on_text` for all text.

    Raises FileRefused for what is no XML, for a DTD, and where a called function finds a value
    that it can't read (ValueError, LookupError).
    """
    parser = _parser(starts, ends, most_elements)
    if on_text is not None:
        parser.CharacterDataHandler = _counted(on_text)
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except FileRefused:
        raise
    except (expat.ExpatError, ValueError, LookupError):
        raise FileRefused(BROKEN) from None


def _parser(starts: Starts, ends: Ends, most_elements: int) -> expat.XMLParserType:
    depth = count = 0
    local_names: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > _DEEPEST:
            raise FileRefused(BROKEN)
        if count > most_elements:
            raise FileRefused(TOO_LARGE)
        name = local_names.get(tag) or local_names.setdefault(tag, local_name(tag))
        handle = starts.get(name)
        if handle is not None:
            handle(attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handle = ends.get(local_names[tag])
        if handle is not None:
            handle()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return parser


def _counted(on_text: Callable[[str], None]) -> Callable[[str], None]:
    count = 0

    def take(text: str) -> None:
        nonlocal count
        count += len(text)
        if count > _MOST_CHARACTERS:
            raise FileRefused(TOO_LARGE)
        on_text(text)

    return take


def local_name(tag: str) -> str:
    """A name without the prefix of its namespace."""
    return tag.rpartition(":")[2]


def is_on(attributes: Attributes, name: str = "val", *, default: str = "1") -> bool:
    """Whether an attribute says yes."""
    return attributes.get(name, default) in ("1", "true", "on")


def _refuse_doctype(*_declared: object) -> None:
    raise FileRefused(BROKEN)
