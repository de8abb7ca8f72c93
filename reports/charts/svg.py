"""What makes a drawing one image with a name and a description."""

from xml.etree import ElementTree as ET

from reports.charts.marks import FONT_STACK

KEPT_CHARTS = 512
SVG_NAMESPACE = "http://www.w3.org/2000/svg"

ET.register_namespace("", SVG_NAMESPACE)


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
