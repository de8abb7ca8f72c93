"""What both shapes of the chart of years are drawn with: a year's marks and the legend."""

from collections.abc import Callable
from typing import Any

from reports.charts.drawing import Drawing
from reports.charts.marks import BLACK, BLUE, DEEP_BLUE, GREY, PALE_BLUE, PANEL, WHITE
from reports.charts.text import width
from reports.charts.years import Scale, YearPoint, YearsChart, legend_of

TICK: dict[str, Any] = {"stroke": BLACK, "stroke-width": 3}
TARGET: dict[str, Any] = {"stroke": DEEP_BLUE, "stroke-width": 1.5, "stroke-dasharray": "6 4"}
_DASHED: dict[str, Any] = {"stroke": GREY, "stroke-width": 1.5, "stroke-dasharray": "4 3"}
_MARK_WIDTH, _MARK_ROOM, _ENTRY_GAP = 18, 24, 18
_LINE = 22

Corners = tuple[float, float, float, float]


def bar(drawing: Drawing, corners: Corners, *, is_qualified: bool) -> None:
    """A value: filled when settled, pale with a dashed outline when 速報 or 参考."""
    if is_qualified:
        drawing.box(*corners, fill=PALE_BLUE, stroke=BLUE, stroke_dasharray="4 3")
    else:
        drawing.box(*corners, fill=BLUE)


def earlier_bar(drawing: Drawing, corners: Corners, *, is_qualified: bool = False) -> None:
    """A value of a plan before: grey with an outline, dashed when 速報 or 参考."""
    dashed: dict[str, Any] = {"stroke_dasharray": "4 3"} if is_qualified else {}
    drawing.box(*corners, fill=PANEL, stroke=GREY, **dashed)


def year(
    drawing: Drawing,
    chart: YearsChart,
    point: YearPoint,
    scale: Scale,
    corners: Callable[[float, float], Corners],
) -> None:
    """A year's bar and, for the last year, the estimate; `corners` between two places of the scale.

    An estimate is a dashed bar up to its value, hatched from its least to its greatest. Where
    these are one the whole bar is hatched: there is no band to see.
    """
    base = scale.pixel(0)
    if point.value is not None:
        draw = earlier_bar if point.is_earlier else bar
        draw(drawing, corners(base, scale.pixel(point.value)), is_qualified=bool(point.word))
    estimate = chart.estimate_at(point)
    if estimate is not None:
        at, least, greatest = map(scale.pixel, (estimate.value, estimate.lowest, estimate.highest))
        whole = corners(base, at)
        drawing.box(*whole, fill=WHITE, **_DASHED)
        band = whole if least == greatest else corners(least, greatest)
        drawing.hatched_box(*band, **_DASHED)
        drawing.line(*corners(at, at), stroke=BLACK, stroke_width=2)


def legend(drawing: Drawing, chart: YearsChart, y: float) -> float:
    """What the marks mean, from left to right in as many lines as it takes; the last one's y."""
    x = 0.0
    for kind, label in legend_of(chart):
        length = _MARK_ROOM + width(label) * drawing.font_size
        if x and x + length > drawing.width:
            x, y = 0.0, y + _LINE
        _legend_mark(drawing, kind, x, y)
        drawing.text(label, x + _MARK_ROOM, y)
        x += length + _ENTRY_GAP
    return y


def _legend_mark(drawing: Drawing, kind: str, x: float, y: float) -> None:
    corners = (x, y - 6, x + _MARK_WIDTH, y + 6)
    if kind in ("value", "qualified"):
        bar(drawing, corners, is_qualified=kind == "qualified")
    elif kind == "earlier":
        earlier_bar(drawing, corners)
    elif kind == "estimate":
        drawing.hatched_box(*corners, **_DASHED)
    else:
        drawing.line(x, y, x + _MARK_WIDTH, y, **(TICK if kind == "tick" else TARGET))
