"""Fields: what Word works out itself, each with what it shows until then."""

from collections.abc import Iterator

from reports.renderers.docx.markup import Element, run, w


def field(instruction: str, shown: str = "") -> Element:
    """A field in one piece."""
    return w("fldSimple", run(shown), instr=f" {instruction} ")


def sequence(name: str, number: int) -> Element:
    """The number of a table or figure, counted by its label (表, 図)."""
    return field(rf"SEQ {name} \* ARABIC", str(number))


def page_number() -> Element:
    """The page that it stands on."""
    return field("PAGE", "1")


def page_count() -> Element:
    """The pages of the document."""
    return field("NUMPAGES", "1")


def section_title() -> Element:
    """The heading of the section that a page belongs to.

    By its level and not by its style's name, which differs between the languages of Word.
    """
    return field("STYLEREF 1")


def bookmark(number: int, name: str, *content: Element) -> Iterator[Element]:
    """Content that a field or a link can point to by name."""
    yield w("bookmarkStart", id=number, name=name)
    yield from content
    yield w("bookmarkEnd", id=number)


def opened(instruction: str) -> Iterator[Element]:
    """The beginning of a field over several paragraphs; `closed` is its end."""
    yield _mark("begin")
    code = w("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield w("r", code)
    yield _mark("separate")


def closed() -> Element:
    """The end of a field over several paragraphs."""
    return _mark("end")


def page_of(name: str, shown: Element) -> Iterator[Element]:
    """The page of a bookmark; `shown` is the run with its number."""
    yield from opened(rf"PAGEREF {name} \h")
    yield shown
    yield closed()


def link(name: str, *content: Element) -> Element:
    """Content that leads to a bookmark."""
    return w("hyperlink", *content, anchor=name, history=1)


def _mark(kind: str) -> Element:
    return w("r", w("fldChar", fldCharType=kind))
