"""The elements of WordprocessingML that a report adds to its template."""

from typing import Any, TypeAlias

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

from common.reading.characters import without_forbidden

Element: TypeAlias = Any  # python-docx makes the class of an element by its name

WORD = f"{{{nsmap['w']}}}"
_NAMESPACES = {"w": nsmap["w"]}
_SPACE = qn("xml:space")


def w(tag: str, /, *content: str | Element, **attributes: str | int) -> Element:
    """An element of WordprocessingML: its attributes, and other elements or a text in it."""
    named = {WORD + name: without_forbidden(str(value)) for name, value in attributes.items()}
    element: Element = oxml_parser.makeelement(WORD + tag, named, _NAMESPACES)
    for one in content:
        if isinstance(one, str):
            element.text = without_forbidden(one)
            element.set(_SPACE, "preserve")
        else:
            element.append(one)
    return element


def run(text: str, style: str = "") -> Element:
    """A stretch of text, in which there may be a tab; `style` is a character style's id.

    Signs that Western and Japanese fonts share (… △) are Japanese: without the hint Word takes
    the Western font's.
    """
    properties = [w("rStyle", val=style)] if style else []
    shown = (w("tab") if part == "\t" else w("t", part) for part in text.partition("\t") if part)
    return w("r", w("rPr", *properties, w("rFonts", hint="eastAsia")), *shown)


def paragraph(style: str, *content: str | Element, stays_with_next: bool = False) -> Element:
    """A paragraph in a style, by its id; texts become runs."""
    kept = [w("keepNext")] if stays_with_next else []
    runs = (run(one) if isinstance(one, str) else one for one in content)
    return w("p", w("pPr", w("pStyle", val=style), *kept), *runs)


def field(instruction: str, *shown: Element) -> list[Element]:
    """What Word works out itself, around what it shows until then."""
    begin, separate, end = (
        w("r", w("fldChar", fldCharType=part)) for part in ("begin", "separate", "end")
    )
    return [begin, w("r", w("instrText", f" {instruction} ")), separate, *shown, end]
