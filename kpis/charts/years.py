"""A chart of years: one KPI's values, what was due each year, and the final target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpis.achievement import MINUS_ON_SCREEN, Number, display_value
from kpis.charts import marks
from kpis.charts.marks import Data, Spec
from kpis.charts.svg import draw
from kpis.charts.text import clean, width, wrap
from projects.fiscal_year import wareki, wareki_short

_HEIGHT = 300
_YEARS_TO = 590
_TARGET_X = _YEARS_TO + 14
_LEGEND_Y = 14
_PLOT_TOP, _PLOT_BOTTOM = 58, 232
_YEAR_Y, _EXPECTED_Y = 262, 284
# Shares of a year's room: a bar and, wider, the tick of the expected value.
_BAR_SHARE, _TICK_SHARE = 0.5, 0.68
# How far a printed value reaches above and below its middle, with a little air.
_REACH = 10
_TARGET_LIMIT = 8


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One fiscal year of the chart, in the KPI's unit.

    `value` is the year's actual, for a cumulative KPI the running total; None
    without one, and `word` then says why (`未入力`). With a value, `word`
    qualifies it (`速報`, `参考`) or is empty. `expected` is the value due by
    the end of the year, None where there is none.
    """

    fiscal_year: int
    value: Number | None
    expected: Number | None
    word: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to heights; zero always lies within."""

    lowest: float
    highest: float

    def pixel(self, value: Number) -> float:
        """Where a value stands, in pixels from the top."""
        share = (float(value) - self.lowest) / ((self.highest - self.lowest) or 1.0)
        return round(_PLOT_BOTTOM - share * (_PLOT_BOTTOM - _PLOT_TOP), 2)


def years_chart(
    points: Sequence[YearPoint],
    *,
    unit: str,
    decimals: int,
    final_target: Number | None,
    title: str,
    description: str = "",
    value_label: str = "実績",
    minus: str = MINUS_ON_SCREEN,
) -> str:
    """The chart as SVG: a bar a fiscal year in the order given, its value printed on it.

    A tick marks each year's expected value and a line the final target (in
    the KPI's unit, None where it is not set). `value_label` names the bars:
    `実績`, or `実績（累計）` for a cumulative KPI. Without a description the
    figures themselves are told (`years_description`).
    """
    figures = [figure for point in points for figure in (point.value, point.expected)]
    known = [float(figure) for figure in (0, final_target, *figures) if figure is not None]
    scale = _Scale(min(known), max(known))
    target_y = None if final_target is None else scale.pixel(final_target)
    room = _YEARS_TO / max(len(points), 1)
    data = [
        _placed(point, room * (number + 0.5), room, scale, target_y, decimals, minus)
        for number, point in enumerate(points)
    ]
    base = scale.pixel(0)
    layers = [*_bars(data), marks.line(0, base, _YEARS_TO, base), *_ticks(data)]
    if target_y is not None:
        shown = f"{display_value(final_target, decimals, minus=minus)}{unit}"
        layers += _target(target_y, clean(shown))
    layers += [*_texts(data), *_legend(clean(value_label), data)]
    told = description or years_description(
        points, unit=unit, decimals=decimals, final_target=final_target, minus=minus
    )
    return draw(marks.chart(_HEIGHT, layers), title=title, description=told)


def years_description(
    points: Iterable[YearPoint],
    *,
    unit: str,
    decimals: int,
    final_target: Number | None,
    minus: str = MINUS_ON_SCREEN,
) -> str:
    """What the chart shows, in words, as in `令和6年度 12件、目安 10件。最終目標 50件。`."""

    def shown(value: Number | None) -> str:
        return "なし" if value is None else f"{display_value(value, decimals, minus=minus)}{unit}"

    told = ""
    for point in points:
        value = f"{shown(point.value)}（{point.word}）" if point.word else shown(point.value)
        if point.value is None:
            value = point.word or "なし"
        told += f"{wareki(point.fiscal_year)} {value}、目安 {shown(point.expected)}。"
    return f"{told}最終目標 {shown(final_target)}。"


def _placed(
    point: YearPoint,
    middle: float,
    room: float,
    scale: _Scale,
    target_y: float | None,
    decimals: int,
    minus: str,
) -> Spec:
    """A year as data for the marks: texts, and places in pixels."""
    known = point.value is not None
    base = scale.pixel(0)
    end = base if point.value is None else scale.pixel(point.value)
    tick = None if point.expected is None else scale.pixel(point.expected)
    lines = [height for height in (tick, target_y) if height is not None]
    label_y = _free_height(base, end, lines)
    is_inside = known and min(base, end) < label_y < max(base, end)
    shown = display_value(point.value, decimals, minus=minus) if known else clean(point.word)
    due = display_value(point.expected, decimals, minus=minus)
    return {
        "year": wareki_short(point.fiscal_year),
        "due": f"目安 {due}",
        "shown": f"{shown}（{clean(point.word)}）" if known and point.word else shown,
        "is_known": known,
        "is_qualified": known and bool(point.word),
        "has_light_text": is_inside and not point.word,
        "base": base,
        "end": end,
        "tick": tick,
        "x": middle,
        "from": middle - room * _BAR_SHARE / 2,
        "to": middle + room * _BAR_SHARE / 2,
        "tick_from": middle - room * _TICK_SHARE / 2,
        "tick_to": middle + room * _TICK_SHARE / 2,
        "label_y": label_y,
        "year_y": _YEAR_Y,
        "due_y": _EXPECTED_Y,
    }


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


def _bars(data: Data) -> list[Spec]:
    """Settled values filled, provisional and reference values pale with an outline."""
    settled = [row for row in data if row["is_known"] and not row["is_qualified"]]
    qualified = [row for row in data if row["is_qualified"]]
    places = {
        "x": marks.at("from"), "x2": marks.at("to"), "y": marks.at("base"), "y2": marks.at("end"),
    }  # fmt: skip
    return [
        marks.layer(settled, "rect", {"color": marks.BLUE}, **places),
        marks.layer(
            qualified,
            "rect",
            {"fill": marks.PALE_BLUE, "stroke": marks.BLUE, "strokeDash": [4, 3]},
            **places,
        ),
    ]


def _ticks(data: Data) -> list[Spec]:
    return [
        marks.layer(
            [row for row in data if row["tick"] is not None],
            "rule",
            {"color": marks.BLACK, "strokeWidth": 3},
            x=marks.at("tick_from"),
            x2=marks.at("tick_to"),
            y=marks.at("tick"),
        )
    ]


def _target(height: float, shown: str) -> list[Spec]:
    """The line of the final target with its value at the right end."""
    value = wrap(shown, _TARGET_LIMIT, 2)
    return [
        marks.line(
            0, height, _YEARS_TO + 6, height,
            color=marks.DEEP_BLUE, strokeDash=[6, 4], strokeWidth=1.5,
        ),
        marks.text("最終目標", _TARGET_X, height - 8, color=marks.DEEP_BLUE),
        marks.text(
            "\n".join(value), _TARGET_X, height + 10, color=marks.DEEP_BLUE, fontWeight="bold"
        ),
    ]  # fmt: skip


def _texts(data: Data) -> list[Spec]:
    """Values or why there are none; below, the years and what was due."""
    light = [row for row in data if row["has_light_text"]]
    dark = [row for row in data if row["is_known"] and not row["has_light_text"]]
    unknown = [row for row in data if not row["is_known"]]
    middle = {"align": "center"}
    return [
        marks.texts(light, "x", "label_y", "shown", color=marks.WHITE, fontWeight="bold", **middle),
        marks.texts(dark, "x", "label_y", "shown", fontWeight="bold", **middle),
        marks.texts(unknown, "x", "label_y", "shown", color=marks.GREY, **middle),
        marks.texts(data, "x", "year_y", "year", **middle),
        marks.texts(data, "x", "due_y", "due", color=marks.GREY, **middle),
    ]


def _legend(value_label: str, data: Data) -> list[Spec]:
    """What bars, ticks and the line mean, from left to right above the chart."""
    entries = [("value", value_label), ("tick", "年度目安"), ("target", "最終目標")]
    if any(row["is_qualified"] for row in data):
        entries.insert(1, ("qualified", "速報・参考"))
    layers = []
    x = 0.0
    for kind, label in entries:
        layers += [_legend_mark(kind, x, _LEGEND_Y), marks.text(label, x + 26, _LEGEND_Y)]
        x += 26 + width(label) * marks.FONT_SIZE + 24
    return layers


def _legend_mark(kind: str, x: float, y: float) -> Spec:
    if kind == "value":
        return marks.box(x, y - 6, x + 18, y + 6, color=marks.BLUE)
    if kind == "qualified":
        look = {"fill": marks.PALE_BLUE, "stroke": marks.BLUE, "strokeDash": [4, 3]}
        return marks.box(x, y - 6, x + 18, y + 6, **look)
    if kind == "tick":
        return marks.line(x, y, x + 18, y, color=marks.BLACK, strokeWidth=3)
    return marks.line(x, y, x + 18, y, color=marks.DEEP_BLUE, strokeDash=[6, 4], strokeWidth=1.5)
