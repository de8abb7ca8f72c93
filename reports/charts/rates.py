"""A chart of rates: one horizontal bar a KPI, held against 100%."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import ceil

from kpis.achievement import DEFAULT_BOUNDS, MINUS_ON_SCREEN, Number, display
from reports.charts.drawing import Drawing
from reports.charts.marks import (
    BLACK,
    BLUE,
    CHART_WIDTH,
    FONT_SIZE,
    GREY,
    KEPT_CHARTS,
    LINE_HEIGHT,
    WHITE,
)
from reports.charts.text import clean, width, wrap

MAXIMUM = 120
RULE_LABEL = "目安 100%"

_HEAD, _NOTE = 28, 28
_GAP = 18
# What a bar under its name stands away from it, middle to middle.
_UNDER_NAME = 26
_BAR_THICKNESS = 20
# A bar shorter than this share of the scale carries its value beside it, not inside.
_ROOM_INSIDE = 0.3
# How far the head of a bar that goes on reaches, in pixels.
_ARROW = 9
# Codes are bold, most of them capitals: so much wider than `width` says.
_BOLD = 1.2
# What stands between the longest code and the names.
_AFTER_CODE = 8


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a row's code, name, bar and rating stand, in pixels from the left.

    `name_limit` is the width of a name's line in type sizes. Without `is_stacked` the bar is
    beside the name, with it below.
    """

    width: int
    name_x: int
    name_limit: float
    bars_from: int
    bars_to: int
    word_x: int
    is_stacked: bool = False


_WIDE = _Shape(CHART_WIDTH, 48, 22, 352, 604, 626)
_NARROW = _Shape(320, 44, 21, 1, 224, 244, is_stacked=True)


@dataclass(frozen=True, slots=True)
class RateRow:
    """One KPI of the chart.

    `rate` is a percentage, None where not computable; `word` is the rating
    (`A 順調`; empty where nothing is rated) or, without a rate, the reason (`未入力`). `shown` is
    the rate as it is printed; without it that is by the chart's bounds.
    """

    code: str
    name: str
    rate: Number | None
    word: str
    shown: str = ""

    def text(self, bounds: Iterable[Number], minus: str) -> str:
        """The rate as it is written."""
        return self.shown or display(self.rate, bounds=bounds, minus=minus)


def rates_chart(
    rows: Sequence[RateRow],
    *,
    title: str,
    description: str = "",
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    minus: str = MINUS_ON_SCREEN,
    is_narrow: bool = False,
) -> str:
    """The chart as SVG: each rate printed at its bar's end, a rule at 100%.

    A bar stops at `MAXIMUM` percent and is marked there; below zero there is
    none. The printed rate is always the whole one. Without a description the
    figures themselves are described (`rates_description`). The narrow one is read
    320 pixels wide.
    """
    limits = tuple(bounds)
    in_words = description or rates_description(rows, bounds=limits, minus=minus)
    shape = _NARROW if is_narrow else _WIDE
    return _drawn(tuple(rows), shape, limits, minus, clean(title), clean(in_words))


@lru_cache(maxsize=KEPT_CHARTS)
def _drawn(
    rows: tuple[RateRow, ...], shape: _Shape, bounds: tuple[Number, ...], minus: str,
    title: str, description: str,
) -> str:  # fmt: skip
    shape = _with_room(shape, rows)
    names = [wrap(row.name, shape.name_limit, 2) for row in rows]
    words = [wrap(row.word, (shape.width - shape.word_x) / FONT_SIZE, 2) for row in rows]
    heights = _heights(names, words, shape)
    *tops, bottom = accumulate(heights, initial=_HEAD)
    bars = [
        _bar(row, name, top, height, shape)
        for row, name, top, height in zip(rows, names, tops, heights, strict=True)
    ]
    drawing = Drawing(shape.width, bottom, FONT_SIZE)
    _guides(drawing, bars, bottom, shape)
    for row, bar, word in zip(rows, bars, words, strict=True):
        _write(drawing, row, bar, shape, row.text(bounds, minus), word)
    if any(bar.is_beyond for bar in bars):
        note = display(MAXIMUM, 0, minus=minus)
        drawing.resize(bottom + _NOTE)
        drawing.text(
            f"▶は{note}を超える率（棒は{note}で止めています）",
            shape.width, bottom + _NOTE / 2, anchor="end", fill=GREY,
        )  # fmt: skip
    return drawing.svg(title=title, description=description)


# How many charts were drawn (misses) and how many were already there (hits).
draw_counts = _drawn.cache_info
forget_charts = _drawn.cache_clear


