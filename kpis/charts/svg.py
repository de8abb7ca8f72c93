"""What makes a drawing an image with a name, and what turns it into a picture for Word."""

from functools import cache
from types import ModuleType
from xml.etree import ElementTree as ET

from kpis.charts.marks import FONT_STACK
from kpis.fonts import font_folders

KEPT_CHARTS = 512
SVG_NAMESPACE = "http://www.w3.org/2000/svg"

ET.register_namespace("", SVG_NAMESPACE)


@cache
def drawing_library() -> ModuleType:
    """The library that turns SVG into PNG, with the charts' font.

    It is heavy (some 60 MB), so a process that makes no Word file never loads it.
    """
    import vl_convert  # noqa: PLC0415 (heavy: loaded with the first picture)

    for folder in font_folders():
        vl_convert.register_font_directory(folder)
    return vl_convert


def named(root: ET.Element, mark: str, title: str, description: str) -> str:
    """A drawing written as one image with a name and a description, under ids that begin `mark`."""
    root.set("font-family", FONT_STACK)
    root.set("role", "img")
    root.set("aria-labelledby", f"{mark}-title")
    root.set("aria-describedby", f"{mark}-desc")
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        label = ET.Element(f"{{{SVG_NAMESPACE}}}{tag}", {"id": f"{mark}-{tag}"})
        label.text = words
        root.insert(place, label)
    return ET.tostring(root, encoding="unicode")
