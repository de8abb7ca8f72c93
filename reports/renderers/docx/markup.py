"""WordprocessingML as elements: the words of the language that a report needs.

Word refuses a document whose elements stand in another order than the schema's; what has
an order and varies (a paragraph's properties) is put together here and nowhere else.
"""

import re
from functools import cache
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for it

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = {"w": WORD, "r": RELATIONSHIPS}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What XML can't carry, halves of pairs among it, and control characters that nobody sees.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Signs that Western and Japanese fonts share: without a hint Word takes the Western one's.
_AMBIGUOUS = re.compile("[\xa1-\xff\u2010-\u2bff]")


def twips(millimetres: float) -> int:
    """A length in twentieths of a point, which is how Word measures pages and tables."""
    return round(millimetres * 1440 / 25.4)


def legal(text: str) -> str:
    """The text without what no XML document may hold."""
    return _ILLEGAL.sub("", text)


def w(tag: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element of WordprocessingML; its attributes are of the same namespace."""
    named = {_name(name): legal(str(value)) for name, value in attributes.items()}
    element = etree.Element(_name(tag), named, _NAMESPACES)
    element.extend(children)
    return element


@cache
def _name(name: str) -> str:
    return f"{{{WORD}}}{name}"


def related(element: Element, relation: str) -> Element:
    """The element, pointing to another part of the package by its relationship's id."""
    element.set(f"{{{RELATIONSHIPS}}}id", relation)
    return element


def run(text: str, style: str = "") -> Element:
    """A stretch of text, in a character style where one is named."""
    shown = kept_spaces(w("t"), text)
    properties = [w("rStyle", val=style)] if style else []
    if _AMBIGUOUS.search(text):
        properties.append(w("rFonts", hint="eastAsia"))
    return w("r", w("rPr", *properties), shown) if properties else w("r", shown)


def kept_spaces(element: Element, text: str) -> Element:
    """The element with a text, whose blanks at its ends count."""
    element.set(_XML_SPACE, "preserve")
    element.text = legal(text)
    return element


def set_text(of: Element, text: str) -> None:
    """Let a run show another text."""
    of[-1].text = legal(text)


def tab() -> Element:
    """A step to the next tab stop of the paragraph's style."""
    return w("r", w("tab"))


def line_break() -> Element:
    """A new line in the same paragraph."""
    return w("r", w("br"))


def paragraph(
    style: str,
    *content: str | Element,
    stays_with_next: bool = False,
    numbered_by: int = 0,
) -> Element:
    """A paragraph in a style; texts become runs.

    `numbered_by` is the list that counts it (0: the style's own, if any). Its properties
    are its first child, and may end with those of the section that ends with it.
    """
    properties = w("pPr", w("pStyle", val=style))
    if stays_with_next:
        properties.append(w("keepNext"))
    if numbered_by:
        properties.append(w("numPr", w("ilvl", val=0), w("numId", val=numbered_by)))
    runs = [run(one) if isinstance(one, str) else one for one in content]
    return w("p", properties, *runs)


def tag(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_paragraph(element: Element) -> bool:
    """Whether a block is a paragraph, not a table."""
    return tag(element) == "p"


def inner(element: Element, *path: str) -> Element | None:
    """The element at the end of a path of names, None where there is none."""
    found: Element | None = element
    for name in path:
        found = None if found is None else found.find(_name(name))
    return found


def has(element: Element, *path: str) -> bool:
    """Whether there is an element at the end of a path of names."""
    return inner(element, *path) is not None


def value(element: Element | None, name: str) -> str:
    """An attribute of an element, empty where either is missing."""
    return "" if element is None else element.get(_name(name), "")