def rates_description(
    rows: Iterable[RateRow],
    *,
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    minus: str = MINUS_ON_SCREEN,
) -> str:
    """What the chart shows, in words, as in `P1-1 105.0%（A 順調）、P1-2 未入力。`."""
    limits = tuple(bounds)
    in_words = [_described(row, limits, minus) for row in rows]
    return f"{'、'.join(in_words)}。" if in_words else "指標がありません。"


def _described(row: RateRow, bounds: tuple[Number, ...], minus: str) -> str:
    if row.rate is None:
        return f"{row.code} {row.word}"
    word = f"（{row.word}）" if row.word else ""
    return f"{row.code} {row.text(bounds, minus)}{word}"


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row's places in pixels: its name's lines and their first middle, and its bar."""

    name: list[str]
    name_y: float
    code_y: float
    middle: float
    end: float
    is_inside: bool
    is_beyond: bool

    @property
    def top(self) -> float:
        return self.middle - _BAR_THICKNESS / 2

    @property
    def bottom(self) -> float:
        return self.middle + _BAR_THICKNESS / 2


def _with_room(shape: _Shape, rows: Sequence[RateRow]) -> _Shape:
    """The shape with names further to the right where codes are longer than `P1-12`."""
    longest = max((width(row.code) for row in rows), default=0) * _BOLD * FONT_SIZE + _AFTER_CODE
    more = ceil(longest - shape.name_x)
    if more <= 0:
        return shape
    limit = shape.name_limit - more / FONT_SIZE
    return replace(shape, name_x=shape.name_x + more, name_limit=limit)


def _heights(names: Sequence[list[str]], words: Sequence[list[str]], shape: _Shape) -> list[int]:
    """Each row's height in pixels: all alike, but for names that stand over their bars."""
    if shape.is_stacked:
        return [_GAP + LINE_HEIGHT * len(name) + _UNDER_NAME for name in names]
    return [_GAP + LINE_HEIGHT * max(map(len, (*names, *words)), default=1)] * len(names)


def _bar(row: RateRow, name: list[str], top: int, height: int, shape: _Shape) -> _Bar:
    lines = (len(name) - 1) * LINE_HEIGHT
    if shape.is_stacked:
        name_y = code_y = top + _GAP / 2
        middle = name_y + lines + _UNDER_NAME
    else:
        middle = code_y = top + height / 2
        name_y = middle - lines / 2
    end = shape.bars_from if row.rate is None else _pixel(row.rate, shape)
    return _Bar(
        name=name,
        name_y=name_y,
        code_y=code_y,
        middle=middle,
        end=end,
        is_inside=end - shape.bars_from >= _ROOM_INSIDE * (shape.bars_to - shape.bars_from),
        is_beyond=row.rate is not None and row.rate > MAXIMUM,
    )


def _pixel(rate: Number, shape: _Shape) -> float:
    """Where a rate stands, in pixels from the left, kept within 0 and the maximum."""
    share = min(max(float(rate), 0.0) / MAXIMUM, 1.0)
    return round(shape.bars_from + share * (shape.bars_to - shape.bars_from), 2)


def _guides(drawing: Drawing, bars: Sequence[_Bar], bottom: float, shape: _Shape) -> None:
    """The line that bars start from and, under the bars, the rule at 100%.

    Where names stand over the bars both are drawn at the bars only.
    """
    goal = _pixel(100, shape)
    drawing.text(RULE_LABEL, goal, _HEAD / 2 - 2, anchor="middle", bold=True)
    parts = [(_HEAD - 4.0, bottom)]
    if shape.is_stacked:
        parts = [(bar.top - 5, bar.bottom + 5) for bar in bars]
    for top, end in parts:
        drawing.line(goal, top, goal, end, stroke=BLACK, stroke_width=1.5)
        drawing.line(shape.bars_from, top, shape.bars_from, end)


def _write(
    drawing: Drawing, row: RateRow, bar: _Bar, shape: _Shape, rate: str, word: list[str]
) -> None:
    """A row: code, name, bar, rate (white inside the bar, else beside it) and rating."""
    drawing.text(row.code, 0, bar.code_y, bold=True)
    drawing.text(bar.name, shape.name_x, bar.name_y)
    if row.rate is None:
        drawing.text(row.word, shape.bars_from + 8, bar.middle, fill=GREY)
        return
    if bar.end > shape.bars_from:
        drawing.box(shape.bars_from, bar.top, bar.end, bar.bottom, fill=BLUE)
    if bar.is_beyond:
        drawing.arrow(bar.end + 1, bar.middle, _ARROW, fill=BLUE)
    if bar.is_inside:
        drawing.text(rate, bar.end - 8, bar.middle, anchor="end", bold=True, fill=WHITE)
    else:
        drawing.text(rate, bar.end + 8, bar.middle, bold=True)
    if row.word:
        first = bar.middle - (len(word) - 1) * LINE_HEIGHT / 2
        drawing.text(word, shape.word_x, first)
