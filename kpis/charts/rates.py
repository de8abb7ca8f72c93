"""A chart of rates: one horizontal bar a KPI, held against 100%."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpis.achievement import DEFAULT_BOUNDS, MINUS_ON_SCREEN, Number, display
from kpis.charts import marks
from kpis.charts.marks import Data, Spec
from kpis.charts.svg import draw
from kpis.charts.text import clean, wrap

DEFAULT_MAXIMUM = 120
RULE_LABEL = "目安 100%"

# The columns: code, name, bars, rating; in pixels from the left.
_NAME_X = 48
_BARS_FROM, _BARS_TO = 352, 604
_WORD_X = 626
# The width of a name's line, in type sizes.
_NAME_LIMIT = 22
_HEAD, _NOTE = 28, 28
_GAP = 18
_BAR_THICKNESS = 20
# A bar shorter than this share of the scale carries its value beside it, not inside.
_ROOM_INSIDE = 0.3


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
) -> str:
    """The chart as SVG: each rate printed at its bar's end, a rule at 100%.

    A bar stops at `maximum` percent and is marked there; below zero there is
    none. The printed rate is always the whole one. Without a description the
    figures themselves are told (`rates_description`).
    """
    limits = tuple(bounds)
    names = [wrap(row.name, _NAME_LIMIT, 2) for row in rows]
    height = _GAP + marks.LINE_HEIGHT * max(map(len, names), default=1)
    bottom = _HEAD + height * len(rows)
    data = [
        _placed(row, name, _HEAD + height * (number + 0.5), limits, minus, maximum)
        for number, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    beyond = [row for row in data if row["is_beyond"]]
    layers = [*_guides(bottom, maximum, rule_label), _bars(data), *_texts(data)]
    if beyond:
        layers += _marked_beyond(beyond, bottom, display(maximum, 0, minus=minus))
    told = description or rates_description(rows, bounds=limits, minus=minus)
    whole = marks.chart(bottom + (_NOTE if beyond else 0), layers)
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


def _placed(
    row: RateRow,
    name: list[str],
    middle: float,
    bounds: tuple[Number, ...],
    minus: str,
    maximum: Number,
) -> Spec:
    """A row as data for the marks: texts, and places in pixels."""
    known = row.rate is not None
    end = _BARS_FROM if row.rate is None else _pixel(row.rate, maximum)
    inside = end - _BARS_FROM >= _ROOM_INSIDE * (_BARS_TO - _BARS_FROM)
    return {
        "code": clean(row.code),
        "name": "\n".join(name),
        "shown": display(row.rate, bounds=bounds, minus=minus) if known else clean(row.word),
        "word": clean(row.word) if known else "",
        "is_known": known,
        "is_inside": inside,
        "is_beyond": row.rate is not None and row.rate > maximum,
        "code_x": 0,
        "name_x": _NAME_X,
        "shown_x": end - 8 if inside else end + 8,
        "word_x": _WORD_X,
        "from": _BARS_FROM,
        "to": end,
        "top": middle - _BAR_THICKNESS / 2,
        "middle": middle,
        "bottom": middle + _BAR_THICKNESS / 2,
        "name_y": middle - (len(name) - 1) * marks.LINE_HEIGHT / 2,
    }


def _pixel(rate: Number, maximum: Number) -> float:
    """Where a rate stands, in pixels from the left, kept within 0 and the maximum."""
    share = min(max(float(rate), 0.0) / float(maximum), 1.0)
    return round(_BARS_FROM + share * (_BARS_TO - _BARS_FROM), 2)


def _guides(bottom: float, maximum: Number, rule_label: str) -> list[Spec]:
    """The line that bars start from and, under the bars, the rule at 100%."""
    goal = _pixel(100, maximum)
    return [
        marks.text(clean(rule_label), goal, _HEAD / 2 - 2, align="center", fontWeight="bold"),
        marks.line(goal, _HEAD - 4, goal, bottom, color=marks.BLACK, strokeWidth=1.5),
        marks.line(_BARS_FROM, _HEAD - 4, _BARS_FROM, bottom),
    ]


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
        marks.texts(data, "code_x", "middle", "code", fontWeight="bold"),
        marks.texts(data, "name_x", "name_y", "name"),
        marks.texts(
            inside, "shown_x", "middle", "shown",
            align="right", color=marks.WHITE, fontWeight="bold",
        ),
        marks.texts(beside, "shown_x", "middle", "shown", fontWeight="bold"),
        marks.texts(unknown, "shown_x", "middle", "shown", color=marks.GREY),
        marks.texts(data, "word_x", "middle", "word"),
    ]  # fmt: skip


def _marked_beyond(data: Data, bottom: float, maximum: str) -> list[Spec]:
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
        marks.text(note, marks.CHART_WIDTH, bottom + _NOTE / 2, align="right", color=marks.GREY),
    ]
