"""Turns a Vega-Lite specification into an SVG that a strict page and a PDF can both carry.

The drawing library is heavy (some 60 MB), so a process that draws nothing
never loads it.
"""

import hashlib
import json
import re
from functools import cache, lru_cache
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

from kpis.charts.marks import FONT_STACK
from kpis.charts.text import clean
from kpis.fonts import font_folders

KEPT_CHARTS = 512

_VEGA_LITE = "6.4"
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_LONG_FRACTION = re.compile(r"(\d+\.\d\d)\d+")
# A strict content security policy refuses styles; role and font belong to the image as a whole.
_UNWANTED = {"class", "role", "style", "font-family"}
_GEOMETRY = {"d", "transform", "x", "x2", "y", "y2", "width", "height"}

ET.register_namespace("", SVG_NAMESPACE)


def draw(spec: dict[str, Any], *, title: str, description: str) -> str:
    """The chart as an SVG element for inlining; the same content is drawn only once.

    `title` names the chart and `description` tells its figures to whoever
    can't see it.
    """
    written = json.dumps(spec, ensure_ascii=False, sort_keys=True)
    return _draw(written, clean(title), clean(description))


@lru_cache(maxsize=KEPT_CHARTS)
def _draw(spec: str, title: str, description: str) -> str:
    drawn = drawing_library().vegalite_to_svg(json.loads(spec), vl_version=_VEGA_LITE)
    mark = hashlib.sha256(f"{title}\n{description}\n{spec}".encode()).hexdigest()[:12]
    return _accessible(drawn, f"chart-{mark}", title, description)


# How many charts were drawn (misses) and how many were already there (hits).
draw_counts = _draw.cache_info
forget_charts = _draw.cache_clear


@cache
def drawing_library() -> ModuleType:
    """The library that draws, with the charts' font; for drawing to other formats than SVG."""
    import vl_convert  # noqa: PLC0415 (heavy: loaded with the first chart)

    for folder in font_folders():
        vl_convert.register_font_directory(folder)
    return vl_convert


def _accessible(drawn: str, mark: str, title: str, description: str) -> str:
    """One image with a name and a description; no styles, classes or roles inside."""
    root = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    for parent in list(root.iter()):
        for child in list(parent):
            if _draws_nothing(child):
                parent.remove(child)
    for element in root.iter():
        for name in list(element.attrib):
            if name in _UNWANTED or name.startswith("aria-"):
                del element.attrib[name]
            elif name in _GEOMETRY:
                element.attrib[name] = _LONG_FRACTION.sub(r"\1", element.attrib[name])
    root.attrib.pop("version", None)
    return named(root, mark, title, description)


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


def _draws_nothing(element: ET.Element) -> bool:
    """Whether Vega wrote a placeholder: a background or foreground without paint."""
    kind = element.get("class", "")
    painted = element.get("fill") or element.get("stroke")
    return kind in ("background", "foreground") and not painted
