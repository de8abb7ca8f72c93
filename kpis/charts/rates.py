"""A chart of rates: one horizontal bar a KPI, held against 100%."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kpis.achievement import DEFAULT_BOUNDS, MINUS_ON_SCREEN, Number, display
from kpis.charts import marks
from kpis.charts.marks import Data, Spec
from kpis.charts.svg import draw
from kpis.charts.text import clean, wrap

DEFAULT_MAXIMUM = 120
RULE_LABEL = "目安 100%"

_HEAD, _NOTE = 28, 28
_GAP = 18
# What a bar under its name stands away from it, middle to middle.
_UNDER_NAME = 26
_BAR_THICKNESS = 20
# A bar shorter than this share of the scale carries its value beside it, not inside.
_ROOM_INSIDE = 0.3


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


_WIDE = _Shape(marks.CHART_WIDTH, 48, 22, 352, 604, 626)
_NARROW = _Shape(320, 44, 21, 1, 224, 244, is_stacked=True)


@dataclass(frozen=True, slots=True)
class RateRow:
    """One KPI of the chart.

    `rate` is a percentage, None where not computable; `word` is the rating
    (`A 順調`) or, without a rate, the reason (`未入力`).
    """

    code: str
    name: str
    rate: Number | None
    word: str


def rates_chart(
    rows: Sequence[RateRow],
    *,
    title: str,
    description: str = "",
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    minus: str = MINUS_ON_SCREEN,
    maximum: Number = DEFAULT_MAXIMUM,
    rule_label: str = RULE_LABEL,
    is_narrow: bool = False,
) -> str:
    """The chart as SVG: each rate printed at its bar's end, a rule at 100%.

    A bar stops at `maximum` percent and is marked there; below zero there is
    none. The printed rate is always the whole one. Without a description the
    figures themselves are told (`rates_description`). The narrow one is read
    320 pixels wide.
    """
    limits = tuple(bounds)
    shape = _NARROW if is_narrow else _WIDE
    names = [wrap(row.name, shape.name_limit, 2) for row in rows]
    heights = _heights(names, shape)
    *tops, bottom = accumulate(heights, initial=_HEAD)
    data = [
        _placed(row, name, top, height, shape) | _rated(row, limits, minus, maximum, shape)
        for row, name, top, height in zip(rows, names, tops, heights, strict=True)
    ]
    beyond = [row for row in data if row["is_beyond"]]
    guides = _guides(data, bottom, maximum, rule_label, shape)
    layers = [*guides, _bars(data), *_texts(data)]
    if beyond:
        layers += _marked_beyond(beyond, bottom, display(maximum, 0, minus=minus), shape)
    told = description or rates_description(rows, bounds=limits, minus=minus)
    whole = marks.chart(bottom + (_NOTE if beyond else 0), layers, width=shape.width)
    return draw(whole, title=title, description=told)


def rates_description(
    rows: Iterable[RateRow],
    *,
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    minus: str = MINUS_ON_SCREEN,
) -> str:
    """What the chart shows, in words, as in `P1-1 105.0%（A 順調）、P1-2 未入力。`."""
    limits = tuple(bounds)
    told = [
        f"{row.code} {row.word}"
        if row.rate is None
        else f"{row.code} {display(row.rate, bounds=limits, minus=minus)}（{row.word}）"
        for row in rows
    ]
    return f"{'、'.join(told)}。" if told else "指標がありません。"


def _heights(names: Sequence[list[str]], shape: _Shape) -> list[int]:
    """Each row's height in pixels: all alike, but for names that stand over their bars."""
    if shape.is_stacked:
        return [_GAP + marks.LINE_HEIGHT * len(name) + _UNDER_NAME for name in names]
    return [_GAP + marks.LINE_HEIGHT * max(map(len, names), default=1)] * len(names)


def _placed(row: RateRow, name: list[str], top: int, height: int, shape: _Shape) -> Spec:
    """A row's texts and heights as data for the marks, in pixels."""
    lines = (len(name) - 1) * marks.LINE_HEIGHT
    if shape.is_stacked:
        name_y = code_y = top + _GAP / 2
        middle = name_y + lines + _UNDER_NAME
    else:
        middle = code_y = top + height / 2
        name_y = middle - lines / 2
    return {
        "code": clean(row.code),
        "name": "\n".join(name),
        "code_x": 0,
        "code_y": code_y,
        "name_x": shape.name_x,
        "name_y": name_y,
        "word_x": shape.word_x,
        "top": middle - _BAR_THICKNESS / 2,
        "middle": middle,
        "bottom": middle + _BAR_THICKNESS / 2,
    }


