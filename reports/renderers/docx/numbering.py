"""Numbered lists: a project's directions, (1), (2) and so on."""

from reports.renderers.docx.markup import Element, w
from reports.renderers.docx.paragraph_style import indent
from reports.renderers.docx.styles import LIST_LEFT, LIST_NUMBER, LIST_NUMBER_LEFT

# The list that the style names; every project's is another one, which begins anew.
DIRECTIONS_LIST = 1


def numbering() -> Element:
    """How the lists count, and the one that the style names."""
    level = w(
        "lvl",
        w("start", val=1),
        w("numFmt", val="decimal"),
        w("pStyle", val=LIST_NUMBER),
        w("lvlText", val="(%1)"),
        w("lvlJc", val="left"),
        w("pPr", indent(LIST_LEFT, first=LIST_NUMBER_LEFT)),
        ilvl=0,
    )
    definition = w("abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=0)
    return w("numbering", definition, _list(DIRECTIONS_LIST))


def list_from_one(number: int) -> Element:
    """Another list, which begins at (1)."""
    return _list(number, w("lvlOverride", w("startOverride", val=1), ilvl=0))


def _list(number: int, *overrides: Element) -> Element:
    return w("num", w("abstractNumId", val=0), *overrides, numId=number)
