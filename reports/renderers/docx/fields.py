"""Fields: what Word works out itself, each with what it shows until then."""

from collections.abc import Iterator

from reports.renderers.docx.markup import Element, kept_spaces, run, w


def field(instruction: str, shown: Element) -> Iterator[Element]:
    """A field in one paragraph; `shown` is the run with its result."""
    yield from opened(instruction)
    yield shown
    yield closed()


def opened(instruction: str) -> Iterator[Element]:
    """The beginning of a field over several paragraphs; `closed` is its end."""
    yield _mark("begin")
    yield w("r", kept_spaces(w("instrText"), f" {instruction} "))
    yield _mark("separate")


def closed() -> Element:
    """The end of a field."""
    return _mark("end")


def sequence(name: str, number: int) -> Iterator[Element]:
    """The number of a table or figure, counted by its label (表, 図)."""
    return field(rf"SEQ {name} \* ARABIC", run(str(number)))


def page_number() -> Iterator[Element]:
    """The page that it stands on."""
    return field("PAGE", run("1"))


def page_count() -> Iterator[Element]:
    """The pages of the document."""
    return field("NUMPAGES", run("1"))


def page_of(name: str, shown: Element) -> Iterator[Element]:
    """The page of a bookmark."""
    return field(rf"PAGEREF {name} \h", shown)


def section_title() -> Iterator[Element]:
    """The heading of the section that a page belongs to.

    By its level and not by its style's name, which differs between the languages of Word.
    """
    return field("STYLEREF 1", run(""))


def bookmark(number: int, name: str, *content: Element) -> Iterator[Element]:
    """Content that a field or a link can point to by name."""
    yield w("bookmarkStart", id=number, name=name)
    yield from content
    yield w("bookmarkEnd", id=number)


def link(name: str, *content: Element) -> Element:
    """Content that leads to a bookmark."""
    return w("hyperlink", *content, anchor=name, history=1)


def _mark(kind: str) -> Element:
    return w("r", w("fldChar", fldCharType=kind))