def _rated(
    row: RateRow, bounds: tuple[Number, ...], minus: str, maximum: Number, shape: _Shape
) -> Spec:
    """A row's bar, and what is printed at its end and behind it."""
    known = row.rate is not None
    end = shape.bars_from if row.rate is None else _pixel(row.rate, maximum, shape)
    inside = end - shape.bars_from >= _ROOM_INSIDE * (shape.bars_to - shape.bars_from)
    return {
        "shown": display(row.rate, bounds=bounds, minus=minus) if known else clean(row.word),
        "shown_x": end - 8 if inside else end + 8,
        "word": clean(row.word) if known else "",
        "is_known": known,
        "is_inside": inside,
        "is_beyond": row.rate is not None and row.rate > maximum,
        "from": shape.bars_from,
        "to": end,
    }


def _pixel(rate: Number, maximum: Number, shape: _Shape) -> float:
    """Where a rate stands, in pixels from the left, kept within 0 and the maximum."""
    share = min(max(float(rate), 0.0) / float(maximum), 1.0)
    return round(shape.bars_from + share * (shape.bars_to - shape.bars_from), 2)


def _guides(
    data: Data, bottom: float, maximum: Number, rule_label: str, shape: _Shape
) -> list[Spec]:
    """The line that bars start from and, under the bars, the rule at 100%.

    Where names stand over the bars both are drawn at the bars only.
    """
    goal = _pixel(100, maximum, shape)
    whole = [(_HEAD - 4.0, bottom)]
    parts = [(row["top"] - 5, row["bottom"] + 5) for row in data] if shape.is_stacked else whole
    label = marks.text(clean(rule_label), goal, _HEAD / 2 - 2, align="center", fontWeight="bold")
    drawn = [label]
    for top, end in parts:
        drawn += [
            marks.line(goal, top, goal, end, color=marks.BLACK, strokeWidth=1.5),
            marks.line(shape.bars_from, top, shape.bars_from, end),
        ]
    return drawn


def _bars(data: Data) -> Spec:
    return marks.layer(
        [row for row in data if row["to"] > row["from"]],
        "rect",
        {"color": marks.BLUE},
        x=marks.at("from"),
        x2=marks.at("to"),
        y=marks.at("top"),
        y2=marks.at("bottom"),
    )


def _texts(data: Data) -> list[Spec]:
    """Codes, names, rates (white inside a bar, else beside it) and ratings."""
    inside = [row for row in data if row["is_inside"]]
    beside = [row for row in data if row["is_known"] and not row["is_inside"]]
    unknown = [row for row in data if not row["is_known"]]
    return [
        marks.texts(data, "code_x", "code_y", "code", fontWeight="bold"),
        marks.texts(data, "name_x", "name_y", "name"),
        marks.texts(
            inside, "shown_x", "middle", "shown",
            align="right", color=marks.WHITE, fontWeight="bold",
        ),
        marks.texts(beside, "shown_x", "middle", "shown", fontWeight="bold"),
        marks.texts(unknown, "shown_x", "middle", "shown", color=marks.GREY),
        marks.texts(data, "word_x", "middle", "word"),
    ]  # fmt: skip


def _marked_beyond(data: Data, bottom: float, maximum: str, shape: _Shape) -> list[Spec]:
    """An arrow head at the bars that go on beyond the scale, and what it means."""
    heads = [{**row, "head_x": row["to"] + 5} for row in data]
    note = f"▶は{maximum}を超える率（棒は{maximum}で止めています）"
    return [
        marks.layer(
            heads,
            "point",
            {"shape": "triangle-right", "size": 190, "filled": True, "opacity": 1}
            | {"color": marks.BLUE},
            x=marks.at("head_x"),
            y=marks.at("middle"),
        ),
        marks.text(note, shape.width, bottom + _NOTE / 2, align="right", color=marks.GREY),
    ]
