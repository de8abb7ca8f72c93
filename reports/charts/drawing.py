"""Writes a chart as SVG.

Every mark is placed in pixels, so nothing has to be worked out by a drawing
library: a chart costs about a millisecond and loads nothing heavy.
"""

import hashlib
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reports.charts.marks import BLACK, FONT_STACK, GREY, LINE, LINE_HEIGHT, WHITE
from reports.charts.text import clean, width

_SVG = "http://www.w3.org/2000/svg"
_ASCENT = 0.36
_HATCH_STEP = 6

ET.register_namespace("", _SVG)


class Drawing:
    """Marks in pixels from the left and the top; `svg` gives the whole as one named image."""

    def __init__(self, width: float, height: float, font_size: float) -> None:
        self.width = width
        self.font_size = font_size
        self._root = ET.Element(_tag("svg"), {"font-size": _short(font_size)})
        self._hatched: list[ET.Element] = []
        self.resize(height)

    def resize(self, height: float) -> None:
        """Give the drawing its height, once what is in it is known."""
        self._root.set("viewBox", f"0 0 {_short(self.width)} {_short(height)}")

    def box(self, x: float, y: float, x2: float, y2: float, **look: object) -> None:
        """A rectangle between two corners, in any order."""
        self._add(
            "rect",
            {
                "x": min(x, x2), "y": min(y, y2),
                "width": abs(x2 - x), "height": abs(y2 - y),
            } | look,
        )  # fmt: skip

    def hatched_box(self, x: float, y: float, x2: float, y2: float, **look: object) -> None:
        """A rectangle filled with slanting lines, which differ on a photocopy too."""
        self.box(x, y, x2, y2, fill="", **look)
        self._hatched.append(self._root[-1])

    def line(self, x: float, y: float, x2: float, y2: float, **look: object) -> None:
        """A straight line."""
        self._add("line", {"x1": x, "y1": y, "x2": x2, "y2": y2, "stroke": LINE} | look)

    def arrow(self, x: float, y: float, reach: float, **look: object) -> None:
        """A head that points to the right, from its base's middle on."""
        points = f"{_short(x)},{_short(y - reach)} {_short(x + reach)},{_short(y)}"
        self._add("polygon", {"points": f"{points} {_short(x)},{_short(y + reach)}"} | look)

    def text(self, words: str | Sequence[str], x: float, y: float, **look: object) -> None:
        """Words centred on a height; several are lines, the first of them there.

        `anchor` is start, middle or end. A `halo` keeps them legible across lines. Words wider
        than the pixels `within` are written smaller.
        """
        lines = [clean(one) for one in ([words] if isinstance(words, str) else words)]
        room = float(str(look.pop("within", self.width)))
        size = min(self.font_size, room / max(*map(width, lines), 1))
        shown: dict[str, object] = {"fill": BLACK, "text-anchor": look.pop("anchor", "start")}
        if size != self.font_size:
            shown["font-size"] = size
        if look.pop("halo", False):
            shown |= {"stroke": WHITE, "stroke-width": 4, "paint-order": "stroke"}
        if look.pop("bold", False):
            shown["font-weight"] = "bold"
        for number, one in enumerate(lines):
            height = y + size * _ASCENT + number * LINE_HEIGHT
            self._add("text", {"x": x, "y": height} | shown | look).text = one

    def svg(self, *, title: str, description: str) -> str:
        """The whole as an SVG element for inlining, named and described like every chart."""
        whole = f"{title}\n{description}\n{ET.tostring(self._root, encoding='unicode')}"
        mark = f"chart-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"
        if self._hatched:
            self._root.insert(0, _hatch(f"{mark}-hatch"))
            for element in self._hatched:
                element.set("fill", f"url(#{mark}-hatch)")
        self._root.set("font-family", FONT_STACK)
        self._root.set("role", "img")
        for place, (tag, naming, words) in enumerate(
            (("title", "aria-labelledby", title), ("desc", "aria-describedby", description))
        ):
            self._root.set(naming, f"{mark}-{tag}")
            label = ET.Element(_tag(tag), {"id": f"{mark}-{tag}"})
            label.text = clean(words)
            self._root.insert(place, label)
        return ET.tostring(self._root, encoding="unicode")

    def _add(self, tag: str, look: dict[str, object]) -> ET.Element:
        written = {
            name.replace("_", "-"): value if isinstance(value, str) else _short(value)
            for name, value in look.items()
        }
        return ET.SubElement(self._root, _tag(tag), written)


def _tag(name: str) -> str:
    return f"{{{_SVG}}}{name}"


def _short(value: object) -> str:
    return f"{float(str(value)):.2f}".rstrip("0").rstrip(".")


def _hatch(mark: str) -> ET.Element:
    """The pattern of `hatched_box`."""
    definitions = ET.Element(_tag("defs"))
    size = str(_HATCH_STEP)
    pattern = ET.SubElement(
        definitions,
        _tag("pattern"),
        {
            "id": mark, "width": size, "height": size, "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )  # fmt: skip
    ET.SubElement(pattern, _tag("rect"), {"width": size, "height": size, "fill": WHITE})
    ET.SubElement(pattern, _tag("rect"), {"width": "2", "height": size, "fill": GREY})
    return definitions
