"""The chart of years on a narrow screen: a row a year, time runs downwards."""

from functools import lru_cache

from common.fiscal_year import wareki_short
from reports.charts import years_marks
from reports.charts.drawing import Drawing
from reports.charts.marks import DEEP_BLUE, GREY, KEPT_CHARTS, PANEL
from reports.charts.text import clean, width
from reports.charts.years import Scale, YearPoint, YearsChart

_WIDTH = 320
_FONT_SIZE = 14
_BARS_FROM, _BARS_TO = 2, 312
_VALUE_X = 64
_HEAD = 12
# In a row: the middle of its texts, and its bar below them.
_TEXT_Y, _BAR_TOP, _BAR_BOTTOM, _ROW = 12, 26, 44, 54
_TICK_REACH = 5
_TEXT_LINE = 20


@lru_cache(maxsize=KEPT_CHARTS)
def years_in_rows(chart: YearsChart) -> str:
    """The chart as SVG: what `years_in_columns` says, readable 320 pixels wide."""
    drawing = Drawing(_WIDTH, 0, _FONT_SIZE)
    y = years_marks.legend(drawing, chart, _HEAD) + _HEAD + 4
    scale = Scale(*chart.bounds, _BARS_FROM, _BARS_TO)
    if chart.final_target is not None:
        shown = clean(chart.target_label)
        half = width(shown) * _FONT_SIZE / 2
        x = min(max(scale.pixel(chart.final_target), half), _WIDTH - half)
        drawing.text(shown, x, y + _TEXT_Y, anchor="middle", fill=DEEP_BLUE, bold=True)
        y += _TEXT_LINE + 4
    extra = 0 if all(_fits(chart, point) for point in chart.points) else _TEXT_LINE
    for point in chart.points:
        if point.fiscal_year == chart.highlighted:
            drawing.box(0, y - 2, _WIDTH, y + _ROW + extra - 4, fill=PANEL, rx=4)
        _texts(drawing, chart, point, y, extra)
        _marks(drawing, chart, point, scale, y + extra)
        y += _ROW + extra
    drawing.resize(y + 2)
    return drawing.svg(title=chart.title, description=chart.description)


def _fits(chart: YearsChart, point: YearPoint) -> bool:
    """Whether value and expected value stand on one line without touching."""
    taken = width(_value(chart, point)) + width(_due(chart, point)) + 1
    return taken * _FONT_SIZE <= _WIDTH - _VALUE_X


def _value(chart: YearsChart, point: YearPoint) -> str:
    estimate = chart.estimate_at(point)
    if estimate is not None:
        return f"見込み {chart.with_unit(estimate.value)}"
    if point.value is None:
        return point.word
    return chart.with_unit(point.value) + (f"（{point.word}）" if point.word else "")


def _due(chart: YearsChart, point: YearPoint) -> str:
    return point.earlier_label if point.is_earlier else f"目安 {chart.shown(point.expected)}"


def _texts(drawing: Drawing, chart: YearsChart, point: YearPoint, y: float, extra: float) -> None:
    middle = y + _TEXT_Y
    is_highlighted = point.fiscal_year == chart.highlighted
    is_known = point.value is not None or chart.estimate_at(point) is not None
    drawing.text(wareki_short(point.fiscal_year), 4, middle, bold=is_highlighted)
    value_look = {"bold": True} if is_known else {"fill": GREY}
    drawing.text(_value(chart, point), _VALUE_X, middle, **value_look)
    x, anchor = (_VALUE_X, "start") if extra else (_WIDTH - 4, "end")
    drawing.text(_due(chart, point), x, middle + extra, anchor=anchor, fill=GREY)


def _marks(drawing: Drawing, chart: YearsChart, point: YearPoint, scale: Scale, y: float) -> None:
    top, bottom = y + _BAR_TOP, y + _BAR_BOTTOM
    base = scale.pixel(0)
    years_marks.year(drawing, chart, point, scale, lambda start, end: (start, top, end, bottom))
    drawing.line(base, top - 2, base, bottom + 2)
    target = chart.target_at(point)
    if target is not None:
        x = scale.pixel(target)
        drawing.line(x, top - _TICK_REACH, x, bottom + _TICK_REACH, **years_marks.TARGET)
    if point.expected is not None:
        x = scale.pixel(point.expected)
        drawing.line(x, top - _TICK_REACH, x, bottom + _TICK_REACH, **years_marks.TICK)
