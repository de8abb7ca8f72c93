"""What charts are made of: pieces of Vega-Lite specifications, sizes and colours."""

from typing import Any

from kpis.fonts import FAMILY

Spec = dict[str, Any]
Data = list[dict[str, Any]]

BLUE = "#3460FB"
PALE_BLUE = "#C5D7FB"
DEEP_BLUE = "#0017C1"
BLACK = "#1A1A1A"
GREY = "#595959"
LINE = "#949494"
WHITE = "#FFFFFF"
PANEL = "#F1F1F4"

CHART_WIDTH = 720
FONT_SIZE = 13
LINE_HEIGHT = 17
# The wheel's font first, which the PDF has; then what office PCs have.
FONT_STACK = f"{FAMILY}, BIZ UDPGothic, Yu Gothic UI, Meiryo, sans-serif"


def chart(height: float, layers: list[Spec], *, width: float = CHART_WIDTH) -> Spec:
    """A whole chart of fixed size, without axes or legends of its own."""
    return {
        "width": width,
        "height": height,
        "padding": 0,
        "autosize": {"type": "none"},
        "background": None,
        "config": {
            "aria": False,
            "font": FONT_STACK,
            "view": {"stroke": None},
            "axis": {"disable": True},
            "legend": {"disable": True},
        },
        "layer": layers,
    }


def layer(data: Data, mark: str, look: Spec, **encoding: Spec) -> Spec:
    """One kind of mark for some data. A `look` is Vega-Lite's mark properties."""
    return {"data": {"values": data}, "mark": {"type": mark, **look}, "encoding": encoding}


def at(field: str) -> Spec:
    """A place read from the data, in pixels from the chart's left or top."""
    return {"field": field, "type": "quantitative", "scale": None}


def texts(data: Data, x: str, y: str, text: str, **look: Any) -> Spec:
    """Texts of the data at its places (fields, in pixels), each centred on its height."""
    plain = {"align": "left", "baseline": "middle", "fontSize": FONT_SIZE, "color": BLACK}
    broken = {"lineBreak": "\n", "lineHeight": LINE_HEIGHT}
    return layer(data, "text", {**plain, **broken, **look}, x=at(x), y=at(y), text={"field": text})


def text(words: str, x: float, y: float, **look: Any) -> Spec:
    """One text at a place, in pixels."""
    return texts([{"x": x, "y": y, "words": words}], "x", "y", "words", **look)


def line(x: float, y: float, x2: float, y2: float, **look: Any) -> Spec:
    """One straight line, in pixels."""
    ends = {"x": x, "y": y, "x2": x2, "y2": y2}
    return layer(
        [ends], "rule", {"color": LINE, **look}, x=at("x"), y=at("y"), x2=at("x2"), y2=at("y2")
    )


def box(x: float, y: float, x2: float, y2: float, **look: Any) -> Spec:
    """One filled rectangle, in pixels."""
    corners = {"x": x, "y": y, "x2": x2, "y2": y2}
    return layer([corners], "rect", look, x=at("x"), y=at("y"), x2=at("x2"), y2=at("y2"))
