"""The chart of years where there is room: time runs from left to right."""

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import zip_longest

from common.fiscal_year import wareki_short
from kpis.outlook import Outlook
from reports.charts import years_marks
from reports.charts.drawing import Drawing
from reports.charts.marks import BLACK, DEEP_BLUE, GREY, KEPT_CHARTS, LINE_HEIGHT, PANEL, WHITE
from reports.charts.text import wrap
from reports.charts.years import Scale, YearPoint, YearsChart

_WIDTH, _HEIGHT = 760, 316
_FONT_SIZE = 14
_YEARS_TO = 624
_TARGET_X = _YEARS_TO + 14
_LEGEND_Y = 12
_PLOT_TOP, _PLOT_BOTTOM = 74, 246
_YEAR_Y, _EXPECTED_Y = 272, 294
# Shares of a year's room: a bar and, wider, the tick of the expected value.
_BAR_SHARE, _TICK_SHARE = 0.5, 0.68
# How far a printed value reaches above and below its middle, with a little air.
_REACH = 11
_TARGET_LIMIT = 8
# What the label of one target takes of the height beside another.
_TARGET_ROOM = 40


@lru_cache(maxsize=KEPT_CHARTS)
def years_in_columns(chart: YearsChart) -> str:
    """The chart as SVG: a column a fiscal year in the order given, its value printed on it.

    A tick marks each year's expected value, a line the final target, and a
    hatched band the estimate for the last year. The plans before stand on the left of a line.
    """
    drawing = Drawing(_WIDTH, _HEIGHT, _FONT_SIZE)
    # A value below zero is printed under its bar, clear of the years.
    bottom = _PLOT_BOTTOM - (_REACH if chart.bounds[0] < 0 else 0)
    scale = Scale(*chart.bounds, bottom, _PLOT_TOP)
    base = scale.pixel(0)
    room = _YEARS_TO / max(len(chart.points), 1)
    middles = [room * (number + 0.5) for number in range(len(chart.points))]
    years = list(zip(chart.points, middles, strict=True))
    for point, middle in years:
        if point.fiscal_year == chart.highlighted:
            left, right = middle - room / 2 + 4, middle + room / 2 - 4
            drawing.box(left, _PLOT_TOP - 40, right, _HEIGHT - 6, fill=PANEL, rx=6)
    for point, middle in years:
        corners = partial(_upright, middle, room * _BAR_SHARE / 2)
        years_marks.year(drawing, chart, point, scale, corners)
    drawing.line(0, base, _YEARS_TO, base)
    begin = room * len(chart.earlier)
    if begin:
        drawing.line(begin, _PLOT_TOP - 40, begin, _HEIGHT - 6, stroke_dasharray="2 3")
        drawing.text(chart.earlier_label, begin / 2, _EXPECTED_Y, anchor="middle", fill=GREY)
    for point, middle in years:
        if point.expected is not None:
            tick = scale.pixel(point.expected)
            reach = room * _TICK_SHARE / 2
            drawing.line(middle - reach, tick, middle + reach, tick, **years_marks.TICK)
    # What stands in a column may be as wide as that.
    within = room - 8
    _targets(drawing, chart, scale, room)
    for point, middle in years:
        _texts(drawing, chart, point, scale, middle, within)
    years_marks.legend(drawing, chart, _LEGEND_Y)
    return drawing.svg(title=chart.title, description=chart.description)


def _upright(middle: float, half: float, start: float, end: float) -> years_marks.Corners:
    """A bar's corners between two heights."""
    return middle - half, start, middle + half, end


