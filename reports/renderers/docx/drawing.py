"""Pictures in a line of text, with what they show in words."""

from lxml import etree

from reports.renderers.docx.markup import RELATIONSHIPS, Element, legal, w

_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_PLACE = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_NAMESPACES = {"wp": _PLACE, "a": _MAIN, "pic": _PICTURE}
_UNITS_A_MILLIMETRE = 36000


def picture(
    relation: str, *, number: int, title: str, description: str, width: float, height: float
) -> Element:
    """A run with a picture of the package; millimetres, `description` for whoever can't see it."""
    size = {
        "cx": str(round(width * _UNITS_A_MILLIMETRE)),
        "cy": str(round(height * _UNITS_A_MILLIMETRE)),
    }
    name = {"id": str(number), "name": f"図{number}"}
    words = {"descr": legal(description), "title": legal(title)}
    blip = _drawn(_MAIN, "blip")
    blip.set(f"{{{RELATIONSHIPS}}}embed", relation)
    shape = _drawn(
        _PICTURE, "pic",
        _drawn(
            _PICTURE, "nvPicPr", _drawn(_PICTURE, "cNvPr", **name), _drawn(_PICTURE, "cNvPicPr")
        ),
        _drawn(_PICTURE, "blipFill", blip, _drawn(_MAIN, "stretch", _drawn(_MAIN, "fillRect"))),
        _drawn(
            _PICTURE, "spPr",
            _drawn(_MAIN, "xfrm", _drawn(_MAIN, "off", x="0", y="0"), _drawn(_MAIN, "ext", **size)),
            _drawn(_MAIN, "prstGeom", _drawn(_MAIN, "avLst"), prst="rect"),
        ),
    )  # fmt: skip
    graphic = _drawn(_MAIN, "graphic", _drawn(_MAIN, "graphicData", shape, uri=_PICTURE))
    inline = _drawn(
        _PLACE, "inline",
        _drawn(_PLACE, "extent", **size), _drawn(_PLACE, "docPr", **name, **words), graphic,
        distT="0", distB="0", distL="0", distR="0",
    )  # fmt: skip
    return w("r", w("drawing", inline))


def _drawn(namespace: str, tag: str, *children: Element, **attributes: str) -> Element:
    element = etree.Element(f"{{{namespace}}}{tag}", attributes, _NAMESPACES)
    element.extend(children)
    return element
