"""A small chart of a KPI's years, for a card that prints its figures beside it."""

from functools import lru_cache

from common.fiscal_year import wareki_initial
from reports.charts.drawing import Drawing
from reports.charts.marks import BLACK, BLUE, DEEP_BLUE, GREY, KEPT_CHARTS, PALE_BLUE
from reports.charts.text import width
from reports.charts.years import Scale, YearPoint, YearsChart

_WIDTH, _HEIGHT = 280, 106
_FONT_SIZE = 12.5
_PLOT_TOP, _PLOT_BOTTOM = 24, 80
_YEAR_Y = 95
_VALUE_REACH = 11
# Shares of a year's room, as in the large chart.
_BAR_SHARE, _TICK_SHARE = 0.5, 0.76


@lru_cache(maxsize=KEPT_CHARTS)
def trend_chart(chart: YearsChart) -> str:
    """The chart as SVG: a bar a year, the page's year darkest, ticks of what was due.

    Values are printed where all of them fit; the page's year has its value in
    the card, and the table has the rest. An estimate is not drawn.
    """
    drawing = Drawing(_WIDTH, _HEIGHT, _FONT_SIZE)
    # A value below zero is printed under its bar, clear of the years.
    bottom = _PLOT_BOTTOM - (2 * _VALUE_REACH if chart.bounds[0] < 0 else 0)
    scale = Scale(*chart.bounds, bottom, _PLOT_TOP)
    room = _WIDTH / max(len(chart.points), 1)
    has_values = all(
        width(chart.shown(point.value)) * _FONT_SIZE <= room - 4 for point in chart.points
    )
    base = scale.pixel(0)
    for number, point in enumerate(chart.points):
        middle = room * (number + 0.5)
        _year(drawing, chart, point, scale, middle, room, has_value=has_values)
    drawing.line(0, base, _WIDTH, base)
    for run in chart.target_runs:
        y = scale.pixel(run.value or 0)
        begin, end = room * run.first, room * (run.last + 1)
        drawing.line(begin, y, end, y, stroke=DEEP_BLUE, stroke_dasharray="5 4")
    return drawing.svg(title=chart.title, description=chart.description)


def _year(
    drawing: Drawing, chart: YearsChart, point: YearPoint, scale: Scale,
    middle: float, room: float, *, has_value: bool,
) -> None:  # fmt: skip
    is_highlighted = point.fiscal_year == chart.highlighted
    base = scale.pixel(0)
    end = base if point.value is None else scale.pixel(point.value)
    half = room * _BAR_SHARE / 2
    if point.value is not None:
        look = {"fill": BLUE} if is_highlighted else {"fill": PALE_BLUE, "stroke": BLUE}
        drawing.box(middle - half, base, middle + half, end, **look)
    tick = end
    if point.expected is not None:
        tick = scale.pixel(point.expected)
        reach = room * _TICK_SHARE / 2
        drawing.line(middle - reach, tick, middle + reach, tick, stroke=BLACK, stroke_width=2)
    if point.value is None:
        drawing.text("－", middle, base - _VALUE_REACH, anchor="middle", fill=GREY, halo=True)
    elif has_value:
        shown = chart.shown(point.value)
        y = _value_height(base, end, tick)
        drawing.text(shown, middle, y, anchor="middle", bold=is_highlighted, halo=True)
    label = wareki_initial(point.fiscal_year)
    colour = BLACK if is_highlighted else GREY
    drawing.text(label, middle, _YEAR_Y, anchor="middle", bold=is_highlighted, fill=colour)


def _value_height(base: float, end: float, tick: float) -> float:
    """Beyond the bar's end, and beyond the tick too where that is in the way."""
    outward = 1 if end > base else -1
    y = end + outward * _VALUE_REACH
    if abs(tick - y) < _VALUE_REACH:
        y = tick + outward * _VALUE_REACH
    return y