def _targets(drawing: Drawing, chart: YearsChart, scale: Scale, room: float) -> None:
    """The line of the final target, a step where it was revised; its value at the right end."""
    runs = chart.target_runs
    for run, after in zip_longest(runs, runs[1:]):
        y, end = scale.pixel(run.value or 0), room * (run.last + 1)
        goes_on = run.last + 1 == len(chart.points)
        drawing.line(
            room * run.first, y, _YEARS_TO + 6 if goes_on else end, y, **years_marks.TARGET
        )
        if after and after.first == run.last + 1:
            drawing.line(end, y, end, scale.pixel(after.value or 0), **years_marks.TARGET)
    if not runs:
        return
    at = scale.pixel(runs[-1].value or 0)
    if chart.final_target is not None:
        y = scale.pixel(chart.final_target)
        _target_value(drawing, y, ["最終目標"], chart.with_unit(chart.final_target))
        if abs(at - y) < _TARGET_ROOM:
            at = y + _TARGET_ROOM if at > y or y < _PLOT_TOP + _TARGET_ROOM else y - _TARGET_ROOM
    elif not chart.later_target:
        # A figure until then, words since.
        until = f"{wareki_short(chart.points[runs[-1].last].fiscal_year)}まで"
        _target_value(drawing, at, [until], chart.with_unit(runs[-1].value or 0))
    if chart.later_target:
        since = wareki_short(chart.points[runs[-1].first].fiscal_year)
        _target_value(drawing, at, [f"{since}から"], chart.with_unit(runs[-1].value or 0))


def _target_value(drawing: Drawing, y: float, label: list[str], shown: str) -> None:
    drawing.text(label, _TARGET_X, y - 8, fill=DEEP_BLUE)
    drawing.text(wrap(shown, _TARGET_LIMIT, 2), _TARGET_X, y + 11, fill=DEEP_BLUE, bold=True)


def _texts(
    drawing: Drawing,
    chart: YearsChart,
    point: YearPoint,
    scale: Scale,
    middle: float,
    within: float,
) -> None:
    """The value or why there is none; below, the year and what was due."""
    tick = None if point.expected is None else scale.pixel(point.expected)
    target = chart.target_at(point)
    known = (tick, None if target is None else scale.pixel(target))
    lines = [height for height in known if height is not None]
    base = scale.pixel(0)
    estimate = chart.estimate_at(point)
    if point.value is not None:
        _value(drawing, chart, point, middle, base, scale.pixel(point.value), lines, within)
    elif estimate is not None:
        y = _above(estimate, scale, lines)
        words = ["見込み", chart.shown(estimate.value)]
        drawing.text(words, middle, y, anchor="middle", bold=True, halo=True, within=within)
    else:
        y = _free_height(base, base, lines)
        drawing.text(point.word, middle, y, anchor="middle", fill=GREY, halo=True)
    is_bold = point.fiscal_year == chart.highlighted
    drawing.text(wareki_short(point.fiscal_year), middle, _YEAR_Y, anchor="middle", bold=is_bold)
    if not point.is_earlier:
        due = f"目安 {chart.shown(point.expected)}"
        drawing.text(due, middle, _EXPECTED_Y, anchor="middle", fill=GREY, within=within)


def _value(
    drawing: Drawing,
    chart: YearsChart,
    point: YearPoint,
    middle: float,
    base: float,
    end: float,
    lines: Sequence[float],
    within: float,
) -> None:
    y = _free_height(base, end, lines)
    is_inside = min(base, end) < y < max(base, end)
    shown = chart.shown(point.value)
    if point.word:
        shown += f"（{point.word}）"
    is_light = is_inside and not point.word and not point.is_earlier
    look = {"fill": WHITE} if is_light else {"fill": BLACK, "halo": True}
    drawing.text(shown, middle, y, anchor="middle", bold=True, within=within, **look)


def _free_height(base: float, end: float, lines: Sequence[float]) -> float:
    """Where a bar's value is printed so that no line strikes it through.

    Tried in turn: beyond the bar's end, inside at its end, inside at its
    base, and beyond the nearest line.
    """
    outward = 1 if end > base else -1
    choices = [end + outward * _REACH]
    if abs(end - base) >= 2 * _REACH:
        choices += [end - outward * (_REACH + 1), base + outward * (_REACH + 1)]
    choices += [height + outward * (_REACH + 2) for height in lines]
    for height in choices:
        if all(abs(height - other) >= _REACH for other in lines):
            return height
    return choices[0]


def _above(estimate: Outlook, scale: Scale, lines: Sequence[float]) -> float:
    """The first line's height of the estimate's two: above its band, or above all lines too."""
    reach = LINE_HEIGHT + _REACH
    top = scale.pixel(estimate.highest)
    is_struck = any(top - reach - _REACH < line < top for line in lines)
    return (min(top, *lines) if is_struck else top) - reach
