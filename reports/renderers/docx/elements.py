"""The elements of WordprocessingML that a report adds to its template."""

import re
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml has no types

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMESPACES = {"w": WORD.strip("{}")}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What XML can't carry, halves of pairs among it, and control characters that nobody sees.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """The text without what no XML document may hold."""
    return _ILLEGAL.sub("", text)


def w(tag: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element of WordprocessingML; its attributes are of the same namespace."""
    named = {WORD + name: legal(str(value)) for name, value in attributes.items()}
    element = etree.Element(WORD + tag, named, _NAMESPACES)
    element.extend(children)
    return element


def run(text: str, style: str = "") -> Element:
    """A stretch of text with its tabs; `style` is a character style's id.

    Signs that Western and Japanese fonts share (… △) are Japanese: without the hint Word takes
    the Western font's.
    """
    properties = [w("rStyle", val=style)] if style else []
    made = w("r", w("rPr", *properties, w("rFonts", hint="eastAsia")))
    for at, part in enumerate(text.split("\t")):
        if at:
            made.append(w("tab"))
        if part:
            made.append(text_element("t", part))
    return made


def text_element(tag: str, text: str) -> Element:
    """An element that holds a text whose blanks at its ends count."""
    element = w(tag)
    element.set(SPACE, "preserve")
    element.text = legal(text)
    return element


def paragraph(style: str, *content: str | Element, stays_with_next: bool = False) -> Element:
    """A paragraph in a style, by its id; texts become runs."""
    properties = w("pPr", w("pStyle", val=style))
    if stays_with_next:
        properties.append(w("keepNext"))
    runs = [run(one) if isinstance(one, str) else one for one in content]
    return w("p", properties, *runs)


def field(instruction: str, *shown: Element) -> list[Element]:
    """What Word works out itself, around what it shows until then."""
    return [
        w("r", w("fldChar", fldCharType="begin")),
        w("r", text_element("instrText", f" {instruction} ")),
        w("r", w("fldChar", fldCharType="separate")),
        *shown,
        w("r", w("fldChar", fldCharType="end")),
    ]
